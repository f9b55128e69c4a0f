/* Finds the top entries of a row without a second look at most of it.
 *
 * The sweep leaves, per slot (some vectors that follow each other), the largest logit of each lane. Where top_count of these
 * reach a value, the smallest top entry reaches it too; so lanes that stay below it hold none. What reaches it is collected, and
 * the rank of each is how many of them are larger: no branch depends on the logits, and the cost hardly on their order.
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

    static constexpr int32_t group_vectors = 16;
    static constexpr int32_t group_columns = group_vectors * V::width;

    explicit lane_maxima(int32_t column_count) : column_count_(column_count) {
        const int32_t group_count = 1 + (column_count - 1) / group_columns;
        slot_groups_              = 1 + (group_count - 1) / slot_limit;
        slot_count_               = 1 + (group_count - 1) / slot_groups_;
    }

    /* Groups come in ascending order; some of them may come again. */
    void add_group(int32_t group, floats largest) {
        float * slot = slots_ + group / slot_groups_ * V::width;
        V::store(slot, group % slot_groups_ == 0 ? largest : V::maximum(V::load(slot), largest));
    }

    /* Largest first, ties by lower column. */
    void find_top(const float * row, int32_t top_count, int32_t * top_columns, float * top_logits) const {
        const float floor = just_below(least_top_value(top_count));
        candidates  found;
        if (top_count <= most_ranked && floor != -INFINITY && collect(row, floor, found)) {
            found.rank(top_count, top_columns, top_logits);
        } else {
            select(row, floor, top_count, top_columns, top_logits);
        }
    }

private:
    /* 8192 floats of stack: 65,536 columns; a longer row shares slots between groups. */
    static constexpr int32_t slot_limit = 4096 / V::width;

    /* Ranks cost the square of their number, a heap (top_entries.h) n log n with branches that nobody can predict. */
    static constexpr int32_t most_ranked = 128;

    struct candidates {
        static constexpr int32_t limit = 2 * most_ranked;

        int32_t count = 0;
        int32_t columns[limit];
        float   logits[limit + V::width];

        void rank(int32_t top_count, int32_t * top_columns, float * top_logits) {
            V::store(logits + count, V::set(-INFINITY));
            int64_t rank_sum = 0;
            for (int32_t i = 0; i < count; i++) {
                const int32_t rank = count_at_least(logits, vector_count(), logits[i]) - 1;
                put(i, rank, top_count, top_columns, top_logits);
                rank_sum += rank;
            }
            if (rank_sum != (int64_t) count * (count - 1) / 2) {
                rank_ties(top_count, top_columns, top_logits);
            }
        }

    private:
        int32_t vector_count() const { return (count + V::width - 1) / V::width; }

        void put(int32_t i, int32_t rank, int32_t top_count, int32_t * top_columns, float * top_logits) const {
            if (rank < top_count) {
                top_columns[rank] = columns[i];
                top_logits[rank]  = logits[i];
            }
        }

        void rank_ties(int32_t top_count, int32_t * top_columns, float * top_logits) const {
            for (int32_t i = 0; i < count; i++) {
                int32_t rank = 0;
                for (int32_t j = 0; j < count; j++) {
                    rank += logits[j] > logits[i] || (logits[j] == logits[i] && columns[j] < columns[i]);
                }
                put(i, rank, top_count, top_columns, top_logits);
            }
        }
    };

    /* Slots in which a lane exceeds the floor, and the lanes as bits. */
    struct hits {
        int32_t  count = 0;
        int32_t  slots[slot_limit];
        uint32_t lanes[slot_limit];
    };

    void find_hits(float floor, hits & found) const {
        int32_t count = 0; /* not the member: a store to an array could change that, for all the compiler knows */
        for (int32_t slot = 0; slot < slot_count_; slot++) {
            const uint32_t lanes = V::bits(V::greater(V::load(slots_ + slot * V::width), V::set(floor)));
            found.slots[count]   = slot;
            found.lanes[count]   = lanes;
            count += lanes != 0;
        }
        found.count = count;
    }

    /* Which of a lane's logits in a group exceed the floor, as bits. */
    uint32_t above_in_lane(const float * row, int32_t first, int32_t end, float floor) const {
        uint32_t bits = 0;
        if (first + (group_vectors - 1) * V::width < end) {
            for (int32_t i = 0; i < group_vectors; i++) {
                bits |= (uint32_t) (row[first + i * V::width] > floor) << i;
            }
        } else {
            for (int32_t i = 0; first + i * V::width < end; i++) {
                bits |= (uint32_t) (row[first + i * V::width] > floor) << i;
            }
        }
        return bits;
    }

    /* False when more exceed the floor than there is room for. */
    bool collect(const float * row, float floor, candidates & found) const {
        const int32_t slot_columns = slot_groups_ * group_columns;
        hits          hit;
        find_hits(floor, hit);
        int32_t count = 0;
        for (int32_t i = 0; i < hit.count; i++) {
            for (uint32_t lanes = hit.lanes[i]; lanes; lanes &= lanes - 1) {
                const int32_t start = hit.slots[i] * slot_columns + V::lowest_bit(lanes);
                for (int32_t first = start; first < start + slot_columns; first += group_columns) {
                    for (uint32_t bits = above_in_lane(row, first, column_count_, floor); bits; bits &= bits - 1) {
                        if (count == candidates::limit) {
                            return false;
                        }
                        const int32_t column   = first + V::lowest_bit(bits) * V::width;
                        found.columns[count]   = column;
                        found.logits[count++] = row[column];
                    }
                }
            }
        }
        found.count = count;
        return true;
    }

    void select(const float * row, float floor, int32_t top_count, int32_t * top_columns, float * top_logits) const {
        top_entries   top(top_columns, top_logits, top_count, floor);
        const int32_t slot_columns = slot_groups_ * group_columns;
        for (int32_t slot = 0; slot < slot_count_; slot++) {
            if (V::bits(V::greater(V::load(slots_ + slot * V::width), V::set(top.threshold())))) {
                const int32_t start = slot * slot_columns;
                const int32_t count = column_count_ - start < slot_columns ? column_count_ - start : slot_columns;
                blocks::for_each_above(row, start, count, [&] { return top.threshold(); },
                    [&](int32_t column) { top.offer(column, row[column]); });
            }
        }
        top.finish(row, column_count_);
    }

    static int32_t count_at_least(const float * values, int32_t vector_count, float value) {
        int32_t count = 0;
        for (int32_t i = 0; i < vector_count; i++) {
            count += V::count_bits(V::bits(V::greater_or_equal(V::load(values + i * V::width), V::set(value))));
        }
        return count;
    }

    /* A value that at least top_count lanes reach, near the largest such. */
    float least_top_value(int32_t top_count) const {
        /* Three lanes an entry are enough for the value to be little too low, and counting more of them takes longer. */
        const int32_t wanted = 1 + 3 * (top_count / V::width + 1);
        if (slot_count_ <= wanted) {
            return top_count <= slot_count_ * V::width ? least_top_value(slots_, slot_count_, top_count) : -INFINITY;
        }
        float merged[slot_limit * V::width];
        for (int32_t i = 0; i < wanted; i++) {
            floats largest = V::load(slots_ + i * V::width);
            for (int32_t slot = i + wanted; slot < slot_count_; slot += wanted) {
                largest = V::maximum(largest, V::load(slots_ + slot * V::width));
            }
            V::store(merged + i * V::width, largest);
        }
        return least_top_value(merged, wanted, top_count);
    }

    static float least_top_value(const float * values, int32_t vector_count, int32_t top_count) {
        floats largest = V::load(values);
        for (int32_t i = 1; i < vector_count; i++) {
            largest = V::maximum(largest, V::load(values + i * V::width));
        }
        const float   maximum = V::largest(largest);
        const float   likely  = maximum - 32; /* where logits usually end */
        const int32_t enough  = top_count + top_count / 4;
        int64_t       low = to_order(-INFINITY), high = to_order(maximum);
        if (likely > -FLT_MAX && count_at_least(values, vector_count, likely) >= top_count) {
            low = to_order(likely);
        }
        while (low < high) {
            const int64_t middle  = halfway(low, high, likely);
            const int32_t reached = count_at_least(values, vector_count, from_order(middle));
            if (reached < top_count) {
                high = middle - 1;
            } else {
                low = middle;
                if (reached <= enough) {
                    break;
                }
            }
        }
        return from_order(low);
    }

    /* Above low, at most high: by value between usual logits, else in the order of the floats, which always ends. */
    static int64_t halfway(int64_t low, int64_t high, float likely) {
        const int64_t by_value = to_order(0.5f * from_order(low) + 0.5f * from_order(high));
        return from_order(low) >= likely && by_value > low && by_value <= high ? by_value : low + (high - low + 1) / 2;
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
    int32_t slot_groups_;
    int32_t slot_count_;
    float   slots_[slot_limit * V::width];
};

} // namespace

#endif
