// The whole test framework: tests register themselves in a group, a failed check prints where and ends its test.
#pragma once

#include <cstdio>
#include <string>

#include "llamaspec_llama.h"

struct check_failure {};

using test_body = void (*)();
struct test_registration {
    test_registration(const char * group, const char * name, test_body body);
};

#define TEST(group, name)                                               \
    static void group##_##name();                                      \
    static const test_registration group##_##name##_registration(#group, #name, group##_##name); \
    static void group##_##name()

#define CHECK(condition)                                                                  \
    do {                                                                                  \
        if (!(condition)) {                                                               \
            std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                   \
            throw check_failure{};                                                        \
        }                                                                                 \
    } while (false)

#define CHECK_STATUS(expected, call)                                                                             \
    do {                                                                                                         \
        const int32_t actual_status = (call);                                                                    \
        if (actual_status != (expected)) {                                                                       \
            std::printf("%s:%d: %s gave %d, not %s: %s\n", __FILE__, __LINE__, #call, actual_status, #expected,  \
                        lsl_last_message());                                                                     \
            throw check_failure{};                                                                               \
        }                                                                                                        \
    } while (false)

#define CHECK_OK(call) CHECK_STATUS(LSL_OK, call)

#define CHECK_MESSAGE(part)                                                                                     \
    do {                                                                                                        \
        if (std::string(lsl_last_message()).find(part) == std::string::npos) {                                  \
            std::printf("%s:%d: the message \"%s\" lacks \"%s\"\n", __FILE__, __LINE__, lsl_last_message(),     \
                        std::string(part).c_str());                                                             \
            throw check_failure{};                                                                              \
        }                                                                                                       \
    } while (false)
