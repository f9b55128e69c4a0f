/* The entry points on the GPU. The build translates this file to PTX with
 *   clang++ -x cuda --cuda-device-only --cuda-gpu-arch=sm_75 -nocudainc -nocudalib -S
 * so it uses nothing of the CUDA toolkit, and no library function.
 */
#include "tree_walk.h"

#define LSK_KERNEL extern "C" __attribute__((global, launch_bounds(cuda::thread_limit))) void

LSK_KERNEL lsk_cuda_sum_rows(cuda::row_arguments arguments) {
    __attribute__((shared)) static cuda::row_memory memory;
    cuda::sum_row(cuda::block(), memory, arguments);
}

LSK_KERNEL lsk_cuda_verify_trees(cuda::tree_arguments arguments) {
    __attribute__((shared)) static cuda::tree_memory memory;
    cuda::verify_tree(cuda::block(), memory, arguments);
}
