/* What a product may differ by.
 *
 * u = 2^-24, the rounding of float32. One element is a sum over k of w x, of which M = sum |w| |x| is the magnitude.
 *
 * Rounding. A sum of n floats that each carry an error of 3 u (conversion, product of the scales, product) is off by at
 * most (n + 3) u M. With blocks n is the number of blocks: within one the sums are whole numbers, exact. Otherwise a lane
 * adds length / tile_rows products, and adding the lanes takes 5 steps at most. Where activations are quantised, the x in M
 * is the quantised one, at most half a step larger. Q4_0 by eight sums each row in two lanes that carry the offset of 8
 * apart, so there M is that of the weights 0..15 and of the correction: sum (|w| + 16 |scale|) |x|.
 *
 * Quantisation. A block's step is its largest |x| / 127; rounding moves x by half a step, and the rounding of the quotient
 * itself adds 127 * 3 u of one. A block below 1e-36 may vanish as a whole. BF16 activations move by 2^-8 |x|. */
#ifndef LLAMASPEC_ROWS_TOLERANCE_H
#define LLAMASPEC_ROWS_TOLERANCE_H

#include "products.h"

/* The elements of a product, column after column, and what each may be off by. */
struct expectation {
    const char *        by         = nullptr;
    int64_t             row_count  = 0;
    std::vector<double> elements   = {};
    std::vector<double> tolerances = {};
};

/* float64, of the dequantised weights and the activations as they are: rounding and quantisation. With random activations
 * the errors of quantisation are evenly spread and independent; no sum of them is further off than 7 deviations. */
enum class input_kind { any, random };
expectation expect_float64(const target & kernels, const matrix & weights, const activations & input, input_kind kind);

/* The reference kernels, which get activations that are rounded to BF16 where the others round them: twice the rounding,
 * and one |w| times its step, for whether a tie is rounded up or down depends on whether the compiler contracts. */
expectation expect_reference(const target & kernels, const matrix & weights, const activations & input);

/* The columns that the options select. */
void check_close(const target & kernels, const matrix & weights, const how & options, const result & seen, const expectation & wanted);

#endif
