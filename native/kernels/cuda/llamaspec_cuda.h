/* The row and tree kernels on an NVIDIA GPU: an option beside the ones of llamaspec_kernels.h, whose rules hold here too.
 *
 * Nothing of CUDA is needed to build or to load this: the driver is looked for when a session is opened, and its code is
 * translated from the PTX that the build put into this library.
 * A session belongs to one thread at a time. Its device memory grows to the largest call and is freed when it is closed.
 */
#ifndef LLAMASPEC_CUDA_H
#define LLAMASPEC_CUDA_H

#include "llamaspec_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct lsk_cuda lsk_cuda;

enum {
    LSK_CUDA_HOST   = 0, /* logits are in host memory and are copied to the device */
    LSK_CUDA_DEVICE = 1, /* logits are in the device's memory */
};

/* Most tokens that top-k may keep on the GPU. */
#define LSK_CUDA_TOP_K_LIMIT 1024

/* Opens a device by its ordinal. LSK_UNSUPPORTED, and the message says what is missing, without the NVIDIA driver, without
 * such a device, with one older than compute capability 7.5, or when the library was built without PTX. */
LSK_API int32_t lsk_cuda_open(int32_t device, lsk_cuda ** session);

/* A null session is closed already. */
LSK_API int32_t lsk_cuda_close(lsk_cuda * session);

/* UTF-8, cut to capacity - 1 bytes and ended with a zero. */
LSK_API int32_t lsk_cuda_device_name(lsk_cuda * session, char * name, int32_t capacity);

/* Copies values into the session's own device memory; *address is valid until the next call with this session that copies logits. */
LSK_API int32_t lsk_cuda_copy_f32(lsk_cuda * session, const float * values, int64_t count, const float ** address);

/* As lsk_rows_statistics_f32: statistics of row_count rows; is_valid[row] is 0, and the statistics undefined, for an invalid one. */
LSK_API int32_t lsk_cuda_rows_statistics_f32(
    lsk_cuda * session, int32_t memory, const float * logits, int32_t row_count, int32_t column_count,
    float inverse_temperature, lsk_row_statistics * statistics, uint8_t * is_valid);

/* As lsk_verify_trees_f32, but proposals are left as they are. Only logits may be in device memory.
 * LSK_UNSUPPORTED for a request whose top_k is above LSK_CUDA_TOP_K_LIMIT and below column_count: nothing is verified then. */
LSK_API int32_t lsk_cuda_verify_trees_f32(
    lsk_cuda * session, int32_t memory, const float * logits, int32_t row_count, int32_t column_count, const lsk_tree_batch * batch);

#ifdef __cplusplus
}
#endif

#endif
