/* AVX-512 row kernels (F, DQ, BW, CD, VL): vector_kernels.h, 16 columns at a time. */
#include <immintrin.h>

#include <cstdint>

#include "vector_exp2.h"

namespace {

struct avx512 {
    using floats  = __m512;
    using doubles = __m512d;
    using mask    = __mmask16;

    static constexpr int32_t width = 16;

    static floats load(const float * p) { return _mm512_loadu_ps(p); }
    static floats load_first(const float * p, int32_t count, float fill) {
        return _mm512_mask_loadu_ps(set(fill), first(count), p);
    }
    static void store(float * p, floats v) { _mm512_storeu_ps(p, v); }
    static void store_first(float * p, int32_t count, floats v) { _mm512_mask_storeu_ps(p, first(count), v); }
    /* The lines of the two vectors there. */
    static void prefetch_two(const float * p) {
        _mm_prefetch((const char *) p, _MM_HINT_T0);
        _mm_prefetch((const char *) (p + width), _MM_HINT_T0);
    }
    static floats set(float value) { return _mm512_set1_ps(value); }

    static floats add(floats a, floats b) { return _mm512_add_ps(a, b); }
    static floats subtract(floats a, floats b) { return _mm512_sub_ps(a, b); }
    static floats multiply(floats a, floats b) { return _mm512_mul_ps(a, b); }
    static floats multiply_add(floats a, floats b, floats c) { return _mm512_fmadd_ps(a, b, c); }
    static floats maximum(floats a, floats b) { return _mm512_max_ps(a, b); }
    static floats minimum(floats a, floats b) { return _mm512_min_ps(a, b); }
    static float  largest(floats v) { return _mm512_reduce_max_ps(v); }
    static float  sum(floats v) { return _mm512_reduce_add_ps(v); }

    using exp2_polynomials = exp2_polynomials_below;

    /* -126: a power of two below it would be denormal, which slows sums down on some processors. */
    static constexpr float lowest_exponent = -126;
    static floats split(floats y, floats & power) {
        power = y;
        return _mm512_reduce_ps(y, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
    }
    static floats scale(floats p, floats power) { return _mm512_scalef_ps(p, power); }
    static floats zero_below_lowest(floats e, floats y) {
        return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(y, set(lowest_exponent), _CMP_GE_OQ), e);
    }

    static mask     none() { return 0; }
    static mask     either(mask a, mask b) { return (mask) (a | b); }
    static mask     greater(floats a, floats b) { return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ); }
    static mask     greater_or_equal(floats a, floats b) { return _mm512_cmp_ps_mask(a, b, _CMP_GE_OQ); }
    static mask     not_greater_or_equal(floats a, floats b) { return _mm512_cmp_ps_mask(a, b, _CMP_NGE_UQ); }
    static mask     equal(floats a, floats b) { return _mm512_cmp_ps_mask(a, b, _CMP_EQ_OQ); }
    static mask     either_is_nan(floats a, floats b) { return _mm512_cmp_ps_mask(a, b, _CMP_UNORD_Q); }
    static uint32_t bits(mask m) { return m; }

    static int32_t count_bits(uint32_t bits) { return _mm_popcnt_u32(bits); }
    /* The ones below it, counted: popcnt comes with AVX2, tzcnt is a separate extension. */
    static int32_t lowest_bit(uint32_t bits) { return _mm_popcnt_u32((bits - 1) & ~bits); }

    static doubles low(floats v) { return _mm512_cvtps_pd(_mm512_castps512_ps256(v)); }
    static doubles high(floats v) { return _mm512_cvtps_pd(_mm512_extractf32x8_ps(v, 1)); }
    static floats  narrow(doubles low, doubles high) {
        return _mm512_insertf32x8(_mm512_castps256_ps512(_mm512_cvtpd_ps(low)), _mm512_cvtpd_ps(high), 1);
    }
    static doubles set_double(double value) { return _mm512_set1_pd(value); }
    static doubles add(doubles a, doubles b) { return _mm512_add_pd(a, b); }
    static doubles subtract(doubles a, doubles b) { return _mm512_sub_pd(a, b); }
    static doubles multiply(doubles a, doubles b) { return _mm512_mul_pd(a, b); }
    static doubles maximum(doubles a, doubles b) { return _mm512_max_pd(a, b); }
    static double  sum(doubles v) { return _mm512_reduce_add_pd(v); }

private:
    static mask first(int32_t count) { return (mask) ((1u << count) - 1); }
};

} // namespace

#include "vector_kernels.h"

const row_kernels avx512_kernels = vector_kernels<avx512>::table(LSK_INSTRUCTIONS_AVX512);
