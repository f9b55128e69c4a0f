/* Weights over a vocabulary: a number for each token and, while few tokens have weight, the list of these (the support),
 * so that work is proportional to it. Weights need not sum to 1.
 *
 * Verification needs float; the tests enumerate in double, where rounding cannot hide a small bias.
 */
#ifndef LLAMASPEC_TOKEN_WEIGHTS_H
#define LLAMASPEC_TOKEN_WEIGHTS_H

#include "row_kernels.h"

#include <stddef.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace llamaspec {

template <class Number>
class token_weights {
public:
    explicit token_weights(int32_t column_count) : weights_((size_t) column_count), support_((size_t) std::min(column_count, support_limit)) {}

    int32_t        column_count() const { return (int32_t) weights_.size(); }
    bool           is_dense() const { return is_dense_; }
    const Number * weights() const { return weights_.data(); }
    Number         operator[](int32_t token) const { return weights_[(size_t) token]; }

    /* The tokens that may have weight, unless dense. */
    const int32_t * begin() const { return support_.data(); }
    const int32_t * end() const { return support_.data() + support_count_; }

    void clear() {
        if (is_dense_) {
            std::fill(weights_.begin(), weights_.end(), Number(0));
        } else {
            for (const int32_t token : *this) {
                weights_[(size_t) token] = 0;
            }
        }
        is_dense_      = false;
        support_count_ = 0;
    }

    /* The token must have no weight yet. */
    void add(int32_t token, Number weight) {
        weights_[(size_t) token] = weight;
        if (is_dense_ || support_count_ == (int32_t) support_.size()) {
            is_dense_ = true;
            return;
        }
        support_[(size_t) support_count_++] = token;
    }

    /* The whole row, to be overwritten in full. */
    Number * overwrite_all() {
        is_dense_      = true;
        support_count_ = 0;
        return weights_.data();
    }

private:
    /* 1024: a longer list costs more to walk than the vectorised sweep over the whole row. */
    static constexpr int32_t support_limit = 1024;

    std::vector<Number>  weights_;
    std::vector<int32_t> support_;
    int32_t              support_count_ = 0;
    bool                 is_dense_      = false;
};

/* max(scale * weights - proposal, 0) into `residual`; returns the sum, in float64. */
inline double subtract_proposal(
    const row_kernels & kernels, const token_weights<float> & weights, double scale, const float * proposal, token_weights<float> & residual) {
    if (weights.is_dense()) {
        return kernels.residual(weights.weights(), scale, proposal, weights.column_count(), residual.overwrite_all());
    }
    residual.clear();
    double mass = 0;
    for (const int32_t token : weights) {
        const double weight = scale * weights[token] - proposal[token];
        if (weight > 0) {
            residual.add(token, (float) weight);
            mass += weight;
        }
    }
    return mass;
}

/* A token with probability proportional to its weight; -1 when there is no weight. */
inline int32_t sample(const row_kernels & kernels, const token_weights<float> & weights, double uniform) {
    int32_t token = -1;
    if (weights.is_dense()) {
        return kernels.sample(weights.weights(), weights.column_count(), uniform, &token) ? token : -1;
    }
    double total = 0, running = 0;
    for (const int32_t candidate : weights) {
        total += weights[candidate];
    }
    for (const int32_t candidate : weights) {
        if (weights[candidate] > 0) {
            running += weights[candidate];
            token = candidate; /* and the answer, where rounding keeps the running sum from exceeding */
            if (running > uniform * total) {
                break;
            }
        }
    }
    return token;
}

} // namespace llamaspec

#endif
