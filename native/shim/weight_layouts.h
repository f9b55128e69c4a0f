// How a weight tensor of ggml lies in memory, in the words of native/rows.
#pragma once

#include <ggml.h>
#include <row_product.h>

namespace lsl {

// False when our kernels do not know the type or the buffer.
bool find_layout(const ggml_tensor * weights, llamaspec::rows::weight_layout & layout);

}  // namespace lsl
