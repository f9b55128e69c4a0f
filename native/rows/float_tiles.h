/* Products with 16-bit floating point weights over a reader R, which turns R::step weights of a row and as many activations
 * of a column into sums of R::floats.
 *
 * Neighbouring k share a vector. A few rows by all columns are summed in registers; the activations are walked in slices
 * that fit the first-level cache, and the sums wait in memory between two slices.
 */
#ifndef LLAMASPEC_ROWS_FLOAT_TILES_H
#define LLAMASPEC_ROWS_FLOAT_TILES_H

#include "kernel_set.h"

namespace {

using namespace llamaspec::rows;

template <class R, int columns>
struct float_tile {
    using V      = typename R::vector;
    using floats = typename V::floats;

    /* Sums that fit the registers beside the weights and one activation; at least 4, to hide the latency of the additions. */
    static constexpr int rows_at_once =
        columns * 4 + 5 <= V::registers ? 4 : columns * 2 + 3 <= V::registers ? 2 : 1;

    static void add_slice(const uint8_t * weights, size_t row_bytes, int64_t count, const typename R::value * input,
                          floats (*sums)[columns]) {
        floats kept[rows_at_once][columns];
        for (int r = 0; r < rows_at_once; ++r) {
            for (int c = 0; c < columns; ++c) {
                kept[r][c] = sums[r][c];
            }
        }
        for (int64_t k = 0; k < count; k += R::step) {
            typename R::weights row[rows_at_once];
            for (int r = 0; r < rows_at_once; ++r) {
                const uint8_t * from = weights + r * row_bytes + 2 * k;
                row[r]               = R::load_weights(from);
                V::prefetch(from + rows_at_once * row_bytes);
            }
            for (int c = 0; c < columns; ++c) {
                const typename R::input column = R::load_input(input + c * slice_length_of(columns) + k);
                for (int r = 0; r < rows_at_once; ++r) {
                    kept[r][c] = R::add_product(kept[r][c], row[r], column);
                }
            }
        }
        for (int r = 0; r < rows_at_once; ++r) {
            for (int c = 0; c < columns; ++c) {
                sums[r][c] = kept[r][c];
            }
        }
    }

    static void run(const tile_work & work) {
        floats sums[V::lanes][columns];
        for (int r = 0; r < V::lanes; ++r) {
            for (int c = 0; c < columns; ++c) {
                sums[r][c] = V::set(0.0f);
            }
        }
        constexpr int slice_length = slice_length_of(columns);
        const auto *  input        = static_cast<const typename R::value *>(work.input.values);
        for (int64_t k = 0; k < work.length; k += slice_length) {
            const int64_t count = work.length - k < slice_length ? work.length - k : slice_length;
            for (int r = 0; r < V::lanes; r += rows_at_once) {
                add_slice(work.weights + r * work.row_bytes + 2 * k, work.row_bytes, count, input, sums + r);
            }
            input += columns * slice_length;
        }
        for (int c = 0; c < columns; ++c) {
            for (int r = 0; r < V::lanes; ++r) {
                work.output[c * work.output_stride + r] = V::sum_lanes(sums[r][c]);
            }
        }
    }
};

} // namespace

#endif
