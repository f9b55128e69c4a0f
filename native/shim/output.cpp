#include "output.h"

#include <climits>
#include <cstring>

#include "message.h"

namespace lsl {

int32_t check_buffer(const void * buffer, int32_t capacity, const int32_t * length) noexcept {
    if (!length) {
        return fail(LSL_INVALID_ARGUMENT, "length is null");
    }
    if (capacity < 0 || (capacity > 0 && !buffer)) {
        return fail(LSL_INVALID_ARGUMENT, "a capacity of %d needs a buffer", capacity);
    }
    return LSL_OK;
}

int32_t copy_out(std::string_view text, char * buffer, int32_t capacity, int32_t * length) noexcept {
    if (const int32_t status = check_buffer(buffer, capacity, length)) {
        return status;
    }
    if (text.size() > static_cast<size_t>(INT_MAX)) {
        return fail(LSL_FAILED, "the text is longer than 2 GiB");
    }
    *length = static_cast<int32_t>(text.size());
    if (*length > capacity) {
        return fail(LSL_BUFFER_TOO_SMALL, "the text needs %d bytes, the buffer has %d", *length, capacity);
    }
    if (!text.empty()) {
        std::memcpy(buffer, text.data(), text.size());
    }
    return LSL_OK;
}

}  // namespace lsl
