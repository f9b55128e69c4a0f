/* The one source of the kernels, for the GPU and for the host.
 *
 * A kernel is written as phases: phase(f) runs f(thread) for every thread of the block and then waits for all of them. What
 * stands between phases is the same for all threads, so it may read shared memory but not write it, and a value that is read
 * there must not be written in the next phase. On the GPU a phase is f(threadIdx.x) and a barrier; on the host it is a loop.
 */
#ifndef LLAMASPEC_CUDA_BLOCK_H
#define LLAMASPEC_CUDA_BLOCK_H

#include <stdint.h>

#if defined(__CUDA__)
#  define LSK_DEVICE __attribute__((device)) __attribute__((always_inline)) inline
#else
#  define LSK_DEVICE inline
#  include <cmath>
#  include <cstring>
#  if defined(_MSC_VER)
#    include <intrin.h>
#  endif
#endif

#include "../llamaspec_kernels.h"

namespace cuda {

/* Threads of a block on the GPU, and the most anywhere; a power of 2. */
constexpr int32_t thread_limit = 1024;

#if defined(__CUDA__)

constexpr float infinity = __builtin_huge_valf();

struct block {
    LSK_DEVICE int32_t index() const { return (int32_t) __nvvm_read_ptx_sreg_ctaid_x(); }
    LSK_DEVICE int32_t thread_count() const { return (int32_t) __nvvm_read_ptx_sreg_ntid_x(); }

    template <class Function>
    LSK_DEVICE void phase(Function function) const {
        function((int32_t) __nvvm_read_ptx_sreg_tid_x());
        __syncthreads();
    }
};

LSK_DEVICE int32_t  take_next(int32_t * counter) { return __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED); }
LSK_DEVICE float    multiply_add(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
LSK_DEVICE double   multiply_add(double a, double b, double c) { return __builtin_fma(a, b, c); }
LSK_DEVICE uint32_t bits_of(float value) { return __builtin_bit_cast(uint32_t, value); }
LSK_DEVICE uint64_t bits_of(double value) { return __builtin_bit_cast(uint64_t, value); }
LSK_DEVICE float    float_of(uint32_t bits) { return __builtin_bit_cast(float, bits); }
LSK_DEVICE double   double_of(uint64_t bits) { return __builtin_bit_cast(double, bits); }

#else

constexpr float infinity = HUGE_VALF;

/* Waits until all threads of a block have come. */
struct meeting_point {
    virtual void meet() = 0;

protected:
    ~meeting_point() = default;
};

/* Threads take turns in any order: a kernel whose result depends on it has a race. Or they are threads, and meet as on the GPU. */
struct block {
    int32_t         which, threads, stride; /* stride: odd, so that a walk by it meets every thread of a power of 2 */
    int32_t         self    = 0;
    meeting_point * barrier = nullptr;

    int32_t index() const { return which; }
    int32_t thread_count() const { return threads; }

    template <class Function>
    void phase(Function function) const {
        if (barrier) {
            function(self);
            barrier->meet();
            return;
        }
        for (int32_t i = 0, thread = threads / 2; i < threads; i++, thread = (thread + stride) & (threads - 1)) {
            function(thread);
        }
    }
};

#  if defined(_MSC_VER)
inline int32_t take_next(int32_t * counter) { return (int32_t) _InterlockedExchangeAdd(reinterpret_cast<volatile long *>(counter), 1); }
#  else
inline int32_t take_next(int32_t * counter) { return __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED); }
#  endif
inline float   multiply_add(float a, float b, float c) { return std::fma(a, b, c); }
inline double  multiply_add(double a, double b, double c) { return std::fma(a, b, c); }

template <class To, class From>
To same_bits(From from) {
    To to;
    static_assert(sizeof to == sizeof from, "bits are kept");
    std::memcpy(&to, &from, sizeof to);
    return to;
}

inline uint32_t bits_of(float value) { return same_bits<uint32_t>(value); }
inline uint64_t bits_of(double value) { return same_bits<uint64_t>(value); }
inline float    float_of(uint32_t bits) { return same_bits<float>(bits); }
inline double   double_of(uint64_t bits) { return same_bits<double>(bits); }

#endif

template <class T>
LSK_DEVICE T smaller(T a, T b) { return b < a ? b : a; }

template <class T>
LSK_DEVICE T larger(T a, T b) { return b > a ? b : a; }

/* Combines parts[0 .. thread_count), one of each thread, for all threads. Uses parts up. */
template <class T, class Combine>
LSK_DEVICE T combine_parts(const block & b, T * parts, Combine combine) {
    for (int32_t half = b.thread_count() / 2; half > 0; half /= 2) {
        b.phase([&](int32_t thread) {
            if (thread < half) {
                parts[thread] = combine(parts[thread], parts[thread + half]);
            }
        });
    }
    const T result = parts[0];
    b.phase([](int32_t) {}); /* all have read it before one writes again */
    return result;
}

} // namespace cuda

#endif
