/* The table that every instruction set fills in: same functions, same meaning, arguments already checked.
 *
 *   scalar.cpp   the specification
 *   neon.cpp     4 columns at a time    }
 *   avx2.cpp     8 columns at a time    }  these are vector_kernels.h over their own vector type
 *   avx512.cpp   16 columns at a time   }
 *
 * Checked against each other by tests/ (ctest -R kernels), timed by bench/ (llamaspec_kernels_bench).
 *
 * avx2.cpp and avx512.cpp are compiled for processors that may not be the one at hand. So what they include keeps every
 * function in an unnamed namespace and out of std templates: the linker would otherwise be free to keep the AVX-512
 * copy of a shared inline function for everybody.
 */
#ifndef LLAMASPEC_ROW_KERNELS_H
#define LLAMASPEC_ROW_KERNELS_H

#include "llamaspec_kernels.h"

struct row_kernels {
    int32_t instructions;

    /* False for an invalid row. */
    bool (*row_statistics)(
        const float * logits, int32_t column_count, float inverse_temperature,
        int32_t top_count, int32_t * top_columns, float * top_logits, lsk_row_statistics * statistics);

    /* -1 for an invalid row. */
    int32_t (*argmax)(const float * logits, int32_t column_count);

    void (*softmax)(
        const float * logits, int32_t column_count, float inverse_temperature, double log_sum_exp, float * probabilities);

    double (*residual)(
        const float * target, double target_scale, const float * draft, int32_t column_count, float * residual);

    /* False when a weight is NaN, infinite or negative. */
    bool (*sample)(const float * weights, int32_t column_count, double uniform, int32_t * column);
};

extern const row_kernels scalar_kernels;
extern const row_kernels avx2_kernels;
extern const row_kernels avx512_kernels;
extern const row_kernels neon_kernels;

#endif
