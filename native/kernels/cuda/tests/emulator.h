/* Runs the kernels' source on the host: blocks one after the other, each thread's part of a phase in a turn of its own. */
#ifndef LLAMASPEC_CUDA_EMULATOR_H
#define LLAMASPEC_CUDA_EMULATOR_H

#include "tree_walk.h"

#include <memory>

struct emulation {
    int32_t thread_count = cuda::thread_limit; /* a power of 2 */
    int32_t stride       = 1;                  /* order of the threads' turns; odd */
};

inline void emulate(const emulation & e, int32_t block_count, const cuda::row_arguments & arguments) {
    const auto memory = std::make_unique<cuda::row_memory>();
    for (int32_t block = 0; block < block_count; block++) {
        cuda::sum_row(cuda::block{block, e.thread_count, e.stride}, *memory, arguments);
    }
}

inline void emulate(const emulation & e, int32_t block_count, const cuda::tree_arguments & arguments) {
    const auto memory = std::make_unique<cuda::tree_memory>();
    for (int32_t block = 0; block < block_count; block++) {
        cuda::verify_tree(cuda::block{block, e.thread_count, e.stride}, *memory, arguments);
    }
}

#endif
