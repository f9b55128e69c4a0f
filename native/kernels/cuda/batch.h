/* Where the arrays of a call lie: one block, alike in page-locked host memory and on the device, so that all of them go there
 * in one copy and come back in another.
 */
#ifndef LLAMASPEC_CUDA_BATCH_H
#define LLAMASPEC_CUDA_BATCH_H

#include "session.h"

/* A call's arrays one after the other; the ones that the kernels write come last. */
class block_layout {
public:
    template <class T>
    size_t place(int64_t count) {
        const size_t offset = size_;
        size_               = (offset + sizeof(T) * (size_t) count + 15) / 16 * 16;
        return offset;
    }
    size_t size() const { return size_; }

private:
    size_t size_ = 0;
};

/* The same offset on both sides. */
template <class T>
T * on_host(const lsk_cuda & session, size_t offset) {
    return reinterpret_cast<T *>(static_cast<char *>(session.staging.data) + offset);
}

template <class T>
T * on_device(cuda_address address, size_t offset = 0) {
    return reinterpret_cast<T *>((uintptr_t) (address + offset));
}

/* Statistics of a number of rows, on the GPU. */
struct row_layout {
    size_t rows, inverse_temperatures, sums;

    void place_inputs(block_layout & layout, int64_t count);
    void place_outputs(block_layout & layout, int64_t count);
    cuda::row_arguments arguments(const lsk_cuda & session, const float * logits, int32_t column_count) const;
};

struct tree_layout {
    size_t requests, lowest_offsets, tokens, parents, is_sampled, accept_uniforms, next_uniforms, proposal_rows, verdicts;

    void place_inputs(block_layout & layout, const lsk_tree_batch & batch);
    void place_outputs(block_layout & layout, const lsk_tree_batch & batch);
    cuda::tree_arguments arguments(const lsk_cuda & session, const cuda::row_arguments & rows) const;
};

/* An lsk_status: whether a batch may be verified on the GPU. */
int32_t check_batch(int32_t row_count, int32_t column_count, const lsk_tree_batch & batch);

/* Writes what is copied to the device, and copies the proposals that are needed. */
int32_t fill_batch(lsk_cuda & session, const row_layout & rows, const tree_layout & trees, int32_t column_count, const lsk_tree_batch & batch);

lsk_row_statistics statistics_of(const cuda::row_sums & sums, float inverse_temperature);

#endif
