/* AVX2 and FMA row kernels: vector_kernels.h, 8 columns at a time. */
#include <immintrin.h>

#include <cstdint>

#include "vector_exp2.h"

namespace {

struct avx2 : exponent_bits<avx2> {
    using floats  = __m256;
    using doubles = __m256d;
    using mask    = __m256;

    static constexpr int32_t width = 8;

    static floats load(const float * p) { return _mm256_loadu_ps(p); }
    static floats load_first(const float * p, int32_t count, float fill) {
        const __m256i lanes = first(count);
        return _mm256_blendv_ps(set(fill), _mm256_maskload_ps(p, lanes), _mm256_castsi256_ps(lanes));
    }
    static void store(float * p, floats v) { _mm256_storeu_ps(p, v); }
    static void store_first(float * p, int32_t count, floats v) { _mm256_maskstore_ps(p, first(count), v); }
    /* The line of the two vectors there. */
    static void   prefetch_two(const float * p) { _mm_prefetch((const char *) p, _MM_HINT_T0); }
    static floats set(float value) { return _mm256_set1_ps(value); }

    static floats add(floats a, floats b) { return _mm256_add_ps(a, b); }
    static floats subtract(floats a, floats b) { return _mm256_sub_ps(a, b); }
    static floats multiply(floats a, floats b) { return _mm256_mul_ps(a, b); }
    static floats multiply_add(floats a, floats b, floats c) { return _mm256_fmadd_ps(a, b, c); }
    static floats maximum(floats a, floats b) { return _mm256_max_ps(a, b); }
    static floats minimum(floats a, floats b) { return _mm256_min_ps(a, b); }
    static float  largest(floats v) {
        __m128 half = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
        half        = _mm_max_ps(half, _mm_movehl_ps(half, half));
        return _mm_cvtss_f32(_mm_max_ss(half, _mm_movehdup_ps(half)));
    }
    static float sum(floats v) {
        __m128 half = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
        half        = _mm_add_ps(half, _mm_movehl_ps(half, half));
        return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
    }
    static floats add_shifted_bits(floats v, floats bits, int shift) {
        return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(v), _mm256_slli_epi32(_mm256_castps_si256(bits), shift)));
    }

    static mask     none() { return _mm256_setzero_ps(); }
    static mask     either(mask a, mask b) { return _mm256_or_ps(a, b); }
    static mask     greater(floats a, floats b) { return _mm256_cmp_ps(a, b, _CMP_GT_OQ); }
    static mask     greater_or_equal(floats a, floats b) { return _mm256_cmp_ps(a, b, _CMP_GE_OQ); }
    static mask     not_greater_or_equal(floats a, floats b) { return _mm256_cmp_ps(a, b, _CMP_NGE_UQ); }
    static mask     equal(floats a, floats b) { return _mm256_cmp_ps(a, b, _CMP_EQ_OQ); }
    static mask     either_is_nan(floats a, floats b) { return _mm256_cmp_ps(a, b, _CMP_UNORD_Q); }
    static uint32_t bits(mask m) { return (uint32_t) _mm256_movemask_ps(m); }

    static int32_t count_bits(uint32_t bits) { return _mm_popcnt_u32(bits); }
    /* The ones below it, counted: popcnt comes with AVX2, tzcnt is a separate extension. */
    static int32_t lowest_bit(uint32_t bits) { return _mm_popcnt_u32((bits - 1) & ~bits); }

    static doubles low(floats v) { return _mm256_cvtps_pd(_mm256_castps256_ps128(v)); }
    static doubles high(floats v) { return _mm256_cvtps_pd(_mm256_extractf128_ps(v, 1)); }
    static floats  narrow(doubles low, doubles high) {
        return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm256_cvtpd_ps(low)), _mm256_cvtpd_ps(high), 1);
    }
    static doubles set_double(double value) { return _mm256_set1_pd(value); }
    static doubles add(doubles a, doubles b) { return _mm256_add_pd(a, b); }
    static doubles subtract(doubles a, doubles b) { return _mm256_sub_pd(a, b); }
    static doubles multiply(doubles a, doubles b) { return _mm256_mul_pd(a, b); }
    static doubles maximum(doubles a, doubles b) { return _mm256_max_pd(a, b); }
    static double  sum(doubles v) {
        const __m128d half = _mm_add_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd(v, 1));
        return _mm_cvtsd_f64(_mm_add_sd(half, _mm_unpackhi_pd(half, half)));
    }

private:
    static __m256i first(int32_t count) {
        return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    }
};

} // namespace

#include "vector_kernels.h"

const row_kernels avx2_kernels = vector_kernels<avx2>::table(LSK_INSTRUCTIONS_AVX2);
