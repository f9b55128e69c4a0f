/* The specification of the tiles: one weight after the other, in the order of k. */
#include "quantise.h"

#include <cmath>

namespace {

constexpr int reference_rows = 8;

float half_to_float(const uint8_t * from) {
    uint16_t half;
    std::memcpy(&half, from, sizeof half);
    const int   exponent = half >> 10 & 31;
    const float mantissa = (float) (half & 1023);
    const float sign     = half >> 15 ? -1.0f : 1.0f;
    if (exponent == 31) {
        return sign * (half & 1023 ? NAN : INFINITY);
    }
    return sign * (exponent ? std::ldexp(1024.0f + mantissa, exponent - 25) : std::ldexp(mantissa, -24));
}

/* Block of a row, and its value i of 32. */
struct q8_0_block {
    static float scale(const tile_work & work, int row, int64_t block) { return half_to_float(at(work, row, block)); }
    static int   value(const tile_work & work, int row, int64_t block, int i) { return (int8_t) at(work, row, block)[2 + i]; }
    static const uint8_t * at(const tile_work & work, int row, int64_t block) { return work.weights + row * work.row_bytes + 34 * block; }
};

struct q4_0_block {
    static float scale(const tile_work & work, int row, int64_t block) { return half_to_float(at(work, row, block)); }
    static int   value(const tile_work & work, int row, int64_t block, int i) {
        return (at(work, row, block)[2 + i % 16] >> (i < 16 ? 0 : 4) & 15) - 8;
    }
    static const uint8_t * at(const tile_work & work, int row, int64_t block) { return work.weights + row * work.row_bytes + 18 * block; }
};

struct q4_0x8_block {
    static float scale(const tile_work & work, int row, int64_t block) { return half_to_float(at(work, block) + 2 * row); }
    static int   value(const tile_work & work, int row, int64_t block, int i) {
        const int     byte = i % 16;
        const uint8_t both = at(work, block)[16 + byte / 8 * 64 + row * 8 + byte % 8] ^ 0x88;
        return (both >> (i < 16 ? 0 : 4) & 15) - 8;
    }
    static const uint8_t * at(const tile_work & work, int64_t block) { return work.weights + 144 * block; }
};

template <class Block, int columns>
void reference_int8_tile(const tile_work & work) {
    for (int row = 0; row < reference_rows; ++row) {
        for (int c = 0; c < columns; ++c) {
            float sum = 0;
            for (int64_t block = 0; block < work.length / block_length; ++block) {
                const int64_t of_column = block * columns + c;
                int32_t       dot       = 0;
                for (int i = 0; i < block_length; ++i) {
                    dot += Block::value(work, row, block, i) * work.input.quants[of_column * block_length + i];
                }
                sum += (float) dot * (Block::scale(work, row, block) * work.input.scales[of_column]);
            }
            work.output[c * work.output_stride + row] = sum;
        }
    }
}

struct f16_value {
    static float at(const uint8_t * from) { return half_to_float(from); }
};

struct bf16_value {
    static float at(const uint8_t * from) {
        uint16_t upper;
        std::memcpy(&upper, from, sizeof upper);
        return float_of((uint32_t) upper << 16);
    }
};

template <class Value, int columns>
void reference_float_tile(const tile_work & work) {
    constexpr int slice_length = slice_length_of(columns);
    const float * input        = static_cast<const float *>(work.input.values);
    for (int row = 0; row < reference_rows; ++row) {
        for (int c = 0; c < columns; ++c) {
            double sum = 0;
            for (int64_t k = 0; k < work.length; ++k) {
                const int64_t at = (k / slice_length * columns + c) * slice_length + k % slice_length;
                sum += (double) Value::at(work.weights + row * work.row_bytes + 2 * k) * input[at];
            }
            work.output[c * work.output_stride + row] = (float) sum;
        }
    }
}

template <class Block>
constexpr tile_kernel reference_int8_tiles[] = {
    reference_int8_tile<Block, 1>, reference_int8_tile<Block, 2>, reference_int8_tile<Block, 3>, reference_int8_tile<Block, 4>};

template <class Value>
constexpr tile_kernel reference_float_tiles[] = {
    reference_float_tile<Value, 1>, reference_float_tile<Value, 2>, reference_float_tile<Value, 3>, reference_float_tile<Value, 4>};

template <class Block>
constexpr layout_kernels reference_int8 = {reference_rows, 4, activation_form::int8_plain, reference_int8_tiles<Block>};

template <class Value>
constexpr layout_kernels reference_float = {reference_rows, 4, activation_form::float32, reference_float_tiles<Value>};

} // namespace

namespace llamaspec {
namespace rows {

const kernel_set reference_kernels = {
    "reference",
    {reference_int8<q8_0_block>, reference_int8<q4_0_block>, reference_int8<q4_0x8_block>, reference_float<bf16_value>,
     reference_float<f16_value>},
    quantise_column,
    round_to_bfloat16,
};

} // namespace rows
} // namespace llamaspec
