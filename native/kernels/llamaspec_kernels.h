/* Row kernels of LlamaSpec: plain C ABI, no dependency.
 *
 * Every function returns an lsk_status. On failure lsk_last_message() of the same thread says why.
 * Logits may be -infinity (masked); a NaN or +infinity makes a row invalid. Entropies are in nats.
 */
#ifndef LLAMASPEC_KERNELS_H
#define LLAMASPEC_KERNELS_H

#include <stdint.h>

#if defined(_WIN32)
#  define LSK_API __declspec(dllexport)
#else
#  define LSK_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define LSK_ABI_VERSION 1

enum {
    LSK_OK               = 0,
    LSK_INVALID_ARGUMENT = 1,
    LSK_UNSUPPORTED      = 2, /* the processor lacks the instruction set asked for */
    LSK_INVALID_ROW      = 3, /* NaN, +infinity, or nothing above -infinity */
};

enum {
    LSK_INSTRUCTIONS_BEST   = -1,
    LSK_INSTRUCTIONS_SCALAR = 0,
    LSK_INSTRUCTIONS_AVX2   = 1,
    LSK_INSTRUCTIONS_AVX512 = 2,
};

typedef struct lsk_row_statistics {
    float   maximum;     /* largest logit, unscaled */
    int32_t argmax;      /* its column, the lowest where several tie */
    double  log_sum_exp; /* ln sum exp(b * logit), b = inverse temperature; float32 would cost 1e-5 of every probability at b = 10 */
    float   entropy;     /* of softmax(b * logits) */
} lsk_row_statistics;

/* One request's tree in a batch: its nodes follow each other, a parent before its children. */
typedef struct lsk_tree_request {
    int32_t first_node, node_count;
    int32_t first_row; /* the anchor token's row of logits; node i has the row after it by i + 1 */
    int32_t is_greedy;
    float   inverse_temperature;
    int32_t top_k;
    float   top_p, min_p;
} lsk_tree_request;

typedef struct lsk_tree_verdict {
    int32_t accepted_count;
    int32_t last_node;  /* -1 = none was accepted */
    int32_t next_token; /* -1 = a row on the way was invalid */
    int32_t kind;       /* 0 correction, 1 bonus, 2 fallback */
} lsk_tree_verdict;

/* A state is the anchor token's (node -1) or a node's: first_node + index of the request + node + 1. */
typedef struct lsk_tree_batch {
    const lsk_tree_request * requests;
    int32_t                  request_count;
    const int32_t *          tokens;
    const int32_t *          parents; /* within the request; -1 = the anchor token */
    const uint8_t *          is_sampled;
    int32_t                  node_count;
    float * const *          proposals;       /* by state; NULL where none */
    const double *           accept_uniforms; /* by node */
    const double *           next_uniforms;   /* by state */
    lsk_tree_verdict *       verdicts;        /* by request */
    lsk_row_statistics *     statistics;      /* by state, written for visited states */
} lsk_tree_batch;

LSK_API int32_t      lsk_abi_version(void);
LSK_API const char * lsk_last_message(void);

/* The instruction set in use: the best of the processor, unless chosen otherwise (process-wide; for tests and benchmarks). */
LSK_API int32_t lsk_instructions(void);
LSK_API int32_t lsk_choose_instructions(int32_t instructions);

/* Statistics of one row, and its top_count largest entries, largest first, ties by lower column. 0 <= top_count <= column_count. */
LSK_API int32_t lsk_row_statistics_f32(
    const float * logits, int32_t column_count, float inverse_temperature,
    int32_t top_count, int32_t * top_columns, float * top_logits,
    lsk_row_statistics * statistics);

LSK_API int32_t lsk_argmax_f32(const float * logits, int32_t column_count, int32_t * column);

/* probabilities[i] = exp(inverse_temperature * logits[i] - log_sum_exp), exactly 0 where masked; below 2^-126 it may be anything below that.
 * log_sum_exp is that of the row at the same inverse temperature. probabilities may be logits. */
LSK_API int32_t lsk_softmax_f32(
    const float * logits, int32_t column_count, float inverse_temperature, double log_sum_exp, float * probabilities);

/* residual[i] = max(target_scale * target[i] - draft[i], 0); mass = their sum. Both in float64, residual rounded to float32.
 * residual may be target or draft. */
LSK_API int32_t lsk_residual_f32(
    const float * target, double target_scale, const float * draft, int32_t column_count,
    float * residual, double * mass);

/* The first column at which the running sum of weights exceeds uniform * total; never one of weight 0; -1 when all are 0.
 * LSK_INVALID_ROW and -1 when one is NaN, infinite or negative. 0 <= uniform < 1. */
LSK_API int32_t lsk_sample_f32(const float * weights, int32_t column_count, double uniform, int32_t * column);

#ifdef __cplusplus
}
#endif

#endif
