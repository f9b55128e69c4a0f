/* NEON row kernels of arm64: vector_kernels.h, 4 columns at a time. */
#include <arm_neon.h>

#include <cstdint>

#include "vector_exp2.h"

namespace {

struct neon : exponent_bits<neon> {
    using floats  = float32x4_t;
    using doubles = float64x2_t;
    using mask    = uint32x4_t;

    static constexpr int32_t width = 4;

    static floats load(const float * p) { return vld1q_f32(p); }
    static floats load_first(const float * p, int32_t count, float fill) {
        float lanes[4] = {fill, fill, fill, fill};
        for (int32_t i = 0; i < count; i++) {
            lanes[i] = p[i];
        }
        return vld1q_f32(lanes);
    }
    static void store(float * p, floats v) { vst1q_f32(p, v); }
    static void store_first(float * p, int32_t count, floats v) {
        float lanes[4];
        vst1q_f32(lanes, v);
        for (int32_t i = 0; i < count; i++) {
            p[i] = lanes[i];
        }
    }
    static void   prefetch_two(const float *) {} /* the processor's own prefetching keeps up */
    static floats set(float value) { return vdupq_n_f32(value); }

    static floats add(floats a, floats b) { return vaddq_f32(a, b); }
    static floats subtract(floats a, floats b) { return vsubq_f32(a, b); }
    static floats multiply(floats a, floats b) { return vmulq_f32(a, b); }
    static floats multiply_add(floats a, floats b, floats c) { return vfmaq_f32(c, a, b); }
    static floats maximum(floats a, floats b) { return vmaxq_f32(a, b); }
    static floats minimum(floats a, floats b) { return vminq_f32(a, b); }
    static float  largest(floats v) { return vmaxvq_f32(v); }
    static float  sum(floats v) { return vaddvq_f32(v); }
    static floats add_shifted_bits(floats v, floats bits, int shift) {
        return vreinterpretq_f32_s32(vaddq_s32(vreinterpretq_s32_f32(v), vshlq_s32(vreinterpretq_s32_f32(bits), vdupq_n_s32(shift))));
    }

    static mask     none() { return vdupq_n_u32(0); }
    static mask     either(mask a, mask b) { return vorrq_u32(a, b); }
    static mask     greater(floats a, floats b) { return vcgtq_f32(a, b); }
    static mask     greater_or_equal(floats a, floats b) { return vcgeq_f32(a, b); }
    static mask     not_greater_or_equal(floats a, floats b) { return vmvnq_u32(vcgeq_f32(a, b)); }
    static mask     equal(floats a, floats b) { return vceqq_f32(a, b); }
    static mask     either_is_nan(floats a, floats b) { return vmvnq_u32(vandq_u32(vceqq_f32(a, a), vceqq_f32(b, b))); }
    static uint32_t bits(mask m) {
        const uint32_t powers[4] = {1, 2, 4, 8};
        return vaddvq_u32(vandq_u32(m, vld1q_u32(powers)));
    }

    static int32_t count_bits(uint32_t bits) { return vaddv_u8(vcnt_u8(vcreate_u8(bits))); }
    static int32_t lowest_bit(uint32_t bits) { return count_bits((bits - 1) & ~bits); }

    static doubles low(floats v) { return vcvt_f64_f32(vget_low_f32(v)); }
    static doubles high(floats v) { return vcvt_high_f64_f32(v); }
    static floats  narrow(doubles low, doubles high) { return vcombine_f32(vcvt_f32_f64(low), vcvt_f32_f64(high)); }
    static doubles set_double(double value) { return vdupq_n_f64(value); }
    static doubles add(doubles a, doubles b) { return vaddq_f64(a, b); }
    static doubles subtract(doubles a, doubles b) { return vsubq_f64(a, b); }
    static doubles multiply(doubles a, doubles b) { return vmulq_f64(a, b); }
    static doubles maximum(doubles a, doubles b) { return vmaxnmq_f64(a, b); } /* the other one for a NaN */
    static double  sum(doubles v) { return vaddvq_f64(v); }
};

} // namespace

#include "vector_kernels.h"

const row_kernels neon_kernels = vector_kernels<neon>::table(LSK_INSTRUCTIONS_NEON);
