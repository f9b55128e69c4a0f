/* How float_tiles.h reads weights of 16 bits: widened to float32, exactly. */
#ifndef LLAMASPEC_ROWS_READERS_H
#define LLAMASPEC_ROWS_READERS_H

#include "float_tiles.h"

namespace {

template <class V>
struct widening_reader {
    using vector  = V;
    using value   = float;
    using weights = typename V::floats;
    using input   = typename V::floats;

    static constexpr int step = V::lanes;

    static input load_input(const float * from) { return V::load(from); }

    static typename V::floats add_product(typename V::floats sum, weights w, input x) { return V::multiply_add(w, x, sum); }
};

template <class V>
struct f16_reader : widening_reader<V> {
    static typename V::floats load_weights(const uint8_t * from) { return V::load_f16(from); }
};

template <class V>
struct bf16_reader : widening_reader<V> {
    static typename V::floats load_weights(const uint8_t * from) { return V::load_bf16(from); }
};

} // namespace

#endif
