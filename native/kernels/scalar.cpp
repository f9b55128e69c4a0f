/* Scalar row kernels: the specification that the others are compared with. */
#include "row_kernels.h"
#include "top_entries.h"

#include <cmath>

namespace {

/* One sweep: with m the maximum so far, s = sum e^(z-m) and t = sum (z-m) e^(z-m); entropy = ln s - t/s. */
bool row_statistics(
    const float * logits, int32_t column_count, float inverse_temperature,
    int32_t top_count, int32_t * top_columns, float * top_logits, lsk_row_statistics * statistics) {
    float       maximum = -INFINITY;
    int32_t     argmax  = 0;
    double      rest    = 0; /* s without the maximum's own 1, which would swallow a small remainder */
    double      t       = 0;
    top_entries top(top_columns, top_logits, top_count, -INFINITY);

    for (int32_t column = 0; column < column_count; column++) {
        const float logit = logits[column];
        if (std::isnan(logit) || logit == INFINITY) {
            return false;
        }
        if (logit == -INFINITY) {
            continue;
        }
        if (logit > maximum) {
            if (maximum != -INFINITY) {
                const double shift  = inverse_temperature * ((double) maximum - logit);
                const double factor = std::exp(shift);
                t                   = factor * (t + shift * (1 + rest));
                rest                = factor * (1 + rest);
            }
            maximum = logit;
            argmax  = column;
        } else {
            const float z = std::fmax(inverse_temperature * (logit - maximum), -200.0f); /* e^-200 is 0, and 0 * infinity is not */
            const float e = std::exp(z);
            rest += e;
            t += (double) z * e;
        }
        if (top_count > 0) {
            top.offer(column, logit);
        }
    }
    if (maximum == -INFINITY) {
        return false;
    }
    if (top_count > 0) {
        top.finish(logits, column_count);
    }
    const double log_s      = std::log1p(rest);
    statistics->maximum     = maximum;
    statistics->argmax      = argmax;
    statistics->log_sum_exp = (double) inverse_temperature * maximum + log_s;
    statistics->entropy     = (float) (log_s - t / (1 + rest));
    return true;
}

int32_t argmax(const float * logits, int32_t column_count) {
    float   maximum = -INFINITY;
    int32_t best    = -1;
    for (int32_t column = 0; column < column_count; column++) {
        if (std::isnan(logits[column]) || logits[column] == INFINITY) {
            return -1;
        }
        if (logits[column] > maximum) {
            maximum = logits[column];
            best    = column;
        }
    }
    return best;
}

void softmax(const float * logits, int32_t column_count, float inverse_temperature, double log_sum_exp, float * probabilities) {
    for (int32_t column = 0; column < column_count; column++) {
        probabilities[column] = (float) std::exp((double) inverse_temperature * logits[column] - log_sum_exp);
    }
}

double residual(const float * target, double target_scale, const float * draft, int32_t column_count, float * residual) {
    double mass = 0;
    for (int32_t column = 0; column < column_count; column++) {
        const double difference = target_scale * target[column] - draft[column];
        const double positive   = std::fmax(difference, 0.0); /* 0 for a NaN too */
        residual[column]        = (float) positive;
        mass += positive;
    }
    return mass;
}

bool sample(const float * weights, int32_t column_count, double uniform, int32_t * column) {
    double total = 0;
    for (int32_t i = 0; i < column_count; i++) {
        if (!(weights[i] >= 0)) {
            return false;
        }
        total += weights[i];
    }
    if (total == (double) INFINITY) {
        return false;
    }
    const double wanted  = uniform * total;
    double       running = 0;
    *column              = -1; /* and the last positive one where rounding keeps the running sum from exceeding */
    for (int32_t i = 0; i < column_count && running <= wanted; i++) {
        running += weights[i];
        *column = weights[i] > 0 ? i : *column;
    }
    return true;
}

} // namespace

const row_kernels scalar_kernels = {LSK_INSTRUCTIONS_SCALAR, row_statistics, argmax, softmax, residual, sample};
