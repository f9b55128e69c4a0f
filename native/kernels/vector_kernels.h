/* The row kernels over a vector type V: neon.cpp, avx2.cpp and avx512.cpp instantiate them. Rules for includes: row_kernels.h. */
#ifndef LLAMASPEC_VECTOR_KERNELS_H
#define LLAMASPEC_VECTOR_KERNELS_H

#include "row_kernels.h"
#include "row_sweep.h"

#include <cfloat>
#include <cmath>

namespace {

template <class V>
struct vector_kernels {
    static constexpr row_kernels table(int32_t instructions) {
        return {instructions, row_statistics, argmax, softmax, residual, sample};
    }

private:
    using floats  = typename V::floats;
    using doubles = typename V::doubles;
    using mask    = typename V::mask;
    using blocks  = vector_blocks<V>;

    static constexpr double log2_e = 1.4426950408889634;

    static float clamp_to_finite(double value) {
        return (float) (value > FLT_MAX ? FLT_MAX : value < -FLT_MAX ? -FLT_MAX : value);
    }

    static bool row_statistics(
        const float * logits, int32_t column_count, float inverse_temperature,
        int32_t top_count, int32_t * top_columns, float * top_logits, lsk_row_statistics * statistics) {
        lane_maxima<V> maxima(column_count);
        row_sweep<V>   sweep(clamp_to_finite(inverse_temperature * log2_e), maxima);
        if (!sweep.run(logits, column_count)) {
            return false;
        }
        if (top_count > 0) {
            maxima.find_top(logits, top_count, top_columns, top_logits);
        }
        statistics->maximum     = sweep.maximum();
        statistics->argmax      = sweep.argmax();
        statistics->log_sum_exp = (double) inverse_temperature * sweep.maximum() + sweep.log_sum();
        statistics->entropy     = (float) sweep.entropy();
        return true;
    }

    static int32_t argmax(const float * logits, int32_t column_count) {
        float   maximum       = -INFINITY;
        int32_t maximum_block = 0;
        for (int32_t start = 0; start < column_count; start += blocks::block_columns) {
            floats largest;
            if (!blocks::maximum(logits + start, blocks::columns_in_block(start, column_count), largest)) {
                return -1;
            }
            if (V::bits(V::greater(largest, V::set(maximum)))) {
                maximum       = V::largest(largest);
                maximum_block = start;
            }
        }
        const bool is_valid = maximum != -INFINITY && maximum != INFINITY;
        return is_valid ? blocks::first_equal(logits, maximum_block, column_count, maximum) : -1;
    }

    static void softmax(
        const float * logits, int32_t column_count, float inverse_temperature, double log_sum_exp, float * probabilities) {
        /* logit - reference is small where probability is, so nothing is lost to float32; the offset is what it leaves. */
        const float reference = clamp_to_finite(log_sum_exp / inverse_temperature);
        const float offset    = clamp_to_finite(((double) inverse_temperature * reference - log_sum_exp) * log2_e);
        const float scale     = clamp_to_finite(inverse_temperature * log2_e);
        blocks::for_each_vector(logits, column_count, -INFINITY, [=](floats v, int32_t i, int32_t count) {
            const floats y = V::multiply_add(V::set(scale), V::subtract(v, V::set(reference)), V::set(offset));
            const floats e = vector_exp2<V>(
                V::maximum(V::set(V::lowest_exponent), V::minimum(y, V::set(127.0f))), V::exp2_polynomials::for_probabilities);
            blocks::store_up_to(probabilities + i, count, V::zero_below_lowest(e, y));
        });
    }

    static double residual(
        const float * target, double target_scale, const float * draft, int32_t column_count, float * residual) {
        const doubles scale = V::set_double(target_scale), zero = V::set_double(0);
        doubles       low_mass = zero, high_mass = zero;
        blocks::for_each_vector(target, column_count, 0, [&](floats t, int32_t i, int32_t count) {
            const floats  d    = blocks::load_up_to(draft + i, count, 0);
            const doubles low  = V::maximum(V::subtract(V::multiply(scale, V::low(t)), V::low(d)), zero);
            const doubles high = V::maximum(V::subtract(V::multiply(scale, V::high(t)), V::high(d)), zero);
            low_mass           = V::add(low_mass, low);
            high_mass          = V::add(high_mass, high);
            blocks::store_up_to(residual + i, count, V::narrow(low, high));
        });
        return V::sum(V::add(low_mass, high_mass));
    }

    static double sum(const float * weights, int32_t count, mask & invalid) {
        doubles low = V::set_double(0), high = low;
        mask    bad = invalid;
        blocks::for_each_vector(weights, count, 0, [&](floats w, int32_t, int32_t) {
            bad  = V::either(bad, V::not_greater_or_equal(w, V::set(0)));
            low  = V::add(low, V::low(w));
            high = V::add(high, V::high(w));
        });
        invalid = bad;
        return V::sum(V::add(low, high));
    }

    /* Block sums are added in the same order both times, so one block is sure to exceed. */
    static bool sample(const float * weights, int32_t column_count, double uniform, int32_t * column) {
        double total   = 0;
        mask   invalid = V::none();
        for (int32_t start = 0; start < column_count; start += blocks::block_columns) {
            total += sum(weights + start, blocks::columns_in_block(start, column_count), invalid);
        }
        if (V::bits(invalid) || total == (double) INFINITY) {
            return false;
        }
        const double wanted  = uniform * total;
        double       running = 0;
        *column              = -1;
        for (int32_t start = 0; start < column_count; start += blocks::block_columns) {
            const int32_t count     = blocks::columns_in_block(start, column_count);
            const double  block_sum = sum(weights + start, count, invalid);
            if (running + block_sum > wanted) {
                /* The last positive one where rounding keeps the running sum from exceeding. */
                for (int32_t i = start; i < start + count && running <= wanted; i++) {
                    running += weights[i];
                    *column = weights[i] > 0 ? i : *column;
                }
                break;
            }
            running += block_sum;
        }
        return true;
    }
};

} // namespace

#endif
