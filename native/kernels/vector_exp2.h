/* 2^y of a vector: 2^r by a polynomial, times 2^(y - r), a power of two. V brings split(y, power), which gives r,
 * scale(p, power), which multiplies, and the polynomials for its r.
 */
#ifndef LLAMASPEC_VECTOR_EXP2_H
#define LLAMASPEC_VECTOR_EXP2_H

namespace {

/* Minimax polynomials for 2^r, lowest coefficient first. */

/* r on [-1/2, 1/2]. */
struct exp2_polynomials_nearest {
    /* Constant term exactly 1, which is what makes an exact 0 of exponent_bits. Relative error 2.2e-8. */
    static constexpr float for_probabilities[] = {
        1.0f, 6.93147242e-1f, 2.40226522e-1f, 5.55031039e-2f, 9.61769279e-3f, 1.34066434e-3f, 1.55946778e-4f};

    /* Relative error 1.6e-7. */
    static constexpr float for_sums[] = {1.00000012f, 6.93146944e-1f, 2.40221202e-1f, 5.55071309e-2f, 9.67554096e-3f, 1.32764725e-3f};
};

/* r on [0, 1). */
struct exp2_polynomials_below {
    /* Relative error 7e-9. */
    static constexpr float for_probabilities[] = {
        1.0f, 6.93147004e-1f, 2.4022983e-1f, 5.54833412e-2f, 9.67884064e-3f, 1.24396873e-3f, 2.17022549e-4f};

    /* Relative error 9e-8. */
    static constexpr float for_sums[] = {9.9999994e-1f, 6.93153083e-1f, 2.40153611e-1f, 5.58263175e-2f, 8.98933969e-3f, 1.87757669e-3f};
};

template <class V, int count>
typename V::floats vector_exp2(typename V::floats y, const float (&polynomial)[count]) {
    typename V::floats       power;
    const typename V::floats r = V::split(y, power);
    typename V::floats       p = V::set(polynomial[count - 1]);
    for (int i = count - 2; i >= 0; i--) {
        p = V::multiply_add(p, r, V::set(polynomial[i]));
    }
    return V::scale(p, power);
}

/* split and scale by way of the bits: for a V without instructions for them. */
template <class V>
struct exponent_bits {
    using exp2_polynomials = exp2_polynomials_nearest;

    static constexpr float lowest_exponent = -127;

    template <class Floats>
    static Floats split(Floats y, Floats & power) {
        /* 1.5 * 2^23: adding it rounds to the nearest integer, which is then also in the lowest bits. */
        const Floats magic = V::set(12582912.0f);
        power              = V::add(y, magic);
        return V::subtract(y, V::subtract(power, magic));
    }

    /* Adds the integer to the exponent. At -127 that turns 1.0 into the bits of 0.0: the zero for -infinity costs nothing. */
    template <class Floats>
    static Floats scale(Floats p, Floats power) { return V::add_shifted_bits(p, power, 23); }
    template <class Floats>
    static Floats zero_below_lowest(Floats e, Floats) { return e; }
};

} // namespace

#endif
