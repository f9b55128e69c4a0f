#include "products.h"

#include "check.h"

#include <thread>

namespace {

/* A NaN that no kernel makes. */
constexpr uint32_t untouched = 0x7fedcba9;
constexpr size_t   edge      = 64;

uint32_t bits_of(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

struct guarded_output {
    size_t             row_count, stride, column_count;
    std::vector<float> memory;

    guarded_output(size_t rows, size_t columns, size_t padding)
        : row_count(rows), stride(rows + padding), column_count(columns), memory(2 * edge + stride * columns) {
        for (float & each : memory) {
            std::memcpy(&each, &untouched, sizeof each);
        }
    }

    float * data() { return &memory[edge]; }

    bool is_intact() const {
        for (size_t i = 0; i < memory.size(); i++) {
            const bool is_outside = i < edge || i >= edge + stride * column_count || (i - edge) % stride >= row_count;
            if (is_outside && bits_of(memory[i]) != untouched) {
                return false;
            }
        }
        return true;
    }
};

void run_on_threads(const row_product & product, int thread_count) {
    std::vector<std::thread> others;
    for (int thread = 1; thread < thread_count; thread++) {
        others.emplace_back([&product, thread, thread_count] { product.run(thread, thread_count); });
    }
    product.run(0, thread_count);
    for (std::thread & other : others) {
        other.join();
    }
}

const char * const layout_names[] = {"Q8_0", "Q4_0", "Q4_0 by eight", "BF16", "F16"};

} // namespace

std::vector<target> targets_of(instructions set) {
    std::vector<target> targets;
    const auto          add = [&](const kernel_set & kernels, const kernel_set * known) {
        for (int layout = 0; layout < weight_layout_count; layout++) {
            const bool is_known = known && known->layouts[layout].tiles == kernels.layouts[layout].tiles;
            if (kernels.layouts[layout].tile_rows && !is_known) {
                targets.push_back({&kernels, (weight_layout) layout});
            }
        }
    };
    if (const kernel_set * kernels = kernels_of(set)) {
        add(*kernels, nullptr);
#if defined(__x86_64__) || (defined(_M_X64) && !defined(_M_ARM64EC))
        if (set == instructions::avx512 && kernels != &avx512_kernels) {
            add(avx512_kernels, kernels);
        }
#endif
    }
    return targets;
}

target reference_of(weight_layout layout) { return {kernels_of(instructions::reference), layout}; }

activations::activations(int column_count, int64_t of_length, size_t padding)
    : count(column_count), length(of_length), stride((size_t) of_length + padding),
      memory(new float[stride * (size_t) column_count - padding]()) {}

void activations::fill(generator & random, float deviation) {
    for (int c = 0; c < count; c++) {
        for (int64_t k = 0; k < length; k++) {
            column(c)[k] = deviation * random.bell();
        }
    }
}

result multiply(const target & kernels, const matrix & weights, const activations & input, const how & options) {
    const int      columns = options.column_count ? options.column_count : input.count - options.first_column;
    guarded_output output((size_t) weights.row_count(), (size_t) columns, options.output_padding);
    workspace      own;
    workspace &    shared = options.shared ? *options.shared : own;
    if (options.converts_input) {
        shared.reserve(weights.length(), columns);
    }
    const row_product product = {
        kernels.kernels, kernels.layout, weights.bytes(), weights.row_bytes(), weights.row_count(), weights.length(), columns,
        input.column(options.first_column), input.stride, output.data(), output.stride, &shared, options.converts_input};
    const bool can = can_multiply(*kernels.kernels, kernels.layout, product.row_count, product.length, columns);
    CHECK(can, "%s", describe(kernels, weights, columns).c_str());
    if (can) {
        run_on_threads(product, options.thread_count);
    }
    CHECK(output.is_intact(), "%s, %d threads: written beyond the output", describe(kernels, weights, columns).c_str(),
        options.thread_count);

    result seen = {weights.row_count(), {}};
    for (int c = 0; c < columns; c++) {
        const float * from = output.data() + (size_t) c * output.stride;
        seen.elements.insert(seen.elements.end(), from, from + output.row_count);
    }
    return seen;
}

std::string describe(const target & kernels, const matrix & weights, int column_count) {
    return std::string(layout_names[(int) kernels.layout]) + " of " + name_of(*kernels.kernels) + ", " + std::to_string(weights.row_count())
         + " x " + std::to_string(weights.length()) + ", " + std::to_string(column_count) + " columns";
}
