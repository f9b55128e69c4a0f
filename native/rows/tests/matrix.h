/* A weight matrix in one of the layouts, beside what its weights are worth. */
#ifndef LLAMASPEC_ROWS_MATRIX_H
#define LLAMASPEC_ROWS_MATRIX_H

#include "numbers.h"
#include "row_product.h"

#include <memory>
#include <vector>

using namespace llamaspec::rows;

inline bool has_blocks(weight_layout layout) { return layout < weight_layout::bf16; }

class matrix {
public:
    /* All weights zero. Each row ends `padding` bytes before the next begins. */
    matrix(weight_layout layout, int64_t row_count, int64_t length, size_t padding = 0);

    /* The layouts with blocks: scale * values[i]; within -8..7 for Q4_0. */
    void set_block(int64_t row, int64_t block, uint16_t scale, const int * values);
    /* The others: the bits of one weight. */
    void set_weight(int64_t row, int64_t k, uint16_t bits);

    /* Random weights near `deviation`; blocks of either sign of scale. */
    void fill(generator & random, float deviation = 1);
    void fill_row(int64_t row, generator & random, float deviation);

    /* The same with zeros in further rows; not for q4_0x8. */
    matrix with_rows(int64_t row_count) const;

    weight_layout layout() const { return layout_; }
    int64_t       row_count() const { return row_count_; }
    int64_t       length() const { return length_; }
    size_t        row_bytes() const { return row_bytes_; }

    const uint8_t * bytes() const { return bytes_.get(); }

    const float * weights(int64_t row) const { return &weights_[(size_t) (row * length_)]; }
    float         scale(int64_t row, int64_t block) const { return scales_[(size_t) (row * length_ / block_length + block)]; }

private:
    uint8_t * at(int64_t row, int64_t block) const;

    weight_layout              layout_;
    int64_t                    row_count_;
    int64_t                    length_;
    size_t                     row_bytes_;
    std::unique_ptr<uint8_t[]> bytes_; /* not one more than needed, so that AddressSanitizer sees a read beyond */
    std::vector<float>         weights_;
    std::vector<float>         scales_;
};

#endif
