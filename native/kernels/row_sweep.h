/* Maximum, log-sum-exp and entropy of a row in one pass over it.
 *
 * With y = scale * logit - c, s = sum 2^y and t = sum y 2^y, the entropy is ln s - ln 2 * t/s whatever c is. So c need not be
 * the maximum, only near it: it is that of the first block, and where a block exceeds it by much, that block's becomes c, what
 * was summed is scaled, and the block is summed again. Then nothing waits for a maximum, which would cost a look at each block.
 *
 * Sums are float32 inside a block, float64 across blocks. The largest term is taken out of its block's sums at the end, because
 * there it would swallow a small remainder; that block is summed once more for it.
 *
 * A NaN needs no test of its own: it makes t one, and so does +infinity, as the reference.
 */
#ifndef LLAMASPEC_ROW_SWEEP_H
#define LLAMASPEC_ROW_SWEEP_H

#include "lane_maxima.h"
#include "vector_blocks.h"
#include "vector_exp2.h"

#include <cfloat>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace {

template <class V>
class row_sweep {
public:
    row_sweep(float scale, lane_maxima<V> & maxima) : scale_(scale), maxima_(maxima) {}

    /* False for an invalid row. */
    bool run(const float * row, int32_t column_count) {
        for (int32_t start = 0; start < column_count; start += blocks::block_columns) {
            const int32_t count = blocks::columns_in_block(start, column_count);
            if (!has_reference_ && !find_reference(row + start, count)) {
                return false;
            }
            block_sums block = sum_block(row + start, count, start / group_columns);
            if (V::bits(V::greater(block.largest, V::set(limit_)))) {
                set_reference(V::largest(block.largest));
                block = sum_block(row + start, count, start / group_columns);
            }
            add(block, start);
        }
        const double t = V::sum(V::add(total_t_, best_t_));
        if (maximum_ == -INFINITY || t != t) {
            return false;
        }
        finish(row, column_count);
        return true;
    }

    float   maximum() const { return maximum_; }
    int32_t argmax() const { return argmax_; }

    /* ln sum e^(b * (logit - maximum)), b = scale * ln 2. */
    double log_sum() const { return std::log1p(rest_); }
    double entropy() const { return log_sum() - ln_2 * weighted_ / (1 + rest_); }

private:
    using floats  = typename V::floats;
    using doubles = typename V::doubles;
    using blocks  = vector_blocks<V>;

    static constexpr int32_t group_columns = lane_maxima<V>::group_columns;
    static constexpr double  ln_2          = 0.6931471805599453;

    /* 2^8 times the reference's weight: the exponent loses no more than 3 bits to its own size. */
    static constexpr float most_exponent = 8;

    /* 6 KB, measured: rows of memory then come as fast as a plain read of them. What is prefetched beyond the row's end is ignored. */
    static constexpr int32_t prefetch_distance = 1536;

    struct block_sums {
        floats s;
        floats t;
        floats largest;
    };

    /* Where scale * logit is too large for c to be near it. */
    struct product_exponent {
        float  scale, reference;
        floats operator()(floats logits) const { return V::multiply(V::set(scale), V::subtract(logits, V::set(reference))); }
    };

    struct sum_exponent {
        float  scale, minus_c;
        floats operator()(floats logits) const { return V::multiply_add(logits, V::set(scale), V::set(minus_c)); }
    };

    /* The first block with a finite logit gives the reference; those before it add nothing. */
    bool find_reference(const float * block, int32_t count) {
        floats largest;
        if (!blocks::maximum(block, count, largest)) {
            return false;
        }
        set_reference(V::largest(largest));
        return true;
    }

    void set_reference(float logit) {
        const bool   had_reference = has_reference_;
        const double earlier       = c_;
        has_reference_             = logit != -INFINITY;
        reference_                 = has_reference_ ? logit : 0;
        c_                         = (double) scale_ * reference_;
        is_product_                = !(std::fabs(c_) < 0x1p23); /* above, rounded to a float, c would be off by more than 1 */
        c_                         = is_product_ ? c_ : (float) c_;
        limit_                     = has_reference_ ? reference_ + (most_exponent < 1e30f * scale_ ? most_exponent / scale_ : 1e30f) : -FLT_MAX;
        if (had_reference) {
            const double shift  = earlier - c_;
            const double factor = std::exp2(shift);
            total_t_            = V::multiply(V::set_double(factor), V::add(total_t_, V::multiply(V::set_double(shift), total_s_)));
            total_s_            = V::multiply(V::set_double(factor), total_s_);
            rescale_best(shift, factor);
        }
    }

    block_sums sum_block(const float * block, int32_t count, int32_t first_group) {
        const auto store = [&](int32_t group, floats largest) { maxima_.add_group(first_group + group, largest); };
        return is_product_ ? sum(block, count, product_exponent{scale_, reference_}, store)
                           : sum(block, count, sum_exponent{scale_, (float) -c_}, store);
    }

    template <class Exponent, class OnGroup>
    static block_sums sum(const float * block, int32_t count, Exponent exponent, OnGroup on_group) {
        block_sums result = {V::set(0), V::set(0), V::set(-INFINITY)};
        floats     s = V::set(0), t = V::set(0);
        for (int32_t start = 0; start < count; start += group_columns) {
            const int32_t end     = count - start < group_columns ? count : start + group_columns;
            floats        largest = V::set(-INFINITY);
            int32_t       i       = start;
            for (; i + 2 * V::width <= end; i += 2 * V::width) {
                V::prefetch_two(block + i + prefetch_distance);
                add_term(V::load(block + i), exponent, result.s, result.t, largest);
                add_term(V::load(block + i + V::width), exponent, s, t, largest);
            }
            blocks::for_each_vector(block + i, end - i, -INFINITY, [&](floats v, int32_t, int32_t) { add_term(v, exponent, s, t, largest); });
            on_group(start / group_columns, largest);
            result.largest = V::maximum(result.largest, largest);
        }
        result.s = V::add(result.s, s);
        result.t = V::add(result.t, t);
        return result;
    }

    template <class Exponent>
    static void add_term(floats logits, Exponent exponent, floats & s, floats & t, floats & largest) {
        largest        = V::maximum(largest, logits);
        const floats y = V::maximum(V::set(V::lowest_exponent), exponent(logits));
        const floats e = vector_exp2<V>(y, V::exp2_polynomials::for_sums);
        t              = V::multiply_add(y, e, t);
        s              = V::add(s, e);
    }

    static doubles widen(floats v) { return V::add(V::low(v), V::high(v)); }

    /* The block with the largest maximum so far is kept apart: it is the one that is summed again. */
    void add(const block_sums & block, int32_t start) {
        if (V::bits(V::greater(block.largest, V::set(maximum_)))) {
            total_s_    = V::add(total_s_, best_s_);
            total_t_    = V::add(total_t_, best_t_);
            best_s_     = widen(block.s);
            best_t_     = widen(block.t);
            maximum_    = V::largest(block.largest);
            best_start_ = start;
        } else {
            total_s_ = V::add(total_s_, widen(block.s));
            total_t_ = V::add(total_t_, widen(block.t));
        }
    }

    void rescale_best(double shift, double factor) {
        best_t_ = V::multiply(V::set_double(factor), V::add(best_t_, V::multiply(V::set_double(shift), best_s_)));
        best_s_ = V::multiply(V::set_double(factor), best_s_);
    }

    void finish(const float * row, int32_t column_count) {
        const int32_t count = blocks::columns_in_block(best_start_, column_count);
        float         others[blocks::block_columns];
        argmax_ = blocks::first_equal(row, best_start_, column_count, maximum_);
        memcpy(others, row + best_start_, (size_t) count * sizeof(float));
        others[argmax_ - best_start_] = -INFINITY;
        const auto       ignore       = [](int32_t, floats) {};
        const block_sums block = is_product_ ? sum(others, count, product_exponent{scale_, reference_}, ignore)
                                             : sum(others, count, sum_exponent{scale_, (float) -c_}, ignore);
        const double     s     = V::sum(V::add(total_s_, widen(block.s)));
        const double     t     = V::sum(V::add(total_t_, widen(block.t)));

        /* From the reference to the maximum. */
        const double shift  = c_ - (double) scale_ * maximum_;
        const double factor = std::exp2(shift);
        rest_               = factor * s;
        weighted_           = factor * (t + shift * s);
    }

    float            scale_;
    lane_maxima<V> & maxima_;

    bool   has_reference_ = false;
    bool   is_product_    = false;
    float  reference_     = 0; /* a logit */
    double c_             = 0; /* scale * reference, as it is subtracted */
    float  limit_         = 0; /* logits above it want another reference */

    doubles total_s_ = V::set_double(0), total_t_ = V::set_double(0);
    doubles best_s_ = V::set_double(0), best_t_ = V::set_double(0);
    float   maximum_    = -INFINITY;
    int32_t best_start_ = 0;
    int32_t argmax_     = 0;
    double  rest_       = 0;
    double  weighted_   = 0;
};

} // namespace

#endif
