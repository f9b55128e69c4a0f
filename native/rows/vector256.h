/* 8 lanes of AVX2; D gives the dot instruction: maddubs of AVX2 itself or vpdpbusd of AVX-VNNI. */
#ifndef LLAMASPEC_ROWS_VECTOR256_H
#define LLAMASPEC_ROWS_VECTOR256_H

#include "kernel_set.h"

#include <cstring>

#include <immintrin.h>

namespace {

template <class D>
struct vector256 : D {
    using ints   = __m256i;
    using floats = __m256;

    static constexpr int  lanes       = 8;
    static constexpr int  bytes       = 32;
    static constexpr int  registers   = 16;
    static constexpr bool keeps_block = false;

    static floats set(float value) { return _mm256_set1_ps(value); }
    static ints   set(int32_t value) { return _mm256_set1_epi32(value); }
    static ints   set_first_of_pairs(int32_t value) { return _mm256_set1_epi64x((int64_t) (uint32_t) value); }
    static floats load(const float * from) { return _mm256_loadu_ps(from); }
    static void   store(float * to, floats v) { _mm256_storeu_ps(to, v); }
    static floats multiply(floats a, floats b) { return _mm256_mul_ps(a, b); }
    static floats multiply_add(floats a, floats b, floats c) { return _mm256_fmadd_ps(a, b, c); }
    static floats to_floats(ints v) { return _mm256_cvtepi32_ps(v); }
    static void   prefetch(const uint8_t * from) { _mm_prefetch((const char *) from, _MM_HINT_T0); }

    static float sum_lanes(floats v) {
        __m128 four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
        four        = _mm_add_ps(four, _mm_movehl_ps(four, four));
        return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
    }

    static floats load_f16(const uint8_t * from) { return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *) from)); }
    static floats load_bf16(const uint8_t * from) {
        return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *) from)), 16));
    }

    /* 16 bytes of 8 rows: vector i holds bytes 4i..4i+3 of each row, row r in lane r. */
    static void load_transposed(const uint8_t * from, size_t row_bytes, ints * four) {
        const ints a = load_with_fourth(from, row_bytes), b = load_with_fourth(from + row_bytes, row_bytes);
        const ints c = load_with_fourth(from + 2 * row_bytes, row_bytes), d = load_with_fourth(from + 3 * row_bytes, row_bytes);
        const ints ab_low = _mm256_unpacklo_epi32(a, b), ab_high = _mm256_unpackhi_epi32(a, b);
        const ints cd_low = _mm256_unpacklo_epi32(c, d), cd_high = _mm256_unpackhi_epi32(c, d);
        four[0] = _mm256_unpacklo_epi64(ab_low, cd_low);
        four[1] = _mm256_unpackhi_epi64(ab_low, cd_low);
        four[2] = _mm256_unpacklo_epi64(ab_high, cd_high);
        four[3] = _mm256_unpackhi_epi64(ab_high, cd_high);
    }

    static floats load_scales(const uint8_t * from, size_t row_bytes) {
        const auto scale = [&](int row) {
            int16_t half;
            std::memcpy(&half, from + row * row_bytes, sizeof half);
            return half;
        };
        return _mm256_cvtph_ps(_mm_set_epi16(scale(7), scale(6), scale(5), scale(4), scale(3), scale(2), scale(1), scale(0)));
    }

    static ints low_nibbles(ints v) { return _mm256_and_si256(v, _mm256_set1_epi8(15)); }
    static ints high_nibbles(ints v) { return low_nibbles(_mm256_srli_epi16(v, 4)); }

    static ints dot_q8(ints sum, ints weights, int32_t quants) { return D::dot_eight_bits(sum, weights, _mm256_set1_epi32(quants)); }
    static ints dot_q4(ints sum, ints weights, int32_t quants) { return D::dot_four_bits(sum, weights, _mm256_set1_epi32(quants)); }
    static ints set_pairs(int64_t quants) { return _mm256_set1_epi64x(quants); }
    static ints dot_q4_paired(ints sum, ints weights, ints quants) { return D::dot_four_bits(sum, weights, quants); }

    static ints load_unsigned_nibbles(const uint8_t * from) {
        return _mm256_xor_si256(_mm256_loadu_si256((const __m256i *) from), _mm256_set1_epi8((char) 0x88));
    }
    static floats load_paired_scales(const uint8_t * from, int vector) {
        const __m256i first = _mm256_set_epi32(3, 3, 2, 2, 1, 1, 0, 0);
        return _mm256_permutevar8x32_ps(_mm256_cvtph_ps(_mm_loadu_si128((const __m128i *) from)),
                                        _mm256_add_epi32(first, _mm256_set1_epi32(4 * vector)));
    }
    static floats add_pairs(floats a, floats b) {
        return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(_mm256_hadd_ps(a, b)), 0xd8));
    }

private:
    static ints load_with_fourth(const uint8_t * from, size_t row_bytes) {
        return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *) from)),
                                       _mm_loadu_si128((const __m128i *) (from + 4 * row_bytes)), 1);
    }
};

} // namespace

#endif
