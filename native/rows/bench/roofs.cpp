#include "roofs.h"

#include "kernel_set.h"

#include <cstring>

#if defined(__x86_64__) || (defined(_M_X64) && !defined(_M_ARM64EC))
#define ROOFS_X86_64
#include <immintrin.h>
#elif defined(__aarch64__)
#define ROOFS_ARM64
#include <arm_neon.h>
#endif

#if defined(__GNUC__)
#define COMPILED_FOR(set) __attribute__((target(set)))
#else
#define COMPILED_FOR(set)
#endif

using namespace llamaspec::rows;

namespace {

constexpr int     repetitions = 25;
constexpr int64_t round_count = 1000000;
constexpr int     independent = 12; /* sums: enough to hide the latency, few enough for 16 registers */

volatile uint64_t read_sink;
volatile int      seven = 7; /* not known to the compiler */
volatile float    float_sink;
volatile int      int_sink;

struct arithmetic {
    const char * name;
    double       operations_of_one;
    void (*run)();
};

#if defined(ROOFS_X86_64)

/* The three instructions of one step depend on each other, so the compiler cannot take any out of the loop. */
COMPILED_FOR("avx2") void maddubs() {
    const __m256i ones = _mm256_set1_epi16(1), weights = _mm256_set1_epi8((char) seven);
    __m256i       sums[independent];
    for (__m256i & sum : sums) {
        sum = weights;
    }
    for (int64_t i = 0; i < round_count; i++) {
        for (__m256i & sum : sums) {
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(weights, sum), ones));
        }
    }
    for (const __m256i & sum : sums) {
        int_sink = _mm256_extract_epi32(sum, 0);
    }
}

COMPILED_FOR("avx2,fma") void fma256() {
    const __m256 factor = _mm256_set1_ps((float) seven / 8);
    __m256       sums[independent];
    for (__m256 & sum : sums) {
        sum = factor;
    }
    for (int64_t i = 0; i < round_count; i++) {
        for (__m256 & sum : sums) {
            sum = _mm256_fmadd_ps(sum, factor, factor);
        }
    }
    for (const __m256 & sum : sums) {
        float_sink = _mm256_cvtss_f32(sum);
    }
}

COMPILED_FOR("avx2,avxvnni") void dpbusd256() {
    const __m256i weights = _mm256_set1_epi8((char) seven);
    __m256i       sums[independent];
    for (__m256i & sum : sums) {
        sum = weights;
    }
    for (int64_t i = 0; i < round_count; i++) {
        for (__m256i & sum : sums) {
            sum = _mm256_dpbusd_avx_epi32(sum, weights, weights);
        }
    }
    for (const __m256i & sum : sums) {
        int_sink = _mm256_extract_epi32(sum, 0);
    }
}

COMPILED_FOR("avx512f,avx512vnni") void dpbusd512() {
    const __m512i weights = _mm512_set1_epi8((char) seven);
    __m512i       sums[independent];
    for (__m512i & sum : sums) {
        sum = weights;
    }
    for (int64_t i = 0; i < round_count; i++) {
        for (__m512i & sum : sums) {
            sum = _mm512_dpbusd_epi32(sum, weights, weights);
        }
    }
    for (const __m512i & sum : sums) {
        int_sink = _mm512_cvtsi512_si32(sum);
    }
}

COMPILED_FOR("avx512f") void fma512() {
    const __m512 factor = _mm512_set1_ps((float) seven / 8);
    __m512       sums[independent];
    for (__m512 & sum : sums) {
        sum = factor;
    }
    for (int64_t i = 0; i < round_count; i++) {
        for (__m512 & sum : sums) {
            sum = _mm512_fmadd_ps(sum, factor, factor);
        }
    }
    for (const __m512 & sum : sums) {
        float_sink = _mm512_cvtss_f32(sum);
    }
}

COMPILED_FOR("avx512f,avx512bf16") void dpbf16() {
    const __m512   factor  = _mm512_set1_ps((float) seven / 8);
    const __m512bh weights = (__m512bh) _mm512_castps_si512(factor);
    __m512         sums[independent];
    for (__m512 & sum : sums) {
        sum = factor;
    }
    for (int64_t i = 0; i < round_count; i++) {
        for (__m512 & sum : sums) {
            sum = _mm512_dpbf16_ps(sum, weights, weights);
        }
    }
    for (const __m512 & sum : sums) {
        float_sink = _mm512_cvtss_f32(sum);
    }
}

std::vector<arithmetic> arithmetic_of(instructions set) {
    const arithmetic float256 = {"vfmadd, 256 bits", 2 * 8, fma256};
    if (set == instructions::avx2) {
        return {{"vpmaddubsw + vpmaddwd + vpaddd", 2 * 32, maddubs}, float256};
    }
    if (set == instructions::avx_vnni) {
        return {{"vpdpbusd, 256 bits", 2 * 32, dpbusd256}, float256};
    }
    if (set == instructions::avx512) {
        std::vector<arithmetic> all      = {{"vpdpbusd, 512 bits", 2 * 64, dpbusd512}, {"vfmadd, 512 bits", 2 * 16, fma512}};
        const bool              has_bf16 = kernels_of(set)->layouts[(int) weight_layout::bf16].form == activation_form::bfloat16;
        if (has_bf16) {
            all.push_back({"vdpbf16ps, 512 bits", 2 * 32, dpbf16});
        }
        return all;
    }
    return {};
}

#elif defined(ROOFS_ARM64)

COMPILED_FOR("arch=armv8.2-a+dotprod") void sdot() {
    const int8x16_t weights = vdupq_n_s8((int8_t) seven);
    int32x4_t       sums[independent];
    for (int32x4_t & sum : sums) {
        sum = vreinterpretq_s32_s8(weights);
    }
    for (int64_t i = 0; i < round_count; i++) {
        for (int32x4_t & sum : sums) {
            sum = vdotq_s32(sum, weights, weights);
        }
    }
    for (const int32x4_t & sum : sums) {
        int_sink = vgetq_lane_s32(sum, 0);
    }
}

void fma128() {
    const float32x4_t factor = vdupq_n_f32((float) seven / 8);
    float32x4_t       sums[independent];
    for (float32x4_t & sum : sums) {
        sum = factor;
    }
    for (int64_t i = 0; i < round_count; i++) {
        for (float32x4_t & sum : sums) {
            sum = vfmaq_f32(factor, sum, factor);
        }
    }
    for (const float32x4_t & sum : sums) {
        float_sink = vgetq_lane_f32(sum, 0);
    }
}

std::vector<arithmetic> arithmetic_of(instructions set) {
    if (set == instructions::neon) {
        return {{"sdot, 128 bits", 2 * 16, sdot}, {"fmla, 128 bits", 2 * 4, fma128}};
    }
    return {};
}

#else

std::vector<arithmetic> arithmetic_of(instructions) { return {}; }

#endif

void read_share(const uint8_t * bytes, size_t count) {
    constexpr size_t lanes = 32;
    uint64_t         sums[lanes] = {};
    for (size_t i = 0; i + sizeof sums <= count; i += sizeof sums) {
        uint64_t words[lanes];
        std::memcpy(words, bytes + i, sizeof words);
        for (size_t lane = 0; lane < lanes; lane++) {
            sums[lane] ^= words[lane];
        }
    }
    uint64_t sum = 0;
    for (const uint64_t lane : sums) {
        sum ^= lane;
    }
    read_sink = sum;
}

} // namespace

double read_gigabytes(team & threads, const uint8_t * bytes, size_t count) {
    const size_t share   = count / (size_t) threads.thread_count();
    const double seconds = threads.seconds(repetitions, [&](int thread) { read_share(bytes + (size_t) thread * share, share); });
    return (double) (share * (size_t) threads.thread_count()) / seconds / 1e9;
}

std::vector<arithmetic_roof> arithmetic_roofs(team & threads, instructions set) {
    std::vector<arithmetic_roof> roofs;
    for (const arithmetic & each : arithmetic_of(set)) {
        const double seconds    = threads.seconds(repetitions, [&](int) { each.run(); });
        const double operations = each.operations_of_one * independent * (double) round_count * threads.thread_count();
        roofs.push_back({each.name, operations / seconds / 1e9});
    }
    return roofs;
}
