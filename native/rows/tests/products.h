/* Runs a product as its callers do, and watches what it writes. */
#ifndef LLAMASPEC_ROWS_PRODUCTS_H
#define LLAMASPEC_ROWS_PRODUCTS_H

#include "kernel_set.h"
#include "matrix.h"

#include <cstring>
#include <string>

/* Enough for several passes over the weights, of several sizes; a prompt has more than a group of passes. */
constexpr int most_columns   = 40;
constexpr int prompt_columns = 150;

/* The kernels of one layout. */
struct target {
    const kernel_set * kernels;
    weight_layout      layout;

    const layout_kernels & tiles() const { return kernels->layouts[(int) layout]; }
    activation_form        form() const { return tiles().form; }
    int64_t                tile_rows() const { return tiles().tile_rows; }
};

/* Every layout that the instructions have kernels for. AVX-512 on a processor with BF16 comes with the kernels that it
 * would use without. */
std::vector<target> targets_of(instructions set);
target              reference_of(weight_layout layout);

/* Activations: column after column, `padding` floats between two, none after the last. */
struct activations {
    int                      count;
    int64_t                  length;
    size_t                   stride;
    std::unique_ptr<float[]> memory;

    activations(int column_count, int64_t of_length, size_t padding = 0);

    float *       column(int c) { return &memory[(size_t) c * stride]; }
    const float * column(int c) const { return &memory[(size_t) c * stride]; }
    void          fill(generator & random, float deviation = 1);
};

struct how {
    int         thread_count   = 1;
    int         first_column   = 0; /* the product of these columns of the activations alone */
    int         column_count   = 0; /* 0: all */
    size_t      output_padding = 0;
    workspace * shared         = nullptr; /* null: one of its own */
    bool        converts_input = true;
};

struct result {
    int64_t            row_count;
    std::vector<float> elements; /* column after column */

    const float * column(int c) const { return &elements[(size_t) (c * row_count)]; }

    bool has_same_bits(int c, const result & other, int other_column) const {
        return std::memcmp(column(c), other.column(other_column), (size_t) row_count * sizeof(float)) == 0;
    }
};

/* Fails when a float before, between or after the columns of the output has changed. */
result multiply(const target & kernels, const matrix & weights, const activations & input, const how & options = {});

/* "Q8_0 of AVX2, 9 x 64, 3 columns" */
std::string describe(const target & kernels, const matrix & weights, int column_count);

#endif
