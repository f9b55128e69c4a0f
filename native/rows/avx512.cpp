#include "tile_tables.h"
#include "vector512.h"

namespace llamaspec {
namespace rows {

constexpr kernel_set avx512_kernels = kernels_over<vector512>("AVX-512 VNNI", 16, 8, q4_0x8_layout<vector512>(8));

} // namespace rows
} // namespace llamaspec
