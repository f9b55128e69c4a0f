/* The kernels of one vector type as a table. */
#ifndef LLAMASPEC_ROWS_TILE_TABLES_H
#define LLAMASPEC_ROWS_TILE_TABLES_H

#include "float_tiles.h"
#include "int8_tiles.h"
#include "quantise.h"
#include "readers.h"

namespace {

template <class V, template <class> class Weights>
constexpr tile_kernel int8_tiles[] = {
    int8_tile<V, Weights, 1>,  int8_tile<V, Weights, 2>,  int8_tile<V, Weights, 3>,  int8_tile<V, Weights, 4>,
    int8_tile<V, Weights, 5>,  int8_tile<V, Weights, 6>,  int8_tile<V, Weights, 7>,  int8_tile<V, Weights, 8>,
    int8_tile<V, Weights, 9>,  int8_tile<V, Weights, 10>, int8_tile<V, Weights, 11>, int8_tile<V, Weights, 12>,
    int8_tile<V, Weights, 13>, int8_tile<V, Weights, 14>, int8_tile<V, Weights, 15>, int8_tile<V, Weights, 16>};

template <class V>
constexpr tile_kernel q4_0x8_tiles[] = {
    q4_0x8_tile<V, 1>, q4_0x8_tile<V, 2>, q4_0x8_tile<V, 3>, q4_0x8_tile<V, 4>,
    q4_0x8_tile<V, 5>, q4_0x8_tile<V, 6>, q4_0x8_tile<V, 7>, q4_0x8_tile<V, 8>};

template <class Reader>
constexpr tile_kernel float_tiles[] = {
    float_tile<Reader, 1>::run, float_tile<Reader, 2>::run, float_tile<Reader, 3>::run, float_tile<Reader, 4>::run,
    float_tile<Reader, 5>::run, float_tile<Reader, 6>::run, float_tile<Reader, 7>::run, float_tile<Reader, 8>::run};

template <class V, template <class> class Weights>
constexpr layout_kernels int8_layout(int pass_columns) {
    return {V::lanes, pass_columns, Weights<V>::form, int8_tiles<V, Weights>};
}

template <class V>
constexpr layout_kernels q4_0x8_layout(int pass_columns) {
    return {V::lanes, pass_columns, activation_form::int8_minus_8, q4_0x8_tiles<V>};
}

template <class Reader>
constexpr layout_kernels float_layout(activation_form form, int pass_columns) {
    return {Reader::vector::lanes, pass_columns, form, float_tiles<Reader>};
}

/* All layouts over one vector type. Constant expressions: nothing of these files may run before the processor was asked. */
template <class V>
constexpr kernel_set kernels_over(const char * name, int integer_columns, int float_columns, layout_kernels repacked) {
    return {name,
            {int8_layout<V, q8_0_weights>(integer_columns), int8_layout<V, q4_0_weights>(integer_columns), repacked,
             float_layout<bf16_reader<V>>(activation_form::float32, float_columns),
             float_layout<f16_reader<V>>(activation_form::float32, float_columns)},
            quantise_column,
            round_to_bfloat16};
}

constexpr layout_kernels no_layout() { return {0, 1, activation_form::float32, nullptr}; }

} // namespace

#endif
