/* Finds the top entries of a row without a second look at most of it.
 *
 * The sweep leaves, per block, the largest logit of each lane. Where top_count of these reach a value, the smallest top
 * entry reaches it too; so blocks whose maxima stay below it hold none. The cost hardly depends on the order of the row.
 */
#ifndef LLAMASPEC_LANE_MAXIMA_H
#define LLAMASPEC_LANE_MAXIMA_H

#include "top_entries.h"
#include "vector_blocks.h"

#include <cfloat>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace {

template <class V>
class lane_maxima {
public:
    using floats = typename V::floats;
    using blocks = vector_blocks<V>;

    explicit lane_maxima(int32_t column_count) : column_count_(column_count) {
        const int32_t block_count = 1 + (column_count - 1) / blocks::block_columns;
        slot_blocks_              = 1 + (block_count - 1) / slot_limit;
        slot_count_               = 1 + (block_count - 1) / slot_blocks_;
    }

    /* Blocks come in ascending order. */
    void add_block(int32_t start, floats largest) {
        const int32_t block = start / blocks::block_columns;
        float *       slot  = values_ + block / slot_blocks_ * V::width;
        V::store(slot, block % slot_blocks_ == 0 ? largest : V::maximum(V::load(slot), largest));
    }

    void find_top(const float * row, int32_t top_count, int32_t * top_columns, float * top_logits) const {
        top_entries   top(top_columns, top_logits, top_count, just_below(least_top_value(top_count)));
        const int32_t slot_columns = slot_blocks_ * blocks::block_columns;
        for (int32_t slot = 0; slot < slot_count_; slot++) {
            if (V::bits(V::greater(V::load(values_ + slot * V::width), V::set(top.threshold())))) {
                const int32_t start = slot * slot_columns;
                const int32_t count = column_count_ - start < slot_columns ? column_count_ - start : slot_columns;
                blocks::for_each_above(row, start, count, [&] { return top.threshold(); },
                    [&](int32_t column) { top.offer(column, row[column]); });
            }
        }
        top.finish(row, column_count_);
    }

private:
    /* 4096 floats of stack: 262,144 columns; a longer row shares slots between blocks. */
    static constexpr int32_t slot_limit = 4096 / V::width;

    int32_t count_at_least(float value) const {
        int32_t count = 0;
        for (int32_t slot = 0; slot < slot_count_; slot++) {
            count += V::count_bits(V::bits(V::greater_or_equal(V::load(values_ + slot * V::width), V::set(value))));
        }
        return count;
    }

    /* A value that at least top_count lanes reach, near the largest such: bisection over the floats in order. */
    float least_top_value(int32_t top_count) const {
        if (top_count > slot_count_ * V::width) {
            return -INFINITY;
        }
        int64_t low = to_order(-INFINITY), high = to_order(FLT_MAX);
        while (low < high) {
            const int64_t middle  = low + (high - low + 1) / 2;
            const int32_t reached = count_at_least(from_order(middle));
            if (reached < top_count) {
                high = middle - 1;
            } else {
                low = middle;
                if (reached == top_count) {
                    break;
                }
            }
        }
        return from_order(low);
    }

    static float just_below(float value) {
        /* The neighbour of 0 in the order is -0, which is not below it. */
        return value == -INFINITY ? value : value == 0 ? -FLT_TRUE_MIN : from_order(to_order(value) - 1);
    }

    /* Integers in the order of the floats. */
    static int64_t to_order(float value) {
        int32_t bits;
        memcpy(&bits, &value, sizeof bits);
        return bits < 0 ? bits ^ 0x7fffffff : bits;
    }

    static float from_order(int64_t order) {
        const int32_t bits = order < 0 ? (int32_t) order ^ 0x7fffffff : (int32_t) order;
        float         value;
        memcpy(&value, &bits, sizeof value);
        return value;
    }

    int32_t column_count_;
    int32_t slot_blocks_;
    int32_t slot_count_;
    float   values_[slot_limit * V::width];
};

} // namespace

#endif
