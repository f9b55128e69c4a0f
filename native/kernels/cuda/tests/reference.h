/* TreeVerifier and Sampler once more, with the scalar kernels: what the GPU's verdicts are compared with. */
#ifndef LLAMASPEC_CUDA_REFERENCE_H
#define LLAMASPEC_CUDA_REFERENCE_H

#include "llamaspec_kernels.h"

/* Proposals are left as they are. */
void verify_reference(const float * logits, int32_t column_count, const lsk_tree_batch & batch);

#endif
