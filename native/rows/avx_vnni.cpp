#include "tile_tables.h"
#include "vector256.h"

namespace {

/* Unsigned weights by signed activations: weights of 8 bits are 128 too high. */
struct vnni_dots {
    static constexpr activation_form q8_form = activation_form::int8_minus_128;

    static __m256i to_q8_operand(__m256i v) { return _mm256_xor_si256(v, _mm256_set1_epi8((char) 0x80)); }
    static __m256i dot_eight_bits(__m256i sum, __m256i weights, __m256i quants) { return _mm256_dpbusd_avx_epi32(sum, weights, quants); }
    static __m256i dot_four_bits(__m256i sum, __m256i weights, __m256i quants) { return _mm256_dpbusd_avx_epi32(sum, weights, quants); }
};

using vnni256 = vector256<vnni_dots>;

} // namespace

namespace llamaspec {
namespace rows {

constexpr kernel_set avx_vnni_kernels = kernels_over<vnni256>("AVX-VNNI", 4, 6, q4_0x8_layout<vnni256>(4));

} // namespace rows
} // namespace llamaspec
