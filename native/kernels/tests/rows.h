/* The rows that every kernel is tried on. */
#ifndef LLAMASPEC_KERNELS_ROWS_H
#define LLAMASPEC_KERNELS_ROWS_H

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

struct test_row {
    std::string        name;
    std::vector<float> logits;
};

/* Calls body with valid rows: random and edge cases of every size up to column_limit. */
void for_each_row(int32_t column_limit, const std::function<void(const test_row &)> & body);

/* Logits from a normal distribution. */
std::vector<float> normal_row(int32_t column_count, float deviation, uint32_t seed);

#endif
