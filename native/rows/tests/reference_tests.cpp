/* Every kernel against the reference on the same input: shapes, columns, threads and strides. */
#include "check.h"
#include "tolerance.h"

namespace {

constexpr int64_t lengths[]       = {32, 64, 96, 512, 544, 576, 1536, 4096};
constexpr int     thread_counts[] = {1, 2, 3, 7};

/* The fewest, whole tiles, one row more, one less and some between. */
std::vector<int64_t> row_counts(const target & kernels) {
    const int64_t tile = kernels.tile_rows();
    if (kernels.layout == weight_layout::q4_0x8) {
        return {tile, tile + 8, 3 * tile, 3 * tile + 8};
    }
    return {tile, tile + 1, 2 * tile, 2 * tile + tile / 2, 3 * tile - 1, 4 * tile + 3};
}

struct shape {
    matrix      weights;
    activations input;
    expectation wanted; /* of all columns */

    shape(const target & kernels, int64_t row_count, int64_t length, int columns, size_t weight_padding, size_t input_padding,
          uint64_t seed)
        : weights(kernels.layout, row_count, length, weight_padding), input(columns, length, input_padding) {
        generator random(seed);
        weights.fill(random);
        input.fill(random);
        wanted = expect_reference(kernels, weights, input);
    }

    void check(const target & kernels, const how & options) const {
        check_close(kernels, weights, options, multiply(kernels, weights, input, options), wanted);
    }
};

how on_threads(int thread_count, int column_count, size_t output_padding) {
    how options;
    options.thread_count   = thread_count;
    options.column_count   = column_count;
    options.output_padding = output_padding;
    return options;
}

void check_shapes(const target & kernels) {
    uint64_t seed = 1;
    for (const int64_t length : lengths) {
        for (const int64_t row_count : row_counts(kernels)) {
            const shape each(kernels, row_count, length, most_columns, 0, 0, seed++);
            for (int columns = 1; columns <= most_columns; columns++) {
                each.check(kernels, on_threads(1, columns, 0));
            }
        }
    }
}

/* Threads that wait spin: on a machine with few processors each costs a slice of the scheduler's time, so not every
 * combination is tried here; fuzz tries others. */
void check_threads_and_strides(const target & kernels) {
    constexpr size_t paddings[] = {0, 2, 34};
    uint64_t         seed       = 100;
    int              turn       = 0;
    for (const int64_t row_count : row_counts(kernels)) {
        const size_t padding = paddings[seed % 3];
        const shape  each(kernels, row_count, 608, most_columns, padding, padding + 1, seed++);
        for (const int columns : {1, 4, 7, 8, 13, 16, 17, 32}) {
            each.check(kernels, on_threads(thread_counts[turn++ % 4], columns, padding));
        }
        turn++; /* eight columns, four counts: not the same pairs again */
    }
    /* More threads than tiles, blocks and processors. */
    const shape each(kernels, row_counts(kernels).back(), 96, most_columns, 18, 5, seed);
    each.check(kernels, on_threads(64, 11, 3));
}

void check_prompts(const target & kernels) {
    const shape each(kernels, row_counts(kernels).back(), 576, prompt_columns, 0, 3, 200);
    for (const int columns : {63, 64, 65, 129, prompt_columns}) {
        each.check(kernels, on_threads(2, columns, 1));
    }
}

} // namespace

void matches_reference(instructions set) {
    for (const target & kernels : targets_of(set)) {
        check_shapes(kernels);
        check_threads_and_strides(kernels);
        check_prompts(kernels);
    }
}
