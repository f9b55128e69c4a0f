#include "tile_tables.h"
#include "vector512.h"

namespace llamaspec {
namespace rows {

const kernel_set avx512_kernels = {
    "AVX-512 VNNI",
    {int8_layout<vector512, q8_0_weights>(16), int8_layout<vector512, q4_0_weights>(16), q4_0x8_layout<vector512>(8),
     float_layout<bf16_reader<vector512>>(activation_form::float32, 8), float_layout<f16_reader<vector512>>(activation_form::float32, 8)},
    quantise_column,
    round_to_bfloat16,
};

} // namespace rows
} // namespace llamaspec
