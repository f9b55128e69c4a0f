/* Conversions of activations. Plain loops: each file that includes this compiles them for its own instruction set. */
#ifndef LLAMASPEC_ROWS_QUANTISE_H
#define LLAMASPEC_ROWS_QUANTISE_H

#include "kernel_set.h"

#include <cstring>

namespace {

using namespace llamaspec::rows;

inline uint32_t bits_of(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

inline float float_of(uint32_t bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

/* One block: scale = largest magnitude / 127, quants rounded to nearest even. A block with a value that is not finite
 * becomes NaN as a whole, so that the product shows it. */
inline void quantise_block(const float * values, int offset, int8_t * quants, float * scale, int32_t * correction) {
    constexpr uint32_t infinity = 0x7f800000u;
    constexpr float    rounder  = 12582912.0f; /* 1.5 * 2^23: adding it leaves the rounded integer in the low bits */

    int32_t largest_bits = 0;
    for (int i = 0; i < block_length; ++i) {
        int32_t magnitude = (int32_t) (bits_of(values[i]) & 0x7fffffffu);
        largest_bits      = magnitude > largest_bits ? magnitude : largest_bits;
    }
    const float largest   = float_of((uint32_t) largest_bits);
    const bool  is_finite = (uint32_t) largest_bits < infinity;
    /* Below the smallest normal number the inverse would overflow: such a block is zero. */
    const float inverse = is_finite && largest > 1e-36f ? 127.0f / largest : 0.0f;
    int32_t     sum     = 0;
    for (int i = 0; i < block_length; ++i) {
        const float   value    = inverse == 0.0f ? 0.0f : values[i];
        const int32_t rounded  = (int32_t) (bits_of(value * inverse + rounder) - bits_of(rounder));
        quants[i]              = (int8_t) rounded;
        sum                   += rounded;
    }
    *scale      = is_finite ? largest / 127.0f : float_of(infinity | 1u << 22);
    *correction = -offset * sum;
}

inline void quantise_column(
    const float * values, int64_t block_count, int stride, int offset, int8_t * quants, float * scales, int32_t * corrections) {
    for (int64_t block = 0; block < block_count; ++block) {
        const int64_t to = block * stride;
        quantise_block(values + block * block_length, offset, quants + to * block_length, scales + to, corrections + to);
    }
}

/* To nearest, ties to even; NaN stays NaN. */
inline void round_to_bfloat16(const float * values, int64_t count, uint16_t * rounded) {
    for (int64_t i = 0; i < count; ++i) {
        const uint32_t bits   = bits_of(values[i]);
        const bool     is_nan = (bits & 0x7fffffffu) > 0x7f800000u;
        const uint32_t even   = bits + 0x7fffu + (bits >> 16 & 1u);
        rounded[i]            = (uint16_t) ((is_nan ? bits | 0x400000u : even) >> 16);
    }
}

} // namespace

#endif
