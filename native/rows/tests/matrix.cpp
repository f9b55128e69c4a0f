#include "matrix.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace {

constexpr int group_rows = 8; /* of q4_0x8 */

size_t block_bytes(weight_layout layout) {
    return layout == weight_layout::q8_0 ? 34 : has_blocks(layout) ? 18 : 2 * block_length;
}

void store(uint8_t * to, uint16_t bits) { std::memcpy(to, &bits, sizeof bits); }

int low_and_high(const int * values, int i) { return (values[i] + 8) | (values[i + block_length / 2] + 8) << 4; }

} // namespace

matrix::matrix(weight_layout layout, int64_t row_count, int64_t length, size_t padding)
    : layout_(layout), row_count_(row_count), length_(length),
      row_bytes_(block_bytes(layout) * (size_t) (length / block_length) + padding), weights_((size_t) (row_count * length)),
      scales_((size_t) (row_count * length / block_length)) {
    /* No padding after the last row, or after the last eight where they lie together. */
    const size_t last = layout == weight_layout::q4_0x8 ? group_rows : 1;
    bytes_.reset(new uint8_t[(size_t) row_count * row_bytes_ - last * padding]);
    std::memset(bytes_.get(), 0xff, (size_t) row_count * row_bytes_ - last * padding);
    const int zeros[block_length] = {};
    for (int64_t row = 0; row < row_count; row++) {
        for (int64_t k = 0; k < length; k++) {
            if (!has_blocks(layout)) {
                set_weight(row, k, 0);
            } else if (k % block_length == 0) {
                set_block(row, k / block_length, 0, zeros);
            }
        }
    }
}

uint8_t * matrix::at(int64_t row, int64_t block) const {
    const size_t of_block = (size_t) block * block_bytes(layout_);
    if (layout_ == weight_layout::q4_0x8) {
        return &bytes_[(size_t) (row / group_rows) * group_rows * row_bytes_ + group_rows * of_block];
    }
    return &bytes_[(size_t) row * row_bytes_ + of_block];
}

void matrix::set_block(int64_t row, int64_t block, uint16_t scale, const int * values) {
    uint8_t * const to = at(row, block);
    const int       of_group = (int) (row % group_rows);
    store(layout_ == weight_layout::q4_0x8 ? to + 2 * of_group : to, scale);
    scales_[(size_t) (row * length_ / block_length + block)] = from_half(scale);
    for (int i = 0; i < block_length; i++) {
        weights_[(size_t) (row * length_ + block * block_length + i)] = from_half(scale) * (float) values[i];
        if (layout_ == weight_layout::q8_0) {
            to[2 + i] = (uint8_t) values[i];
        } else if (i < block_length / 2 && layout_ == weight_layout::q4_0) {
            to[2 + i] = (uint8_t) low_and_high(values, i);
        } else if (i < block_length / 2) {
            /* 8 scales, the bytes 0..7 of each of the 8 rows, the bytes 8..15; the values as signed halves. */
            to[2 * group_rows + i / 8 * 64 + of_group * 8 + i % 8] = (uint8_t) (low_and_high(values, i) ^ 0x88);
        }
    }
}

void matrix::set_weight(int64_t row, int64_t k, uint16_t bits) {
    store(at(row, 0) + 2 * k, bits);
    weights_[(size_t) (row * length_ + k)] = layout_ == weight_layout::f16 ? from_half(bits) : from_bfloat16(bits);
}

void matrix::fill_row(int64_t row, generator & random, float deviation) {
    const int lowest = layout_ == weight_layout::q8_0 ? -128 : -8;
    for (int64_t block = 0; block < length_ / block_length; block++) {
        if (!has_blocks(layout_)) {
            for (int64_t k = block * block_length; k < (block + 1) * block_length; k++) {
                const float weight = deviation * random.bell();
                set_weight(row, k, layout_ == weight_layout::f16 ? to_half(weight) : to_bfloat16(weight));
            }
            continue;
        }
        int values[block_length];
        for (int & value : values) {
            value = lowest + (int) random.below(-2 * lowest);
        }
        const float scale = deviation / (float) -lowest * (0.5f + (float) random.below(1024) / 1024);
        set_block(row, block, to_half(random.percent(50) ? scale : -scale), values);
    }
}

void matrix::fill(generator & random, float deviation) {
    for (int64_t row = 0; row < row_count_; row++) {
        fill_row(row, random, deviation);
    }
}

matrix matrix::with_rows(int64_t row_count) const {
    matrix wider(layout_, row_count, length_);
    for (int64_t row = 0; row < row_count_; row++) {
        std::memcpy(wider.at(row, 0), at(row, 0), wider.row_bytes_);
    }
    std::copy(weights_.begin(), weights_.end(), wider.weights_.begin());
    std::copy(scales_.begin(), scales_.end(), wider.scales_.begin());
    return wider;
}
