/* Loops over a row in vectors of V, and over a block that stays in the first-level cache. */
#ifndef LLAMASPEC_VECTOR_BLOCKS_H
#define LLAMASPEC_VECTOR_BLOCKS_H

#include <cmath>
#include <cstdint>

namespace {

template <class V>
struct vector_blocks {
    using floats = typename V::floats;
    using mask   = typename V::mask;

    static constexpr int32_t block_columns = 64 * V::width;

    static int32_t columns_in_block(int32_t start, int32_t column_count) {
        return column_count - start < block_columns ? column_count - start : block_columns;
    }

    /* Missing columns read as `fill`. */
    static floats load_up_to(const float * p, int32_t count, float fill) {
        return count == V::width ? V::load(p) : V::load_first(p, count, fill);
    }

    static void store_up_to(float * p, int32_t count, floats v) {
        if (count == V::width) {
            V::store(p, v);
        } else {
            V::store_first(p, count, v);
        }
    }

    /* body(vector, its first column, its columns) */
    template <class Body>
    static void for_each_vector(const float * row, int32_t count, float fill, Body body) {
        int32_t i = 0;
        for (; i + V::width <= count; i += V::width) {
            body(V::load(row + i), i, V::width);
        }
        if (i < count) {
            body(V::load_first(row + i, count - i, fill), i, count - i);
        }
    }

    /* The maximum of each lane. False when a NaN is among the columns. */
    static bool maximum(const float * row, int32_t count, floats & result) {
        floats  largest = V::set(-INFINITY);
        mask    nan     = V::none();
        int32_t i       = 0;
        /* Four at a time: one after the other, the latency of the maximum would set the pace. */
        for (; i + 4 * V::width <= count; i += 4 * V::width) {
            const floats a = V::load(row + i), b = V::load(row + i + V::width);
            const floats c = V::load(row + i + 2 * V::width), d = V::load(row + i + 3 * V::width);
            largest        = V::maximum(largest, V::maximum(V::maximum(a, b), V::maximum(c, d)));
            nan            = V::either(nan, V::either(V::either_is_nan(a, b), V::either_is_nan(c, d)));
        }
        for_each_vector(row + i, count - i, -INFINITY, [&](floats v, int32_t, int32_t) {
            largest = V::maximum(largest, v);
            nan     = V::either(nan, V::either_is_nan(v, v));
        });
        result = largest;
        return V::bits(nan) == 0;
    }

    /* Calls body(column) for the columns above threshold(), asked anew for every vector. */
    template <class Threshold, class Body>
    static void for_each_above(const float * row, int32_t start, int32_t count, Threshold threshold, Body body) {
        for_each_vector(row + start, count, -INFINITY, [&](floats v, int32_t i, int32_t) {
            for (uint32_t bits = V::bits(V::greater(v, V::set(threshold()))); bits; bits &= bits - 1) {
                body(start + i + V::lowest_bit(bits));
            }
        });
    }

    static int32_t first_equal(const float * row, int32_t start, int32_t column_count, float value) {
        int32_t result = -1;
        for_each_vector(row + start, columns_in_block(start, column_count), -INFINITY, [&](floats v, int32_t i, int32_t) {
            const uint32_t bits = V::bits(V::equal(v, V::set(value)));
            if (bits && result < 0) {
                result = start + i + V::lowest_bit(bits);
            }
        });
        return result;
    }
};

} // namespace

#endif
