// The protocol of calls that fill a buffer: the length needed is always set, too small a buffer is an expected status.
#pragma once

#include <string_view>

#include "llamaspec_llama.h"

namespace lsl {

int32_t check_buffer(const void * buffer, int32_t capacity, const int32_t * length) noexcept;

int32_t copy_out(std::string_view text, char * buffer, int32_t capacity, int32_t * length) noexcept;

}  // namespace lsl
