/* Zeros, the smallest and the largest numbers, NaN and infinity. */
#include "check.h"
#include "tolerance.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace {

int64_t some_rows(const target & kernels) { return 2 * kernels.tile_rows() + (kernels.layout == weight_layout::q4_0x8 ? 8 : 3); }

matrix random_matrix(const target & kernels, int64_t length, generator & random, float deviation = 1) {
    matrix weights(kernels.layout, some_rows(kernels), length);
    weights.fill(random, deviation);
    return weights;
}

activations random_activations(int count, int64_t length, generator & random, float deviation = 1) {
    activations input(count, length);
    input.fill(random, deviation);
    return input;
}

void check_zero(const target & kernels, const matrix & weights, const activations & input) {
    const result seen = multiply(kernels, weights, input);
    CHECK(std::all_of(seen.elements.begin(), seen.elements.end(), [](float each) { return each == 0; }), "%s: not zero",
        describe(kernels, weights, input.count).c_str());
}

void zeros(const target & kernels, generator & random) {
    const activations nothing(5, 544);
    const matrix      zero(kernels.layout, some_rows(kernels), 544);
    check_zero(kernels, random_matrix(kernels, 544, random), nothing);
    check_zero(kernels, zero, random_activations(5, 544, random));
    check_zero(kernels, zero, nothing);
}

void check_all(const target & kernels, const matrix & weights, const activations & input) {
    const expectation wanted = expect_float64(kernels, weights, input, input_kind::any);
    for (const int columns : {1, 3, input.count}) {
        how options;
        options.column_count = columns;
        check_close(kernels, weights, options, multiply(kernels, weights, input, options), wanted);
    }
}

/* Powers of ten from the last digit that float32 has to near its end; there weights are small, for the sum must fit. */
void any_size_of_input(const target & kernels, generator & random) {
    for (const float size : {1e-45f, 1e-40f, 1e-38f, 0.9e-36f, 2e-36f, 1e-30f, 1e-20f, 1e20f, 1e30f, 0.9e38f}) {
        check_all(kernels, random_matrix(kernels, 96, random, size > 1e35f ? 1.0f / 512 : 1.0f), random_activations(9, 96, random, size));
    }
    /* Blocks of every size side by side, one of them of zeros. */
    activations input = random_activations(9, 32 * 20, random);
    for (int c = 0; c < input.count; c++) {
        for (int64_t k = 0; k < input.length; k++) {
            input.column(c)[k] = k / 32 == 7 ? 0.0f : std::ldexp(input.column(c)[k], (int) (k / 32) * 11 - 130);
        }
    }
    check_all(kernels, random_matrix(kernels, 32 * 20, random), input);
}

/* What cannot be represented shows in its own column and nowhere else. */
void bad_activations(const target & kernels, generator & random) {
    constexpr int64_t length     = 576;
    const matrix      weights    = random_matrix(kernels, length, random);
    const int64_t     places[]   = {0, 1, 31, 32, 511, 512, length - 1};
    const float       bad_ones[] = {NAN, -NAN, INFINITY, -INFINITY};
    for (const int columns : {1, 2, 5, 8, 17, 32}) {
        activations  input = random_activations(columns, length, random);
        const result good  = multiply(kernels, weights, input);
        for (const int bad : {0, columns / 2, columns - 1}) {
            for (const int64_t place : places) {
                float &     value = input.column(bad)[place];
                const float kept  = value;
                value             = random.one_of(bad_ones);
                const result seen = multiply(kernels, weights, input);
                for (int c = 0; c < columns; c++) {
                    const float * column = seen.column(c);
                    const bool    shows  = std::none_of(column, column + seen.row_count, [](float each) { return std::isfinite(each); });
                    CHECK(c == bad ? shows : seen.has_same_bits(c, good, c), "%s: %g in column %d at %d, column %d",
                        describe(kernels, weights, columns).c_str(), (double) value, bad, (int) place, c);
                }
                value = kept;
            }
        }
    }
}

/* A row whose scale or weight is not finite; the others, in the same tile, keep theirs. */
void bad_weights(const target & kernels, generator & random) {
    const int         ones[block_length] = {1, 1, 1, 1};
    matrix            weights            = random_matrix(kernels, 96, random);
    const activations input              = random_activations(7, 96, random);
    const result      good               = multiply(kernels, weights, input);
    const int64_t     bad                = random.below(weights.row_count());
    for (const float value : {NAN, INFINITY, -INFINITY}) {
        if (has_blocks(kernels.layout)) {
            weights.set_block(bad, 1, to_half(value), ones);
        } else {
            weights.set_weight(bad, 40, kernels.layout == weight_layout::f16 ? to_half(value) : to_bfloat16(value));
        }
        const result seen = multiply(kernels, weights, input);
        for (int c = 0; c < input.count; c++) {
            for (int64_t row = 0; row < weights.row_count(); row++) {
                const float element = seen.column(c)[row];
                CHECK(row == bad ? !std::isfinite(element) : element == good.column(c)[row], "%s: %g in row %d, row %d: %g",
                    describe(kernels, weights, input.count).c_str(), (double) value, (int) bad, (int) row, (double) element);
            }
        }
    }
}

/* The largest sums of a block: every weight and every activation at its end, of either sign. */
void largest_blocks(const target & kernels) {
    const int ends_q8[] = {-128, 127}, ends_q4[] = {-8, 7};
    for (const int64_t length : {32, 1056}) {
        for (int pattern = 0; pattern < 8; pattern++) {
            matrix      weights(kernels.layout, some_rows(kernels), length);
            activations input(6, length);
            for (int64_t row = 0; row < weights.row_count(); row++) {
                int values[block_length];
                for (int i = 0; i < block_length; i++) {
                    const int upper = pattern & 1 ? 1 : pattern & 2 ? i & 1 : 0;
                    values[i]       = (kernels.layout == weight_layout::q8_0 ? ends_q8 : ends_q4)[upper];
                }
                for (int64_t block = 0; block < length / block_length; block++) {
                    weights.set_block(row, block, to_half(row % 2 ? 0.5f : -1.0f), values);
                }
            }
            for (int c = 0; c < input.count; c++) {
                for (int64_t k = 0; k < length; k++) {
                    input.column(c)[k] = (pattern & 4 && k & 1) ? -3.0f : c % 2 ? -3.0f : 3.0f;
                }
            }
            check_all(kernels, weights, input);
        }
    }
}

/* Half scales: zero, the smallest, negative, the largest. */
void any_scale(const target & kernels, generator & random) {
    const uint16_t    scales[] = {0x0000, 0x8000, 0x0001, 0x8001, 0x03ff, 0x0400, 0x8400, 0x3c00, 0xbc00, 0x7bff, 0xfbff};
    const activations input    = random_activations(9, 352, random);
    matrix            weights(kernels.layout, some_rows(kernels), 352);
    /* First each alone, so that the small ones are not lost in the tolerance of the large, then all in a row. */
    for (size_t which = 0; which <= std::size(scales); which++) {
        for (int64_t row = 0; row < weights.row_count(); row++) {
            for (int64_t block = 0; block < 11; block++) {
                int values[block_length];
                for (int & value : values) {
                    value = kernels.layout == weight_layout::q8_0 ? (int) random.below(256) - 128 : (int) random.below(16) - 8;
                }
                weights.set_block(row, block, which < std::size(scales) ? scales[which] : scales[(row + block) % 11], values);
            }
        }
        check_all(kernels, weights, input);
    }
}

/* 16-bit weights of every exponent, the smallest and the largest numbers among them. */
void any_exponent(const target & kernels, generator & random) {
    const bool        is_half = kernels.layout == weight_layout::f16;
    const activations input   = random_activations(9, 64, random);
    const activations small   = random_activations(9, 64, random, 0x1p-16f);
    for (int exponent = 0; exponent < (is_half ? 31 : 255); exponent++) {
        matrix weights(kernels.layout, some_rows(kernels), 64);
        for (int64_t row = 0; row < weights.row_count(); row++) {
            for (int64_t k = 0; k < 64; k++) {
                const int fraction = (int) random.below(is_half ? 1 << 10 : 1 << 7);
                const int sign     = random.percent(50) ? 0x8000 : 0;
                weights.set_weight(row, k, (uint16_t) (sign | exponent << (is_half ? 10 : 7) | fraction));
            }
        }
        check_all(kernels, weights, exponent < 240 ? input : small);
    }
}

} // namespace

void extreme_values(instructions set) {
    generator random(1);
    for (const target & kernels : targets_of(set)) {
        zeros(kernels, random);
        any_size_of_input(kernels, random);
        bad_activations(kernels, random);
        bad_weights(kernels, random);
        if (has_blocks(kernels.layout)) {
            largest_blocks(kernels);
            any_scale(kernels, random);
        } else {
            any_exponent(kernels, random);
        }
    }
}
