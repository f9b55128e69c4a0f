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

/* Row r has the weight 1 at k = r and no other, so that its element is activation r, as converted. */
matrix identity(weight_layout layout, int64_t length) {
    matrix weights(layout, length, length);
    for (int64_t row = 0; row < length; row++) {
        int values[block_length]   = {};
        values[row % block_length] = 1;
        if (has_blocks(layout)) {
            weights.set_block(row, row / block_length, to_half(1), values);
        } else {
            weights.set_weight(row, row, layout == weight_layout::f16 ? to_half(1) : to_bfloat16(1));
        }
    }
    return weights;
}

/* Every other activation lies between two BF16 numbers, or a digit beside the middle. */
void add_ties(activations & input, generator & random) {
    for (int c = 0; c < input.count; c++) {
        for (int64_t k = 0; k < input.length; k += 2) {
            uint32_t bits;
            std::memcpy(&bits, &input.column(c)[k], sizeof bits);
            bits = (bits & 0xffff0000u) + 0x7fffu + (uint32_t) random.below(3);
            std::memcpy(&input.column(c)[k], &bits, sizeof bits);
        }
    }
}

void check_each_activation(const target & kernels, generator & random) {
    const int64_t length  = 576;
    const matrix  weights = identity(kernels.layout, length);
    activations   input(9, length);
    input.fill(random);
    add_ties(input, random);
    const result seen = multiply(kernels, weights, input);
    check_close(kernels, weights, {}, seen, expect_float64(kernels, weights, input, input_kind::any));
    for (int c = 0; c < input.count && !has_blocks(kernels.layout); c++) {
        for (int64_t k = 0; k < length; k++) {
            const float x      = input.column(c)[k];
            const float wanted = kernels.form() == activation_form::bfloat16 ? from_bfloat16(to_bfloat16(x)) : x;
            CHECK(seen.column(c)[k] == wanted, "%s: column %d, activation %d: %.9g, wanted %.9g",
                describe(kernels, weights, input.count).c_str(), c, (int) k, (double) seen.column(c)[k], (double) wanted);
        }
    }
}

} // namespace

void close_to_float64(instructions set) {
    uint64_t seed = 1;
    for (const target & kernels : targets_of(set)) {
        generator of_each(seed++);
        check_each_activation(kernels, of_each);
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
