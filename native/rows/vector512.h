/* 16 lanes of AVX-512 with VNNI. */
#ifndef LLAMASPEC_ROWS_VECTOR512_H
#define LLAMASPEC_ROWS_VECTOR512_H

#include "kernel_set.h"

#include <cstring>

#include <immintrin.h>

namespace {

struct vector512 {
    using ints   = __m512i;
    using floats = __m512;

    static constexpr int  lanes       = 16;
    static constexpr int  bytes       = 64;
    static constexpr int  registers   = 32;
    static constexpr bool keeps_block = true;
    static constexpr llamaspec::rows::activation_form q8_form = llamaspec::rows::activation_form::int8_minus_128;

    static floats set(float value) { return _mm512_set1_ps(value); }
    static ints   set(int32_t value) { return _mm512_set1_epi32(value); }
    static ints   set_first_of_pairs(int32_t value) { return _mm512_set1_epi64((int64_t) (uint32_t) value); }
    static floats load(const float * from) { return _mm512_loadu_ps(from); }
    static void   store(float * to, floats v) { _mm512_storeu_ps(to, v); }
    static floats multiply(floats a, floats b) { return _mm512_mul_ps(a, b); }
    static floats multiply_add(floats a, floats b, floats c) { return _mm512_fmadd_ps(a, b, c); }
    static floats to_floats(ints v) { return _mm512_cvtepi32_ps(v); }
    static float  sum_lanes(floats v) { return _mm512_reduce_add_ps(v); }
    static void   prefetch(const uint8_t * from) { _mm_prefetch((const char *) from, _MM_HINT_T0); }

    static floats load_f16(const uint8_t * from) { return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *) from)); }
    static floats load_bf16(const uint8_t * from) {
        return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *) from)), 16));
    }

    /* 16 bytes of 16 rows: vector i holds bytes 4i..4i+3 of each row, row r in lane r. */
    static void load_transposed(const uint8_t * from, size_t row_bytes, ints * four) {
        const ints a = load_every_fourth(from, row_bytes), b = load_every_fourth(from + row_bytes, row_bytes);
        const ints c = load_every_fourth(from + 2 * row_bytes, row_bytes), d = load_every_fourth(from + 3 * row_bytes, row_bytes);
        const ints ab_low = _mm512_unpacklo_epi32(a, b), ab_high = _mm512_unpackhi_epi32(a, b);
        const ints cd_low = _mm512_unpacklo_epi32(c, d), cd_high = _mm512_unpackhi_epi32(c, d);
        four[0] = _mm512_unpacklo_epi64(ab_low, cd_low);
        four[1] = _mm512_unpackhi_epi64(ab_low, cd_low);
        four[2] = _mm512_unpacklo_epi64(ab_high, cd_high);
        four[3] = _mm512_unpackhi_epi64(ab_high, cd_high);
    }

    static floats load_scales(const uint8_t * from, size_t row_bytes) {
        const auto scale = [&](int row) {
            int16_t half;
            std::memcpy(&half, from + row * row_bytes, sizeof half);
            return half;
        };
        const __m128i low  = _mm_set_epi16(scale(7), scale(6), scale(5), scale(4), scale(3), scale(2), scale(1), scale(0));
        const __m128i high = _mm_set_epi16(scale(15), scale(14), scale(13), scale(12), scale(11), scale(10), scale(9), scale(8));
        return _mm512_cvtph_ps(_mm256_set_m128i(high, low));
    }

    static ints low_nibbles(ints v) { return _mm512_and_si512(v, _mm512_set1_epi8(15)); }
    static ints high_nibbles(ints v) { return low_nibbles(_mm512_srli_epi16(v, 4)); }

    /* The dot instruction takes unsigned weights: 128 too high. */
    static ints to_q8_operand(ints v) { return _mm512_xor_si512(v, _mm512_set1_epi8((char) 0x80)); }
    static ints dot_q8(ints sum, ints weights, int32_t quants) { return _mm512_dpbusd_epi32(sum, weights, _mm512_set1_epi32(quants)); }
    static ints dot_q4(ints sum, ints weights, int32_t quants) { return dot_q8(sum, weights, quants); }
    static ints set_pairs(int64_t quants) { return _mm512_set1_epi64(quants); }
    static ints dot_q4_paired(ints sum, ints weights, ints quants) { return _mm512_dpbusd_epi32(sum, weights, quants); }

    static ints load_unsigned_nibbles(const uint8_t * from) {
        return _mm512_xor_si512(_mm512_loadu_si512(from), _mm512_set1_epi8((char) 0x88));
    }
    static floats load_paired_scales(const uint8_t * from, int) {
        const __m512i twice = _mm512_set_epi32(7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0);
        return _mm512_permutexvar_ps(twice, _mm512_castps256_ps512(_mm256_cvtph_ps(_mm_loadu_si128((const __m128i *) from))));
    }
    static floats add_pairs(floats a, floats b) {
        const __m512i even = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
        const __m512i odd  = _mm512_set_epi32(31, 29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1);
        return _mm512_add_ps(_mm512_permutex2var_ps(a, even, b), _mm512_permutex2var_ps(a, odd, b));
    }

private:
    static ints load_every_fourth(const uint8_t * from, size_t row_bytes) {
        ints v = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *) from));
        v      = _mm512_inserti32x4(v, _mm_loadu_si128((const __m128i *) (from + 4 * row_bytes)), 1);
        v      = _mm512_inserti32x4(v, _mm_loadu_si128((const __m128i *) (from + 8 * row_bytes)), 2);
        return _mm512_inserti32x4(v, _mm_loadu_si128((const __m128i *) (from + 12 * row_bytes)), 3);
    }
};

} // namespace

#endif
