#include "message.h"

#include <cstdarg>
#include <cstdio>

namespace lsl {

static thread_local char message[2048];

int32_t fail(int32_t status, const char * format, ...) noexcept {
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    return status;
}

void clear_message() noexcept { message[0] = '\0'; }

const char * last_message() noexcept { return message; }

}  // namespace lsl
