/* Products with 8-bit integers over a vector type V: weights of Q8_0 and Q4_0, activations of 8 bits.
 *
 * A tile is as many rows as V has lanes. Of each block of 32 weights the tile's rows are transposed once, so that a lane
 * holds four neighbouring weights of its own row; then, for each column, eight dot instructions sum the block without any
 * step across lanes, one conversion and one multiply-add bring it to float32. So the cost of reading, unpacking and
 * transposing is shared by all columns, and a further column costs eight dots and little else.
 */
#ifndef LLAMASPEC_ROWS_INT8_TILES_H
#define LLAMASPEC_ROWS_INT8_TILES_H

#include "kernel_set.h"

#include <cstring>

namespace {

using namespace llamaspec::rows;

inline int32_t four_quants(const int8_t * quants) {
    int32_t four;
    std::memcpy(&four, quants, sizeof four);
    return four;
}

inline int64_t eight_quants(const int8_t * quants) {
    int64_t eight;
    std::memcpy(&eight, quants, sizeof eight);
    return eight;
}

/* Half a block of Q8_0: the weights 16 * half .. 16 * half + 15 of each row, four vectors of four weights. */
template <class V>
struct q8_0_weights {
    static constexpr int             block_bytes = 34;
    static constexpr activation_form form        = V::q8_form;

    static void load(const uint8_t * block, size_t row_bytes, int half, typename V::ints * four) {
        V::load_transposed(block + 2 + 16 * half, row_bytes, four);
        for (int i = 0; i < 4; ++i) {
            four[i] = V::to_q8_operand(four[i]);
        }
    }

    static typename V::ints dot(typename V::ints sum, typename V::ints weights, int32_t quants) {
        return V::dot_q8(sum, weights, quants);
    }
};

/* Q4_0: the low halves of the 16 bytes are the weights 0..15, the high halves 16..31. */
template <class V>
struct q4_0_weights {
    static constexpr int             block_bytes = 18;
    static constexpr activation_form form        = activation_form::int8_minus_8;

    static void load(const uint8_t * block, size_t row_bytes, int half, typename V::ints * four) {
        V::load_transposed(block + 2, row_bytes, four);
        for (int i = 0; i < 4; ++i) {
            four[i] = half ? V::high_nibbles(four[i]) : V::low_nibbles(four[i]);
        }
    }

    static typename V::ints dot(typename V::ints sum, typename V::ints weights, int32_t quants) {
        return V::dot_q4(sum, weights, quants);
    }
};

template <class V>
inline void fetch(const uint8_t * from, int bytes) {
    for (int i = 0; i < bytes; i += 64) {
        V::prefetch(from + i);
    }
}

template <class V, template <class> class Weights, int columns>
void int8_tile(const tile_work & work) {
    using W      = Weights<V>;
    using ints   = typename V::ints;
    using floats = typename V::floats;

    floats sums[columns];
    for (int c = 0; c < columns; ++c) {
        sums[c] = V::set(0.0f);
    }
    const uint8_t * weights     = work.weights;
    const uint8_t * next        = work.next;
    const int8_t *  quants      = work.input.quants;
    const float *   scales      = work.input.scales;
    const int32_t * corrections = work.input.corrections;
    for (int64_t k = 0; k < work.length; k += block_length) {
        const floats row_scales = V::load_scales(weights, work.row_bytes);
        fetch<V>(next, W::block_bytes * V::lanes);
        if constexpr (V::keeps_block) {
            ints eight[8];
            W::load(weights, work.row_bytes, 0, eight);
            W::load(weights, work.row_bytes, 1, eight + 4);
            for (int c = 0; c < columns; ++c) {
                ints sum = V::set(corrections[c]);
                for (int i = 0; i < 8; ++i) {
                    sum = W::dot(sum, eight[i], four_quants(quants + c * block_length + 4 * i));
                }
                sums[c] = V::multiply_add(V::to_floats(sum), V::multiply(row_scales, V::set(scales[c])), sums[c]);
            }
        } else {
            /* Few registers: half a block at a time. */
            ints block_sums[columns];
            for (int half = 0; half < 2; ++half) {
                ints four[4];
                W::load(weights, work.row_bytes, half, four);
                for (int c = 0; c < columns; ++c) {
                    ints sum = half ? block_sums[c] : V::set(corrections[c]);
                    for (int i = 0; i < 4; ++i) {
                        sum = W::dot(sum, four[i], four_quants(quants + c * block_length + 16 * half + 4 * i));
                    }
                    block_sums[c] = sum;
                }
            }
            for (int c = 0; c < columns; ++c) {
                sums[c] = V::multiply_add(V::to_floats(block_sums[c]), V::multiply(row_scales, V::set(scales[c])), sums[c]);
            }
        }
        weights += W::block_bytes;
        next += W::block_bytes * V::lanes;
        quants += columns * block_length;
        scales += columns;
        corrections += columns;
    }
    for (int c = 0; c < columns; ++c) {
        V::store(work.output + c * work.output_stride, sums[c]);
    }
}

/* ggml's repacked Q4_0. A block of 8 rows: 8 fp16 scales, then 64 bytes with the bytes 0..7 of each row and 64 with the
 * bytes 8..15. A row has two lanes, added at the end, so a tile is two vectors wide: two groups of 8 rows, or the two
 * halves of one. Both share every load of the activations. */
template <class V, int columns>
void q4_0x8_tile(const tile_work & work) {
    using ints   = typename V::ints;
    using floats = typename V::floats;

    constexpr int group_bytes = 144;
    constexpr int groups      = V::lanes / 8;

    floats sums[2][columns];
    for (int c = 0; c < columns; ++c) {
        sums[0][c] = sums[1][c] = V::set(0.0f);
    }
    const uint8_t * weights     = work.weights;
    const uint8_t * next        = work.next;
    const int8_t *  quants      = work.input.quants;
    const float *   scales      = work.input.scales;
    const int32_t * corrections = work.input.corrections;
    for (int64_t k = 0; k < work.length; k += block_length) {
        ints   four[2][4];
        floats row_scales[2];
        for (int half = 0; half < 2; ++half) {
            /* The second half: of the same block, or the block of the next 8 rows. */
            const uint8_t * block = groups == 2 ? weights + half * 8 * work.row_bytes : weights;
            const int       from  = groups == 2 ? 0 : half;
            const ints      front = V::load_unsigned_nibbles(block + 16 + from * V::bytes);
            const ints      back  = V::load_unsigned_nibbles(block + 80 + from * V::bytes);
            row_scales[half]      = V::load_paired_scales(block, from);
            four[half][0]         = V::low_nibbles(front);
            four[half][1]         = V::low_nibbles(back);
            four[half][2]         = V::high_nibbles(front);
            four[half][3]         = V::high_nibbles(back);
        }
        fetch<V>(next, group_bytes * groups);
        for (int c = 0; c < columns; ++c) {
            ints first = V::set_first_of_pairs(corrections[c]), second = first;
            for (int i = 0; i < 4; ++i) {
                const ints eight = V::set_pairs(eight_quants(quants + c * block_length + 8 * i));
                first            = V::dot_q4_paired(first, four[0][i], eight);
                second           = V::dot_q4_paired(second, four[1][i], eight);
            }
            const floats scale = V::set(scales[c]);
            sums[0][c]         = V::multiply_add(V::to_floats(first), V::multiply(row_scales[0], scale), sums[0][c]);
            sums[1][c]         = V::multiply_add(V::to_floats(second), V::multiply(row_scales[1], scale), sums[1][c]);
        }
        weights += group_bytes;
        next += group_bytes * groups;
        quants += columns * block_length;
        scales += columns;
        corrections += columns;
    }
    for (int c = 0; c < columns; ++c) {
        V::store(work.output + c * work.output_stride, V::add_pairs(sums[0][c], sums[1][c]));
    }
}

} // namespace

#endif
