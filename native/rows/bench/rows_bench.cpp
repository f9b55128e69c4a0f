/* llamaspec_rows_bench: what a further column costs, beside what the machine can do at most. See --help. */
#include "kernel_set.h"
#include "roofs.h"
#include "team.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

using namespace llamaspec::rows;

namespace {

constexpr int repetitions   = 9;
constexpr int table_columns = 16;

const char * const layout_names[]      = {"q8_0", "q4_0", "q4_0x8", "bf16", "f16"};
const char * const instruction_names[] = {"reference", "neon", "avx2", "avx_vnni", "avx512"};

struct settings {
    int         thread_count = (int) std::thread::hardware_concurrency();
    int64_t     megabytes    = 300; /* beyond the caches of most machines */
    int64_t     length       = 1536;
    std::string layout       = "all";
    std::string instructions = "best";
};

void print_help() {
    printf("llamaspec_rows_bench: products of weights and 1..%d columns, as markdown tables\n\n"
           "  --threads N        all that the machine has; with two threads a core, try half\n"
           "  --megabytes N      of weights, 300; more than the last cache, or they are not read from memory\n"
           "  --length N         of a row, 1536\n"
           "  --layout L         q8_0, q4_0, q4_0x8, bf16, f16 or all (default)\n"
           "  --instructions I   reference, neon, avx2, avx_vnni, avx512, all, or best (default)\n\n"
           "GB/s are of weights, the activations come from the caches; GFLOP/s count a product and its addition as two.\n",
        table_columns);
}

/* Returns false when the arguments make no sense. */
bool parse(int argc, char ** argv, settings & chosen) {
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string name  = argv[i];
        const char *      value = argv[i + 1];
        if (name == "--threads") {
            chosen.thread_count = atoi(value);
        } else if (name == "--megabytes") {
            chosen.megabytes = atoi(value);
        } else if (name == "--length") {
            chosen.length = atoi(value);
        } else if (name == "--layout") {
            chosen.layout = value;
        } else if (name == "--instructions") {
            chosen.instructions = value;
        } else {
            return false;
        }
    }
    const auto is_known = [](const std::string & name, const char * const * names) {
        return std::any_of(names, names + 5, [&](const char * each) { return name == each; });
    };
    return argc % 2 == 1 && chosen.thread_count > 0 && chosen.megabytes > 0 && chosen.length > 0 && chosen.length % block_length == 0
        && (chosen.layout == "all" || is_known(chosen.layout, layout_names))
        && (chosen.instructions == "all" || chosen.instructions == "best" || is_known(chosen.instructions, instruction_names));
}

std::vector<instructions> chosen_sets(const settings & chosen) {
    std::vector<instructions> sets;
    for (int i = 0; i < 5; i++) {
        const auto         set     = (instructions) i;
        const kernel_set * kernels = kernels_of(set);
        const bool         wanted  = chosen.instructions == "all" || chosen.instructions == instruction_names[i]
                          || (chosen.instructions == "best" && kernels == best_kernels());
        if (kernels && wanted) {
            sets.push_back(set);
        }
    }
    return sets;
}

struct weights {
    size_t                     size;
    std::unique_ptr<uint8_t[]> bytes;

    /* Each thread fills the part that it will read: memory is near the processor that touched it first. */
    weights(size_t count, team & threads) : size(count), bytes(new uint8_t[count]) {
        threads.run([&](int thread) {
            const size_t pairs = size / 2, parts = (size_t) threads.thread_count();
            uint64_t     state = (uint64_t) thread + 1;
            for (size_t i = pairs * (size_t) thread / parts; i < pairs * ((size_t) thread + 1) / parts; i++) {
                state = state * 6364136223846793005ull + 1442695040888963407ull;
                /* Normal, positive and below 1 as float16 and as bfloat16. */
                const uint16_t value = (uint16_t) ((state >> 48 & 0x2fff) | 0x2000);
                std::memcpy(&bytes[2 * i], &value, sizeof value);
            }
        });
    }
};

size_t bytes_of_row(weight_layout layout, int64_t length) {
    const size_t of_block = layout == weight_layout::q8_0 ? 34 : layout < weight_layout::bf16 ? 18 : 64;
    return (size_t) (length / block_length) * of_block;
}

double seconds_of(team & threads, const kernel_set & kernels, weight_layout layout, const weights & memory, int64_t row_count,
                  int64_t length, int column_count) {
    std::vector<float> input((size_t) (length * column_count)), output((size_t) (row_count * column_count));
    for (size_t i = 0; i < input.size(); i++) {
        input[i] = (float) (i * 2654435761u % 2001) / 1000 - 1;
    }
    workspace shared;
    shared.reserve(length, column_count);
    const row_product product = {&kernels, layout, memory.bytes.get(), bytes_of_row(layout, length), row_count, length, column_count,
        input.data(), (size_t) length, output.data(), (size_t) row_count, &shared, true};
    return threads.seconds(repetitions, [&](int thread) { product.run(thread, threads.thread_count()); });
}

void print_table(team & threads, const kernel_set & kernels, weight_layout layout, const weights & memory, int64_t length) {
    const size_t  row_bytes = bytes_of_row(layout, length);
    const int64_t row_count = (int64_t) (memory.size / row_bytes) / 16 * 16;
    if (!can_multiply(kernels, layout, row_count, length, table_columns)) {
        printf("\n%s, %s: left to llama.cpp\n", layout_names[(int) layout], name_of(kernels));
        return;
    }
    const double bytes = (double) row_bytes * (double) row_count;
    printf("\n%s, %s: %lld x %lld, %.0f MB\n\n| columns | ms | GB/s | GFLOP/s | x one column |\n|---:|---:|---:|---:|---:|\n",
        layout_names[(int) layout], name_of(kernels), (long long) row_count, (long long) length, bytes / 1e6);
    double one = 0;
    for (int columns = 1; columns <= table_columns; columns++) {
        const double seconds = seconds_of(threads, kernels, layout, memory, row_count, length, columns);
        one                  = columns == 1 ? seconds : one;
        printf("| %d | %.2f | %.1f | %.0f | %.2f |\n", columns, seconds * 1e3, bytes / seconds / 1e9,
            2.0 * (double) row_count * (double) length * columns / seconds / 1e9, seconds / one);
        fflush(stdout);
    }
}

void print_roofs(team & threads, const std::vector<instructions> & sets, const weights & memory) {
    printf("| roof, %d threads | |\n|---|---:|\n| plain read, GB/s | %.1f |\n", threads.thread_count(),
        read_gigabytes(threads, memory.bytes.get(), memory.size));
    for (const instructions set : sets) {
        for (const arithmetic_roof & roof : arithmetic_roofs(threads, set)) {
            printf("| %s: %s, GOP/s | %.0f |\n", instruction_names[(int) set], roof.name, roof.giga_operations);
        }
    }
    fflush(stdout);
}

} // namespace

int main(int argc, char ** argv) {
    settings chosen;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        print_help();
        return 0;
    }
    if (!parse(argc, argv, chosen)) {
        fprintf(stderr, "llamaspec_rows_bench: bad arguments; see --help\n");
        return 2;
    }
    const auto sets = chosen_sets(chosen);
    if (sets.empty()) {
        fprintf(stderr, "llamaspec_rows_bench: this processor lacks those instructions\n");
        return 1;
    }
    team          threads(chosen.thread_count);
    const weights memory((size_t) chosen.megabytes * 1000000, threads);
    print_roofs(threads, sets, memory);
    for (const instructions set : sets) {
        for (int layout = 0; layout < weight_layout_count; layout++) {
            if (chosen.layout == "all" || chosen.layout == layout_names[layout]) {
                print_table(threads, *kernels_of(set), (weight_layout) layout, memory, chosen.length);
            }
        }
    }
    return 0;
}
