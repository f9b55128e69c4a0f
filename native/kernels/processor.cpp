/* cpuid and xgetbv: the processor must have the instructions, the operating system must save their registers. */
#include "processor.h"

#include <cstdint>

#if defined(__x86_64__) || (defined(_M_X64) && !defined(_M_ARM64EC))

#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
#else
#include <cpuid.h>
#endif

namespace {

struct registers {
    uint32_t a, b, c, d;
};

registers cpuid(uint32_t leaf, uint32_t sub_leaf = 0) {
    registers r = {0, 0, 0, 0};
#if defined(_MSC_VER) && !defined(__clang__)
    int values[4];
    __cpuid(values, (int) (leaf & 0x80000000u));
    if ((uint32_t) values[0] >= leaf) {
        __cpuidex(values, (int) leaf, (int) sub_leaf);
        r = {(uint32_t) values[0], (uint32_t) values[1], (uint32_t) values[2], (uint32_t) values[3]};
    }
#else
    __get_cpuid_count(leaf, sub_leaf, &r.a, &r.b, &r.c, &r.d);
#endif
    return r;
}

uint64_t saved_register_state() {
#if defined(_MSC_VER) && !defined(__clang__)
    return _xgetbv(0);
#else
    /* Not the intrinsic: it would need a compiler flag for this file. */
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return ((uint64_t) high << 32) | low;
#endif
}

constexpr bool has_all(uint64_t value, uint64_t bits) { return (value & bits) == bits; }

constexpr uint32_t bit(int index) { return 1u << index; }

} // namespace

bool processor_has_avx2() {
    constexpr uint32_t fma = bit(12), popcnt = bit(23), osxsave = bit(27), avx = bit(28);
    constexpr uint32_t bmi1 = bit(3), avx2 = bit(5), bmi2 = bit(8);
    constexpr uint32_t lzcnt      = bit(5);
    constexpr uint64_t sse_avx_registers = 0x6;

    /* bmi and lzcnt: MSVC's /arch:AVX2 takes them for granted. */
    return has_all(cpuid(1).c, fma | popcnt | osxsave | avx) && has_all(cpuid(7).b, bmi1 | avx2 | bmi2)
        && has_all(cpuid(0x80000001u).c, lzcnt) && has_all(saved_register_state(), sse_avx_registers);
}

bool processor_has_avx512() {
    constexpr uint32_t f = bit(16), dq = bit(17), cd = bit(28), bw = bit(30), vl = bit(31);
    constexpr uint64_t mask_and_zmm_registers = 0xe0;

    return processor_has_avx2() && has_all(cpuid(7).b, f | dq | cd | bw | vl)
        && has_all(saved_register_state(), mask_and_zmm_registers);
}

bool processor_has_f16c() { return has_all(cpuid(1).c, bit(29)); }

/* Sub-leaf 1 of leaf 7 exists where the highest sub-leaf, in eax of sub-leaf 0, is at least 1; elsewhere it reads as 0. */
bool processor_has_avx_vnni() { return processor_has_avx2() && cpuid(7).a >= 1 && has_all(cpuid(7, 1).a, bit(4)); }

bool processor_has_avx512_vnni() { return processor_has_avx512() && has_all(cpuid(7).c, bit(11)); }

bool processor_has_avx512_bf16() { return processor_has_avx512() && cpuid(7).a >= 1 && has_all(cpuid(7, 1).a, bit(5)); }

bool processor_has_neon_dot_product() { return false; }

#else

#if defined(__linux__) && defined(__aarch64__)
#include <sys/auxv.h>
#elif defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#endif

bool processor_has_avx2() { return false; }
bool processor_has_avx512() { return false; }
bool processor_has_f16c() { return false; }
bool processor_has_avx_vnni() { return false; }
bool processor_has_avx512_vnni() { return false; }
bool processor_has_avx512_bf16() { return false; }

bool processor_has_neon_dot_product() {
#if defined(__linux__) && defined(__aarch64__)
    constexpr unsigned long asimddp = 1ul << 20;
    return (getauxval(AT_HWCAP) & asimddp) != 0;
#elif defined(_WIN32)
    constexpr DWORD dot_product_instructions = 43; /* PF_ARM_V82_DP_INSTRUCTIONS_AVAILABLE */
    return IsProcessorFeaturePresent(dot_product_instructions);
#elif defined(__APPLE__) && defined(__aarch64__)
    return true; /* every processor of Apple's that runs macOS */
#else
    return false;
#endif
}

#endif
