#include "exported_kernels.h"

static bool row_statistics(
    const float * logits, int32_t column_count, float inverse_temperature, int32_t top_count, int32_t * top_columns, float * top_logits,
    lsk_row_statistics * statistics) {
    return lsk_row_statistics_f32(logits, column_count, inverse_temperature, top_count, top_columns, top_logits, statistics) == LSK_OK;
}

static int32_t argmax(const float * logits, int32_t column_count) {
    int32_t column;
    lsk_argmax_f32(logits, column_count, &column);
    return column;
}

static void softmax(const float * logits, int32_t column_count, float inverse_temperature, double log_sum_exp, float * probabilities) {
    lsk_softmax_f32(logits, column_count, inverse_temperature, log_sum_exp, probabilities);
}

static double residual(const float * target, double target_scale, const float * draft, int32_t column_count, float * residual) {
    double mass = 0;
    lsk_residual_f32(target, target_scale, draft, column_count, residual, &mass);
    return mass;
}

static bool sample(const float * weights, int32_t column_count, double uniform, int32_t * column) {
    return lsk_sample_f32(weights, column_count, uniform, column) == LSK_OK;
}

const row_kernels exported_kernels = {LSK_INSTRUCTIONS_BEST, row_statistics, argmax, softmax, residual, sample};
