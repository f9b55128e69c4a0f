/* 2^y of a vector. Relative error below 1e-7 for y >= -126. */
#ifndef LLAMASPEC_VECTOR_EXP2_H
#define LLAMASPEC_VECTOR_EXP2_H

namespace {

/* y <= 127. Below -127 it is read as -127 (`clamped`) and the result is exactly 0; below -126 the result is below 2^-126. */
template <class V>
typename V::floats vector_exp2(typename V::floats y, typename V::floats & clamped) {
    using floats = typename V::floats;

    /* 1.5 * 2^23: adding it rounds to the nearest integer, which is then also in the lowest bits. */
    const floats magic = V::set(12582912.0f);

    clamped              = V::maximum(y, V::set(-127.0f));
    const floats shifted = V::add(clamped, magic);
    const floats r       = V::subtract(clamped, V::subtract(shifted, magic));

    /* Minimax polynomial for 2^r on [-1/2, 1/2], relative error 2.6e-9. Constant term exactly 1, so that 2^0 is 1. */
    floats p = V::set(1.55946778e-4f);
    p        = V::multiply_add(p, r, V::set(1.34066434e-3f));
    p        = V::multiply_add(p, r, V::set(9.61769279e-3f));
    p        = V::multiply_add(p, r, V::set(5.55031039e-2f));
    p        = V::multiply_add(p, r, V::set(2.40226522e-1f));
    p        = V::multiply_add(p, r, V::set(6.93147242e-1f));
    p        = V::multiply_add(p, r, V::set(1.0f));

    /* Adds the integer to the exponent. At -127 that turns 1.0 into the bits of 0.0: the zero for -infinity costs nothing. */
    return V::add_shifted_bits(p, shifted, 23);
}

} // namespace

#endif
