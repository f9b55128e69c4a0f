/* Leaves a message for lsk_last_message. */
#ifndef LLAMASPEC_CUDA_MESSAGE_H
#define LLAMASPEC_CUDA_MESSAGE_H

#include <cstdint>

/* Returns status. Defined in kernels.cpp, which owns the message. */
int32_t leave_message(int32_t status, const char * text);

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
int32_t cuda_fail(int32_t status, const char * format, ...);

#define LSK_CUDA_REQUIRE(condition, ...)                       \
    do {                                                       \
        if (!(condition)) {                                    \
            return cuda_fail(LSK_INVALID_ARGUMENT, __VA_ARGS__); \
        }                                                      \
    } while (0)

#endif
