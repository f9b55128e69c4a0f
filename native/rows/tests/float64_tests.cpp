/* Every kernel against a float64 product of the dequantised weights with the activations as they were given. The error
 * allowed is that of quantising them, by the sum over k of |w| times half the step of the block, and of float32 (see
 * tolerance.h). */
#include "check.h"
#include "tolerance.h"

namespace {

/* A few activations are far larger than the rest, as in models. */
void add_outliers(activations & input, generator & random) {
    for (int c = 0; c < input.count; c++) {
        for (int64_t k = 0; k < input.length; k++) {
            input.column(c)[k] *= random.percent(2) ? 50.0f : 1.0f;
        }
    }
}

} // namespace

void close_to_float64(instructions set) {
    uint64_t seed = 1;
    for (const target & kernels : targets_of(set)) {
        for (const int64_t length : {32, 96, 512, 544, 1536, 4096}) {
            for (const float deviation : {0.02f, 1.0f}) {
                generator   random(seed++);
                matrix      weights(kernels.layout, 3 * kernels.tile_rows() + (kernels.layout == weight_layout::q4_0x8 ? 8 : 5), length);
                activations input(19, length);
                weights.fill(random, deviation);
                input.fill(random);
                add_outliers(input, random);
                const expectation wanted = expect_float64(kernels, weights, input, input_kind::random);
                how               options;
                options.thread_count = 2;
                for (const int columns : {1, 5, 19}) {
                    options.column_count = columns;
                    check_close(kernels, weights, options, multiply(kernels, weights, input, options), wanted);
                }
            }
        }
    }
}
