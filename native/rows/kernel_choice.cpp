/* Which kernels this processor can run. */
#include "kernel_set.h"
#include "processor.h"

#include <initializer_list>

namespace llamaspec {
namespace rows {

const char * name_of(const kernel_set & kernels) { return kernels.name; }

#if defined(LLAMASPEC_ROWS_AVX512_BF16)
static const kernel_set & avx512_with_bf16() {
    static const kernel_set kernels = [] {
        kernel_set changed = avx512_kernels;
        changed.name       = "AVX-512 VNNI and BF16";
        changed.layouts[static_cast<int>(weight_layout::bf16)] = avx512_bf16_layout;
        return changed;
    }();
    return kernels;
}
#endif

const kernel_set * kernels_of(instructions wanted) {
    switch (wanted) {
#if defined(LLAMASPEC_ROWS_X86_64)
        case instructions::avx2:
            return processor_has_avx2() && processor_has_f16c() ? &avx2_kernels : nullptr;
#if defined(LLAMASPEC_ROWS_AVX_VNNI)
        case instructions::avx_vnni:
            return processor_has_avx2() && processor_has_f16c() && processor_has_avx_vnni() ? &avx_vnni_kernels : nullptr;
#endif
        case instructions::avx512:
            if (!processor_has_avx512_vnni() || !processor_has_f16c()) {
                return nullptr;
            }
#if defined(LLAMASPEC_ROWS_AVX512_BF16)
            if (processor_has_avx512_bf16()) {
                return &avx512_with_bf16();
            }
#endif
            return &avx512_kernels;
#elif defined(LLAMASPEC_ROWS_ARM64)
        case instructions::neon:
            return processor_has_neon_dot_product() ? &neon_kernels : nullptr;
#endif
        case instructions::reference:
            return &reference_kernels;
        default:
            return nullptr;
    }
}

static const kernel_set * find_best_kernels() {
    for (const instructions candidate : {instructions::avx512, instructions::avx_vnni, instructions::avx2, instructions::neon}) {
        if (const kernel_set * found = kernels_of(candidate)) {
            return found;
        }
    }
    return nullptr;
}

const kernel_set * best_kernels() {
    static const kernel_set * const best = find_best_kernels(); /* in a virtual machine a cpuid costs some 50 us */
    return best;
}

} // namespace rows
} // namespace llamaspec
