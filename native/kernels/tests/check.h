/* The test harness: CHECK counts and prints failures; a test group is a function that main.cpp lists. */
#ifndef LLAMASPEC_KERNELS_CHECK_H
#define LLAMASPEC_KERNELS_CHECK_H

#include "llamaspec_kernels.h"

#include <cstdio>

extern int failure_count;

/* CHECK(condition, "what was seen: %d", value) */
#define CHECK(condition, ...)                                           \
    do {                                                                \
        if (!(condition)) {                                             \
            failure_count++;                                            \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__);                               \
            fputc('\n', stderr);                                        \
        }                                                               \
    } while (0)

/* An invalid argument, named first in the message. */
void refused(int32_t status, const char * argument);

/* Each group runs under one instruction set and may look at others. */
void statistics_match_float64(int32_t instructions);
void statistics_match_scalar(int32_t instructions);
void softmax_matches_float64(int32_t instructions);
void elements_match_scalar(int32_t instructions);
void invalid_rows(int32_t instructions);
void sample_frequencies(int32_t instructions);
void sample_matches_scalar(int32_t instructions);
void bad_arguments(int32_t instructions);
void trees_by_hand(int32_t instructions);
void many_rows_match_one(int32_t instructions);
void ancestor_masks(int32_t instructions);
void bad_tree_arguments(int32_t instructions);
void trees_are_lossless(int32_t instructions);
void tree_faults_are_seen(int32_t instructions);
void sampler_chain_matches_definition(int32_t instructions);
void verification_is_lossless(int32_t instructions);
void fuzz(int32_t instructions, int32_t case_count, uint64_t seed);

#endif
