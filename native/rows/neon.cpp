#include "tile_tables.h"

#include <arm_neon.h>

namespace {

/* 4 lanes of arm64 with dot products (signed by signed). */
struct neon128 {
    using ints   = int32x4_t;
    using floats = float32x4_t;

    static constexpr int  lanes       = 4;
    static constexpr int  bytes       = 16;
    static constexpr int  registers   = 32;
    static constexpr bool keeps_block = true;
    static constexpr activation_form q8_form = activation_form::int8_plain;

    static floats set(float value) { return vdupq_n_f32(value); }
    static ints   set(int32_t value) { return vdupq_n_s32(value); }
    static floats load(const float * from) { return vld1q_f32(from); }
    static void   store(float * to, floats v) { vst1q_f32(to, v); }
    static floats multiply(floats a, floats b) { return vmulq_f32(a, b); }
    static floats multiply_add(floats a, floats b, floats c) { return vfmaq_f32(c, a, b); }
    static floats to_floats(ints v) { return vcvtq_f32_s32(v); }
    static float  sum_lanes(floats v) { return vaddvq_f32(v); }
    static void   prefetch(const uint8_t * from) { __builtin_prefetch(from, 0, 3); }

    static floats load_f16(const uint8_t * from) { return vcvt_f32_f16(vreinterpret_f16_u8(vld1_u8(from))); }
    static floats load_bf16(const uint8_t * from) {
        return vreinterpretq_f32_u32(vshll_n_u16(vreinterpret_u16_u8(vld1_u8(from)), 16));
    }

    static void load_transposed(const uint8_t * from, size_t row_bytes, ints * four) {
        const uint32x4_t a = load_row(from), b = load_row(from + row_bytes);
        const uint32x4_t c = load_row(from + 2 * row_bytes), d = load_row(from + 3 * row_bytes);
        const uint64x2_t ab_even = vreinterpretq_u64_u32(vtrn1q_u32(a, b)), ab_odd = vreinterpretq_u64_u32(vtrn2q_u32(a, b));
        const uint64x2_t cd_even = vreinterpretq_u64_u32(vtrn1q_u32(c, d)), cd_odd = vreinterpretq_u64_u32(vtrn2q_u32(c, d));
        four[0] = vreinterpretq_s32_u64(vtrn1q_u64(ab_even, cd_even));
        four[1] = vreinterpretq_s32_u64(vtrn1q_u64(ab_odd, cd_odd));
        four[2] = vreinterpretq_s32_u64(vtrn2q_u64(ab_even, cd_even));
        four[3] = vreinterpretq_s32_u64(vtrn2q_u64(ab_odd, cd_odd));
    }

    static floats load_scales(const uint8_t * from, size_t row_bytes) {
        uint16_t halves[4];
        for (int row = 0; row < 4; ++row) {
            std::memcpy(halves + row, from + row * row_bytes, sizeof *halves);
        }
        return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(halves)));
    }

    static ints low_nibbles(ints v) { return vandq_s32(v, vreinterpretq_s32_u8(vdupq_n_u8(15))); }
    static ints high_nibbles(ints v) { return vreinterpretq_s32_u8(vshrq_n_u8(vreinterpretq_u8_s32(v), 4)); }

    static ints to_q8_operand(ints v) { return v; }
    static ints dot_q8(ints sum, ints weights, int32_t quants) {
        return vdotq_s32(sum, vreinterpretq_s8_s32(weights), vreinterpretq_s8_s32(vdupq_n_s32(quants)));
    }
    static ints dot_q4(ints sum, ints weights, int32_t quants) { return dot_q8(sum, weights, quants); }

private:
    static uint32x4_t load_row(const uint8_t * from) { return vreinterpretq_u32_u8(vld1q_u8(from)); }
};

} // namespace

namespace llamaspec {
namespace rows {

/* Q4_0 repacked for arm64 lies otherwise: left to llama.cpp. */
constexpr kernel_set neon_kernels = kernels_over<neon128>("NEON dot product", 8, 6, no_layout());

} // namespace rows
} // namespace llamaspec
