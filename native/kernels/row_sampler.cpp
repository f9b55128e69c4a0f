#include "row_sampler.h"

#include <cmath>

namespace llamaspec {

/* 256: top-p and min-p without top-k seldom keep more; the list grows when they do. */
static constexpr int32_t first_candidates = 256;

static int32_t first_candidate_count(const lsk_tree_request & request, int32_t column_count) {
    if (request.top_k > 0 && request.top_k < column_count) {
        return request.top_k;
    }
    return request.top_p < 1 || request.min_p > 0 ? std::min(first_candidates, column_count) : 0;
}

bool row_sampler::shape(
    const row_kernels & kernels, const float * row, const lsk_tree_request & request, token_weights<float> & target,
    lsk_row_statistics & statistics) {
    const int32_t candidates = first_candidate_count(request, target.column_count());
    if (!find_top(kernels, row, request.inverse_temperature, candidates, statistics)) {
        return false;
    }
    if (candidates == 0) {
        kernels.softmax(row, target.column_count(), request.inverse_temperature, statistics.log_sum_exp, target.overwrite_all());
    } else {
        target.clear();
        fill(truncate(kernels, row, request, candidates, statistics), request.inverse_temperature, target);
    }
    return true;
}

bool row_sampler::find_top(const row_kernels & kernels, const float * row, float inverse_temperature, int32_t count, lsk_row_statistics & statistics) {
    return kernels.row_statistics(row, (int32_t) columns_.size(), inverse_temperature, count, columns_.data(), logits_.data(), &statistics);
}

double row_sampler::relative_weight(int32_t candidate, float inverse_temperature) const {
    return std::exp((double) ((logits_[(size_t) candidate] - logits_[0]) * inverse_temperature));
}

/* How many of the largest entries top-p and min-p keep; they are in the lists then. */
int32_t row_sampler::truncate(
    const row_kernels & kernels, const float * row, const lsk_tree_request & request, int32_t candidates, const lsk_row_statistics & statistics) {
    const int32_t      column_count = (int32_t) columns_.size();
    bool               is_whole_set = candidates == request.top_k || candidates == column_count;
    lsk_row_statistics plain        = statistics; /* at temperature 1: truncation comes before temperature */
    double             total        = 0;
    if (is_whole_set) {
        for (int32_t i = 0; i < candidates; i++) {
            total += relative_weight(i, 1);
        }
    } else {
        if (request.inverse_temperature != 1) {
            kernels.row_statistics(row, column_count, 1, 0, nullptr, nullptr, &plain);
        }
        total = std::exp(plain.log_sum_exp - plain.maximum);
    }
    while (true) {
        const int32_t kept = count_kept(candidates, total, request);
        if (kept < candidates || is_whole_set) {
            return kept;
        }
        candidates   = candidates < column_count / 4 ? candidates * 4 : column_count;
        is_whole_set = candidates == column_count;
        find_top(kernels, row, 1, candidates, plain);
    }
}

int32_t row_sampler::count_kept(int32_t candidates, double total, const lsk_tree_request & request) const {
    const double lowest      = request.min_p > 0 ? logits_[0] + std::log((double) request.min_p) : -INFINITY;
    const double mass_wanted = request.top_p < 1 ? request.top_p * total : INFINITY;
    double       mass        = 0;
    int32_t      kept        = 0;
    while (kept < candidates && mass < mass_wanted && logits_[(size_t) kept] >= lowest && logits_[(size_t) kept] != -INFINITY) {
        mass += relative_weight(kept, 1);
        kept++;
    }
    return kept;
}

void row_sampler::fill(int32_t kept, float inverse_temperature, token_weights<float> & target) const {
    double total = 0;
    for (int32_t i = 0; i < kept; i++) {
        total += relative_weight(i, inverse_temperature);
    }
    for (int32_t i = 0; i < kept; i++) {
        target.add(columns_[(size_t) i], (float) (relative_weight(i, inverse_temperature) / total));
    }
}

} // namespace llamaspec
