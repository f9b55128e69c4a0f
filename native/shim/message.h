// The message behind lsl_last_message(): one fixed buffer per thread, so that reporting a failure cannot fail.
#pragma once

#include "llamaspec_llama.h"

namespace lsl {

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
// Sets this thread's message and returns `status`, so that a check reads `return fail(...)`.
int32_t fail(int32_t status, const char * format, ...) noexcept;

void clear_message() noexcept;
const char * last_message() noexcept;

}  // namespace lsl
