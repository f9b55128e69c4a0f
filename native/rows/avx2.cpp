#include "tile_tables.h"
#include "vector256.h"

namespace {

/* maddubs adds two products in 16 bits: weights of 4 bits fit, weights of 8 bits only as magnitudes, their sign moved to
 * the activations (128 * 127 * 2 < 2^15). */
struct maddubs_dots {
    static constexpr activation_form q8_form = activation_form::int8_plain;

    static __m256i to_q8_operand(__m256i v) { return v; }
    static __m256i dot_eight_bits(__m256i sum, __m256i weights, __m256i quants) {
        return dot_four_bits(sum, _mm256_abs_epi8(weights), _mm256_sign_epi8(quants, weights));
    }
    static __m256i dot_four_bits(__m256i sum, __m256i weights, __m256i quants) {
        return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(weights, quants), _mm256_set1_epi16(1)));
    }
};

using maddubs256 = vector256<maddubs_dots>;

} // namespace

namespace llamaspec {
namespace rows {

constexpr kernel_set avx2_kernels = kernels_over<maddubs256>("AVX2", 4, 6, q4_0x8_layout<maddubs256>(4));

} // namespace rows
} // namespace llamaspec
