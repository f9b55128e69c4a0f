/* e^x in float32 and float64, the same bits on the host and on the GPU: no library function is in PTX. */
#ifndef LLAMASPEC_CUDA_EXPONENTIAL_H
#define LLAMASPEC_CUDA_EXPONENTIAL_H

#include "block.h"

namespace cuda {

/* x <= 0; relative error below 2e-7 down to 2^-126, exactly 0 below. */
LSK_DEVICE float exponential(float x) {
    const float y       = larger(x * 1.44269502f, -127.0f);
    const float shifted = y + 12582912.0f; /* 1.5 * 2^23: rounds to an integer, which is then in the lowest bits */
    const float integer = shifted - 12582912.0f;
    /* The fraction from x itself: y has lost what the product could not hold. */
    float r = multiply_add(x, 1.44269502f, -integer);
    r       = multiply_add(x, 1.92596303e-8f, r);
    if (y < -126.0f) {
        return 0;
    }
    /* Polynomial for 2^r on [-1/2, 1/2], relative error 2.6e-9; as in vector_exp2.h. */
    float p = 1.55946778e-4f;
    p       = multiply_add(p, r, 1.34066434e-3f);
    p       = multiply_add(p, r, 9.61769279e-3f);
    p       = multiply_add(p, r, 5.55031039e-2f);
    p       = multiply_add(p, r, 2.40226522e-1f);
    p       = multiply_add(p, r, 6.93147242e-1f);
    p       = multiply_add(p, r, 1.0f);
    return float_of(bits_of(p) + (bits_of(shifted) << 23));
}

/* x <= 0; relative error below 4e-16, exactly 0 below -708. */
LSK_DEVICE double exponential(double x) {
    if (!(x >= -708)) {
        return 0;
    }
    const double magic   = 6755399441055744.0; /* 1.5 * 2^52 */
    const double shifted = x * 1.4426950408889634 + magic;
    const double integer = shifted - magic;
    double       r       = multiply_add(integer, -6.93147180369123816490e-01, x); /* ln 2 in two parts, the first with spare zeros */
    r                    = multiply_add(integer, -1.90821492927058770002e-10, r);
    double p             = 1.0 / 6227020800.0; /* 1 / 13! and so on: |r| < 0.35, so the next term is below 1e-17 */
    p                    = multiply_add(p, r, 1.0 / 479001600.0);
    p                    = multiply_add(p, r, 1.0 / 39916800.0);
    p                    = multiply_add(p, r, 1.0 / 3628800.0);
    p                    = multiply_add(p, r, 1.0 / 362880.0);
    p                    = multiply_add(p, r, 1.0 / 40320.0);
    p                    = multiply_add(p, r, 1.0 / 5040.0);
    p                    = multiply_add(p, r, 1.0 / 720.0);
    p                    = multiply_add(p, r, 1.0 / 120.0);
    p                    = multiply_add(p, r, 1.0 / 24.0);
    p                    = multiply_add(p, r, 1.0 / 6.0);
    p                    = multiply_add(p, r, 0.5);
    p                    = multiply_add(p, r, 1.0);
    p                    = multiply_add(p, r, 1.0);
    return double_of(bits_of(p) + (bits_of(shifted) << 52));
}

} // namespace cuda

#endif
