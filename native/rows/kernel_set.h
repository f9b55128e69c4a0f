/* What a processor family fills in: a tile kernel per layout and number of columns, and the conversions of activations.
 *
 *   reference.cpp     the specification, plain loops
 *   neon.cpp          4 rows a tile  (arm64 with dot products)
 *   avx2.cpp          8 rows a tile  (maddubs)
 *   avx_vnni.cpp      8 rows a tile  (vpdpbusd on 256 bits)
 *   avx512.cpp        16 rows a tile (vpdpbusd on 512 bits)
 *   avx512_bf16.cpp   BF16 products of avx512.cpp where the processor has vdpbf16ps
 *
 * The files are compiled for processors that may not be the one at hand: what they include keeps every function in an
 * unnamed namespace (see kernels/row_kernels.h).
 */
#ifndef LLAMASPEC_ROWS_KERNEL_SET_H
#define LLAMASPEC_ROWS_KERNEL_SET_H

#include "row_product.h"

namespace llamaspec {
namespace rows {

/* The form in which a tile reads activations. */
enum class activation_form {
    int8_plain,     /* blocks of 32 int8 with a float32 scale */
    int8_minus_8,   /* the same; the weights are 8 too high, so each block carries -8 times its own sum */
    int8_minus_128, /* the same; the weights are 128 too high */
    float32,
    bfloat16,
};

/* Activations of one pass over the weights. Integer forms: [block][column], so that the columns of a block are neighbours.
 * Other forms: [slice][column][slice_length], so that the slice of all columns stays in the first-level cache. */
struct pass_input {
    const int8_t *  quants;      /* 32 a block */
    const float *   scales;      /* one a block */
    const int32_t * corrections; /* one a block: -offset * sum of the block's quants */
    const void *    values;
};

/* Of a pass of that many columns: a slice of all of them takes at most 16 kB. */
constexpr int slice_length_of(int columns) { return columns == 1 ? 4096 : columns == 2 ? 2048 : columns <= 4 ? 1024 : 512; }

struct tile_work {
    const uint8_t * weights;   /* first row of the tile */
    const uint8_t * next;      /* the tile after it, to be fetched meanwhile */
    size_t          row_bytes;
    int64_t         length;
    pass_input      input;
    float *         output;        /* of the tile's first row and the pass's first column */
    size_t          output_stride; /* floats from one column to the next */
};

typedef void (*tile_kernel)(const tile_work & work);

struct layout_kernels {
    int                 tile_rows;   /* 0: not supported */
    int                 pass_columns; /* most columns of one pass over the weights */
    activation_form     form;
    const tile_kernel * tiles;       /* [columns - 1] */
};

/* Quantises block_count blocks of one column: block i goes to quants + i * 32 * stride, scales + i * stride, ... */
typedef void (*quantise_kernel)(
    const float * values, int64_t block_count, int stride, int offset, int8_t * quants, float * scales, int32_t * corrections);
typedef void (*to_bfloat16_kernel)(const float * values, int64_t count, uint16_t * rounded);

struct kernel_set {
    const char *       name;
    layout_kernels     layouts[weight_layout_count];
    quantise_kernel    quantise;
    to_bfloat16_kernel to_bfloat16;
};

extern const kernel_set reference_kernels;
extern const kernel_set neon_kernels;
extern const kernel_set avx2_kernels;
extern const kernel_set avx_vnni_kernels;
extern const kernel_set avx512_kernels;

/* In place of the BF16 layout of avx512_kernels. */
extern const layout_kernels avx512_bf16_layout;

} // namespace rows
} // namespace llamaspec

#endif
