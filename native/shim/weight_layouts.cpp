#include "weight_layouts.h"

#include <cstring>
#include <memory>

#include <ggml-alloc.h>
#include <ggml-backend.h>

namespace lsl {

using llamaspec::rows::weight_layout;

// Repacks eight rows of one known block and looks where the bytes went: the layout is not part of ggml's interface, and it
// differs from processor to processor.
static bool repacks_q4_0_by_eight(ggml_backend_buffer_type_t type) {
    constexpr int rows = 8, block_bytes = 18, scale_bytes = 2, chunk_bytes = 8;
    const ggml_init_params size = {ggml_tensor_overhead(), nullptr, true};
    const std::unique_ptr<ggml_context, decltype(&ggml_free)> context(ggml_init(size), ggml_free);
    ggml_tensor * tensor = ggml_new_tensor_2d(context.get(), GGML_TYPE_Q4_0, 32, rows);
    const std::unique_ptr<ggml_backend_buffer, decltype(&ggml_backend_buffer_free)> buffer(
        ggml_backend_alloc_ctx_tensors_from_buft(context.get(), type), ggml_backend_buffer_free);
    if (!buffer || !tensor->extra) {
        return false;
    }
    uint8_t plain[rows * block_bytes];
    for (int i = 0; i < rows * block_bytes; ++i) {
        plain[i] = static_cast<uint8_t>(i * 89 + 7);
    }
    ggml_backend_tensor_set(tensor, plain, 0, sizeof plain);
    const auto * packed = static_cast<const uint8_t *>(tensor->data);
    for (int row = 0; row < rows; ++row) {
        const uint8_t * block = plain + row * block_bytes;
        if (std::memcmp(packed + row * scale_bytes, block, scale_bytes) != 0) {
            return false;
        }
        for (int i = 0; i < block_bytes - scale_bytes; ++i) {
            const int at = rows * scale_bytes + i / chunk_bytes * rows * chunk_bytes + row * chunk_bytes + i % chunk_bytes;
            if (packed[at] != (block[scale_bytes + i] ^ 0x88)) {
                return false;
            }
        }
    }
    return true;
}

static bool is_repacked_by_eight(const ggml_tensor * weights) {
    ggml_backend_buffer_type_t type = ggml_backend_buffer_get_type(weights->buffer);
    if (weights->type != GGML_TYPE_Q4_0 || std::strcmp(ggml_backend_buft_name(type), "CPU_REPACK") != 0) {
        return false;
    }
    static const bool is_known = repacks_q4_0_by_eight(type);  // one such buffer type in a process
    return is_known && weights->ne[1] % 8 == 0;
}

bool find_layout(const ggml_tensor * weights, weight_layout & layout) {
    if (!weights->buffer || weights->nb[0] != ggml_type_size(weights->type)) {
        return false;
    }
    if (!ggml_backend_buffer_is_host(weights->buffer)) {
        layout = weight_layout::q4_0x8;
        return is_repacked_by_eight(weights);
    }
    switch (weights->type) {
        case GGML_TYPE_Q8_0:
            layout = weight_layout::q8_0;
            return true;
        case GGML_TYPE_Q4_0:
            layout = weight_layout::q4_0;
            return true;
        case GGML_TYPE_BF16:
            layout = weight_layout::bf16;
            return true;
        case GGML_TYPE_F16:
            layout = weight_layout::f16;
            return true;
        default:
            return false;
    }
}

}  // namespace lsl
