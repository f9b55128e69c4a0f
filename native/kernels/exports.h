/* What the exported functions share: the message of a failure, and the kernels in use. */
#ifndef LLAMASPEC_EXPORTS_H
#define LLAMASPEC_EXPORTS_H

#include "row_kernels.h"

namespace llamaspec {

/* Leaves the message for lsk_last_message() of this thread and returns the status. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
int32_t fail(int32_t status, const char * format, ...);

/* An empty array may be null. */
bool is_missing(const void * array, int32_t count);

/* Of the best instruction set, or the one chosen. */
const row_kernels & kernels();

} // namespace llamaspec

#define LSK_REQUIRE(condition, ...)                           \
    do {                                                      \
        if (!(condition)) {                                   \
            return llamaspec::fail(LSK_INVALID_ARGUMENT, __VA_ARGS__); \
        }                                                     \
    } while (0)

#endif
