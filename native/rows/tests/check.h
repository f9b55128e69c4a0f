/* The test harness: CHECK counts and prints failures; a test group is a function that main.cpp lists. */
#ifndef LLAMASPEC_ROWS_CHECK_H
#define LLAMASPEC_ROWS_CHECK_H

#include "row_product.h"

#include <cstdio>

using namespace llamaspec::rows;

extern int    failure_count;
constexpr int most_printed_failures = 20; /* a broken kernel fails everywhere */

/* CHECK(condition, "what was seen: %d", value) */
#define CHECK(condition, ...)                                               \
    do {                                                                    \
        if (!(condition) && failure_count++ < most_printed_failures) {      \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__);                                   \
            fputc('\n', stderr);                                            \
        }                                                                   \
    } while (0)

/* Each group runs under one instruction set and may look at the reference. */
void matches_reference(instructions set);
void close_to_float64(instructions set);
void same_for_any_columns(instructions set);
void shares_activations(instructions set);
void extreme_values(instructions set);
void refuses_what_it_cannot(instructions set);

/* Random products; case i of a seed is case 0 of seed + i. */
void fuzz(instructions set, int case_count, uint64_t seed);

#endif
