/* Row kernels and token-tree verification of LlamaSpec: plain C ABI, no dependency.
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

#define LSK_ABI_VERSION 2

enum {
    LSK_OK               = 0,
    LSK_INVALID_ARGUMENT = 1,
    LSK_UNSUPPORTED      = 2, /* the processor lacks the instruction set asked for */
    LSK_INVALID_ROW      = 3, /* NaN, +infinity, or nothing above -infinity */
    LSK_OUT_OF_MEMORY    = 4,
};

enum {
    LSK_INSTRUCTIONS_BEST   = -1,
    LSK_INSTRUCTIONS_SCALAR = 0,
    LSK_INSTRUCTIONS_AVX2   = 1,
    LSK_INSTRUCTIONS_AVX512 = 2,
    LSK_INSTRUCTIONS_NEON   = 3,
};

typedef struct lsk_row_statistics {
    float   maximum;     /* largest logit, unscaled */
    int32_t argmax;      /* its column, the lowest where several tie */
    double  log_sum_exp; /* ln sum exp(b * logit), b = inverse temperature; float32 would cost 1e-5 of every probability at b = 10 */
    float   entropy;     /* of softmax(b * logits) */
} lsk_row_statistics;

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

/* Statistics of row_count rows, one after the other. is_valid receives 1, or 0 for an invalid row, whose statistics are undefined. */
LSK_API int32_t lsk_rows_statistics_f32(
    const float * logits, int32_t row_count, int32_t column_count, float inverse_temperature,
    lsk_row_statistics * statistics, uint8_t * is_valid);

/* Token trees: drafted tokens as nodes, a parent before its children, the parent of the first ones being the anchor token (-1).
 * A node is sampled, when chance chose its token, or certain. Sampled children of a node were drawn one after the other,
 * without replacement, from the node's proposal, in which none of its certain children has weight.
 */
enum {
    LSK_MOST_TREE_REQUESTS = 4096,
    LSK_MOST_TREE_NODES    = 65536, /* of all requests */
    LSK_MOST_COLUMNS       = 1 << 24,
};

typedef struct lsk_tree_request {
    int32_t first_node;          /* its first among the batch's nodes: the sum of node_count of the requests before it */
    int32_t node_count;          /* 0: only the anchor token's row is drawn from */
    int32_t first_row;           /* the anchor token's; node i has row first_row + i + 1 */
    int32_t is_greedy;           /* 1 at temperature 0: the path that the largest logits take */
    float   inverse_temperature; /* above 0 */
    int32_t top_k;               /* keep the k largest logits; 0 = all */
    float   top_p;               /* of these the fewest with at least this probability, (0, 1]; 1 = all */
    float   min_p;               /* and none below this times the largest probability, [0, 1]; 0 = all */
} lsk_tree_request;

enum {
    LSK_CORRECTION = 0, /* from what a rejection left of the target, or from the target beside certain children that all missed it */
    LSK_BONUS      = 1, /* from the target after a node without children */
    LSK_FALLBACK   = 2, /* from the target after a rejection that left nothing of it (rounding) */
};

typedef struct lsk_tree_verdict {
    int32_t accepted_count;
    int32_t last_node;  /* the last accepted one; -1 = none */
    int32_t next_token; /* the token after it; -1: a row on the way was invalid */
    int32_t kind;       /* LSK_CORRECTION, LSK_BONUS or LSK_FALLBACK */
} lsk_tree_verdict;

/* A state is the anchor token or a node of a request: first_node + index of the request + node + 1, the anchor token being node -1. */
typedef struct lsk_tree_batch {
    const lsk_tree_request * requests;
    int32_t                  request_count;
    const int32_t *          tokens;     /* by node */
    const int32_t *          parents;    /* by node, within its request */
    const uint8_t *          is_sampled; /* by node, 0 or 1 */
    int32_t                  node_count; /* of all requests */

    /* By state: a weight for each column, with sum 1; tested tokens lose theirs. May be null where no child is sampled. */
    float * const * proposals;

    const double *       accept_uniforms; /* in [0, 1), by node: for its test */
    const double *       next_uniforms;   /* in [0, 1), by state: for the draw after it */
    lsk_tree_verdict *   verdicts;        /* by request, written */
    lsk_row_statistics * statistics;      /* by state, written for visited ones: at the request's temperature, at 1 when greedy */
} lsk_tree_batch;

/* Verifies the trees of a step in one call, each from the anchor token down. At a node its sampled children are tested in
 * order, each against what the rejections before it left of the target (arXiv 2402.12374); what is left then draws a token,
 * and a certain child that has it is accepted. So the committed tokens have exactly the target's distribution, which is what
 * top-k, top-p, min-p and temperature, in this order, make of the row. Only rows of visited states are read.
 */
LSK_API int32_t lsk_verify_trees_f32(const float * logits, int32_t row_count, int32_t column_count, const lsk_tree_batch * batch);

/* Bit j of masks[i]: node j is i or an ancestor of it. node_count <= 64. */
LSK_API int32_t lsk_ancestor_masks(const int32_t * parents, int32_t node_count, uint64_t * masks);

#ifdef __cplusplus
}
#endif

#endif
