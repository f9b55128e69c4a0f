/* The sampler chain: what top-k, top-p, min-p and temperature, in this order, make of a row. */
#ifndef LLAMASPEC_ROW_SAMPLER_H
#define LLAMASPEC_ROW_SAMPLER_H

#include "token_weights.h"

namespace llamaspec {

class row_sampler {
public:
    explicit row_sampler(int32_t column_count) : columns_((size_t) column_count), logits_((size_t) column_count) {}

    /* Probabilities into `target`, whose length is the row's; the statistics are those of the whole row at the request's
     * temperature. False for an invalid row: `target` is then untouched. */
    bool shape(
        const row_kernels & kernels, const float * row, const lsk_tree_request & request, token_weights<float> & target,
        lsk_row_statistics & statistics);

private:
    int32_t truncate(
        const row_kernels & kernels, const float * row, const lsk_tree_request & request, int32_t candidates, const lsk_row_statistics & statistics);
    bool    find_top(const row_kernels & kernels, const float * row, float inverse_temperature, int32_t count, lsk_row_statistics & statistics);
    int32_t count_kept(int32_t candidates, double total, const lsk_tree_request & request) const;
    void    fill(int32_t kept, float inverse_temperature, token_weights<float> & target) const;
    double  relative_weight(int32_t candidate, float inverse_temperature) const;

    /* The largest entries of the row, largest first. */
    std::vector<int32_t> columns_;
    std::vector<float>   logits_;
};

} // namespace llamaspec

#endif
