#include "tile_tables.h"
#include "vector512.h"

namespace {

/* vdpbf16ps: 32 products a step, float32 sums. The activations are rounded to BF16, as llama.cpp does. */
struct bf16_dot_reader {
    using vector  = vector512;
    using value   = uint16_t;
    using weights = __m512bh;
    using input   = __m512bh;

    static constexpr int step = 32;

    static weights load_weights(const uint8_t * from) { return (__m512bh) _mm512_loadu_si512(from); }
    static input   load_input(const uint16_t * from) { return (__m512bh) _mm512_loadu_si512(from); }
    static __m512  add_product(__m512 sum, weights w, input x) { return _mm512_dpbf16_ps(sum, w, x); }
};

} // namespace

namespace llamaspec {
namespace rows {

constexpr layout_kernels avx512_bf16_layout = float_layout<bf16_dot_reader>(activation_form::bfloat16, 8);

} // namespace rows
} // namespace llamaspec
