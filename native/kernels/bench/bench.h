/* The tables of llamaspec_kernels_bench. */
#ifndef LLAMASPEC_KERNELS_BENCH_H
#define LLAMASPEC_KERNELS_BENCH_H

#include "llamaspec_kernels.h"
#include "timing.h"

#include <vector>

/* By LSK_INSTRUCTIONS_*. */
constexpr const char * instruction_names[] = {"scalar", "AVX2", "AVX-512", "NEON"};
constexpr int32_t      instruction_count   = 4;

std::vector<float> normal_logits(size_t count);

/* A float32 sum in 32 accumulators, in whatever instructions the compiler uses by default. */
float read_row(const float * row, int32_t column_count);

extern volatile float sink;

void print_kernels();
void print_many_rows();
void print_trees();

#endif
