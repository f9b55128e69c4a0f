/* One block sums up one row: what its statistics and its softmax follow from. */
#ifndef LLAMASPEC_CUDA_ROW_SUMS_H
#define LLAMASPEC_CUDA_ROW_SUMS_H

#include "exponential.h"

namespace cuda {

/* With z = b * (logit - maximum), b the inverse temperature: */
struct row_sums {
    double  rest;     /* sum of e^z without the maximum's own 1, which would swallow a small remainder */
    double  weighted; /* sum of z e^z */
    float   minimum; /* the smallest logit that is not masked */
    float   maximum;
    int32_t argmax; /* -1 for an invalid row: the rest is undefined then */
};

struct row_arguments {
    const float *   logits;
    const int32_t * rows;                 /* by block: its row of logits */
    const float *   inverse_temperatures; /* by block */
    row_sums *      sums;                 /* by block */
    int32_t         column_count;
};

struct best_column {
    float   minimum;
    float   logit;
    int32_t column;
    int32_t is_invalid;
};

union row_memory {
    best_column best[thread_limit];
    double      sums[2][thread_limit];
};

/* Float32 holds this many terms without losing what float64 is wanted for; float64 is slow on most GPUs. */
constexpr int32_t float_terms = 16;

LSK_DEVICE best_column find_best(const block & b, row_memory & memory, const float * row, int32_t column_count) {
    b.phase([&](int32_t thread) {
        best_column best = {infinity, -infinity, INT32_MAX, 0};
        for (int32_t column = thread; column < column_count; column += b.thread_count()) {
            const float logit = row[column];
            best.is_invalid |= !(logit < infinity);
            if (logit > -infinity) {
                best.minimum = smaller(best.minimum, logit);
            }
            if (logit > best.logit) {
                best.logit  = logit;
                best.column = column;
            }
        }
        memory.best[thread] = best;
    });
    return combine_parts(b, memory.best, [](best_column x, best_column y) {
        const bool  is_second = y.logit > x.logit || (y.logit == x.logit && y.column < x.column);
        best_column better    = is_second ? y : x;
        better.minimum        = smaller(x.minimum, y.minimum);
        better.is_invalid     = x.is_invalid | y.is_invalid;
        return better;
    });
}

/* Adds up memory.sums[0] and memory.sums[1] of all threads. */
LSK_DEVICE void add_up(const block & b, double (&sums)[2][thread_limit], double & first, double & second) {
    for (int32_t half = b.thread_count() / 2; half > 0; half /= 2) {
        b.phase([&](int32_t thread) {
            if (thread < half) {
                sums[0][thread] += sums[0][thread + half];
                sums[1][thread] += sums[1][thread + half];
            }
        });
    }
    first  = sums[0][0];
    second = sums[1][0];
    b.phase([](int32_t) {});
}

/* e^-200 is 0 in float32, and 0 times it is not NaN as 0 times infinity is. */
LSK_DEVICE float scaled_logit(float logit, float maximum, float inverse_temperature) {
    return larger(inverse_temperature * (logit - maximum), -200.0f);
}

LSK_DEVICE void sum_row(const block & b, row_memory & memory, const row_arguments & a) {
    const float *     row  = a.logits + (int64_t) a.rows[b.index()] * a.column_count;
    const best_column best = find_best(b, memory, row, a.column_count);
    if (best.is_invalid || best.logit == -infinity) {
        b.phase([&](int32_t thread) {
            if (thread == 0) {
                a.sums[b.index()].argmax = -1;
            }
        });
        return;
    }
    const float inverse_temperature = a.inverse_temperatures[b.index()];
    b.phase([&](int32_t thread) {
        const int32_t stride = b.thread_count();
        double        rest = 0, weighted = 0;
        for (int32_t start = thread; start < a.column_count; start += stride * float_terms) {
            float some_rest = 0, some_weighted = 0;
            for (int32_t i = 0; i < float_terms; i++) {
                const int32_t column = start + i * stride;
                if (column >= a.column_count || column == best.column) {
                    continue;
                }
                const float z = scaled_logit(row[column], best.logit, inverse_temperature);
                const float e = exponential(z);
                some_rest += e;
                some_weighted = multiply_add(z, e, some_weighted);
            }
            rest += some_rest;
            weighted += some_weighted;
        }
        memory.sums[0][thread] = rest;
        memory.sums[1][thread] = weighted;
    });
    double rest, weighted;
    add_up(b, memory.sums, rest, weighted);
    b.phase([&](int32_t thread) {
        if (thread == 0) {
            a.sums[b.index()] = row_sums{rest, weighted, best.minimum, best.logit, best.column};
        }
    });
}

} // namespace cuda

#endif
