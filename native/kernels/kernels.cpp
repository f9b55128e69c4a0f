/* The exported functions over a row: check arguments, choose the instruction set, leave a message.
 * Nothing here or below throws, so nothing can unwind into the caller.
 */
#include "llamaspec_kernels.h"

#include "exports.h"
#include "processor.h"

#include <atomic>
#include <cmath>
#include <cstdarg>
#include <cstdio>

using namespace llamaspec;

namespace {

thread_local char message[256] = "";

/* Null when this processor or this build lacks them. */
const row_kernels * find_kernels(int32_t instructions) {
#if defined(LSK_X86_64)
    if (instructions == LSK_INSTRUCTIONS_AVX512) {
        return processor_has_avx512() ? &avx512_kernels : nullptr;
    }
    if (instructions == LSK_INSTRUCTIONS_AVX2) {
        return processor_has_avx2() ? &avx2_kernels : nullptr;
    }
#elif defined(LSK_ARM64)
    if (instructions == LSK_INSTRUCTIONS_NEON) {
        return &neon_kernels;
    }
#endif
    return instructions == LSK_INSTRUCTIONS_SCALAR ? &scalar_kernels : nullptr;
}

const row_kernels * best_kernels() {
    for (int32_t instructions = LSK_INSTRUCTIONS_NEON; instructions > LSK_INSTRUCTIONS_SCALAR; instructions--) {
        const row_kernels * found = find_kernels(instructions);
        if (found) {
            return found;
        }
    }
    return &scalar_kernels;
}

std::atomic<const row_kernels *> chosen_kernels{nullptr};

int32_t invalid_row() { return fail(LSK_INVALID_ROW, "the row holds a NaN or +infinity, or nothing above -infinity"); }

} // namespace

namespace llamaspec {

int32_t fail(int32_t status, const char * format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return status;
}

bool is_missing(const void * array, int32_t count) { return !array && count > 0; }

const row_kernels & kernels() {
    const row_kernels * chosen = chosen_kernels.load(std::memory_order_relaxed);
    if (!chosen) {
        /* Two threads may both get here; they find the same. */
        chosen = best_kernels();
        chosen_kernels.store(chosen, std::memory_order_relaxed);
    }
    return *chosen;
}

} // namespace llamaspec

int32_t lsk_abi_version(void) { return LSK_ABI_VERSION; }

const char * lsk_last_message(void) { return message; }

int32_t lsk_instructions(void) { return kernels().instructions; }

int32_t lsk_choose_instructions(int32_t instructions) {
    LSK_REQUIRE(instructions >= LSK_INSTRUCTIONS_BEST && instructions <= LSK_INSTRUCTIONS_NEON,
        "instructions is %d, not one of LSK_INSTRUCTIONS_*", instructions);
    const row_kernels * found = instructions == LSK_INSTRUCTIONS_BEST ? best_kernels() : find_kernels(instructions);
    if (!found) {
        return fail(LSK_UNSUPPORTED, "this processor or build lacks instruction set %d", instructions);
    }
    chosen_kernels.store(found, std::memory_order_relaxed);
    return LSK_OK;
}

int32_t lsk_row_statistics_f32(
    const float * logits, int32_t column_count, float inverse_temperature,
    int32_t top_count, int32_t * top_columns, float * top_logits, lsk_row_statistics * statistics) {
    LSK_REQUIRE(column_count >= 0, "column_count is %d, must not be negative", column_count);
    LSK_REQUIRE(!is_missing(logits, column_count), "logits is null");
    LSK_REQUIRE(std::isfinite(inverse_temperature) && inverse_temperature > 0,
        "inverse_temperature is %g, must be finite and above 0", (double) inverse_temperature);
    LSK_REQUIRE(top_count >= 0 && top_count <= column_count, "top_count is %d, must be 0 to column_count = %d", top_count, column_count);
    LSK_REQUIRE(!is_missing(top_columns, top_count), "top_columns is null");
    LSK_REQUIRE(!is_missing(top_logits, top_count), "top_logits is null");
    LSK_REQUIRE(statistics, "statistics is null");
    const bool is_valid = kernels().row_statistics(
        logits, column_count, inverse_temperature, top_count, top_columns, top_logits, statistics);
    return is_valid ? LSK_OK : invalid_row();
}

int32_t lsk_rows_statistics_f32(
    const float * logits, int32_t row_count, int32_t column_count, float inverse_temperature,
    lsk_row_statistics * statistics, uint8_t * is_valid) {
    LSK_REQUIRE(row_count >= 0, "row_count is %d, must not be negative", row_count);
    LSK_REQUIRE(column_count >= 0, "column_count is %d, must not be negative", column_count);
    LSK_REQUIRE(logits || row_count == 0 || column_count == 0, "logits is null");
    LSK_REQUIRE(std::isfinite(inverse_temperature) && inverse_temperature > 0,
        "inverse_temperature is %g, must be finite and above 0", (double) inverse_temperature);
    LSK_REQUIRE(!is_missing(statistics, row_count), "statistics is null");
    LSK_REQUIRE(!is_missing(is_valid, row_count), "is_valid is null");
    const row_kernels & chosen = kernels();
    for (int32_t row = 0; row < row_count; row++) {
        const float * start = column_count > 0 ? logits + (size_t) row * (size_t) column_count : nullptr;
        is_valid[row] = chosen.row_statistics(start, column_count, inverse_temperature, 0, nullptr, nullptr, statistics + row);
    }
    return LSK_OK;
}

int32_t lsk_argmax_f32(const float * logits, int32_t column_count, int32_t * column) {
    LSK_REQUIRE(column_count >= 0, "column_count is %d, must not be negative", column_count);
    LSK_REQUIRE(!is_missing(logits, column_count), "logits is null");
    LSK_REQUIRE(column, "column is null");
    *column = kernels().argmax(logits, column_count);
    return *column >= 0 ? LSK_OK : invalid_row();
}

int32_t lsk_softmax_f32(
    const float * logits, int32_t column_count, float inverse_temperature, double log_sum_exp, float * probabilities) {
    LSK_REQUIRE(column_count >= 0, "column_count is %d, must not be negative", column_count);
    LSK_REQUIRE(!is_missing(logits, column_count), "logits is null");
    LSK_REQUIRE(std::isfinite(inverse_temperature) && inverse_temperature > 0,
        "inverse_temperature is %g, must be finite and above 0", (double) inverse_temperature);
    LSK_REQUIRE(std::isfinite(log_sum_exp), "log_sum_exp is %g, must be finite", log_sum_exp);
    LSK_REQUIRE(!is_missing(probabilities, column_count), "probabilities is null");
    kernels().softmax(logits, column_count, inverse_temperature, log_sum_exp, probabilities);
    return LSK_OK;
}

int32_t lsk_residual_f32(
    const float * target, double target_scale, const float * draft, int32_t column_count, float * residual, double * mass) {
    LSK_REQUIRE(column_count >= 0, "column_count is %d, must not be negative", column_count);
    LSK_REQUIRE(!is_missing(target, column_count), "target is null");
    LSK_REQUIRE(std::isfinite(target_scale) && target_scale >= 0, "target_scale is %g, must be finite and not negative", target_scale);
    LSK_REQUIRE(!is_missing(draft, column_count), "draft is null");
    LSK_REQUIRE(!is_missing(residual, column_count), "residual is null");
    LSK_REQUIRE(mass, "mass is null");
    *mass = kernels().residual(target, target_scale, draft, column_count, residual);
    return LSK_OK;
}

int32_t lsk_sample_f32(const float * weights, int32_t column_count, double uniform, int32_t * column) {
    LSK_REQUIRE(column_count >= 0, "column_count is %d, must not be negative", column_count);
    LSK_REQUIRE(!is_missing(weights, column_count), "weights is null");
    LSK_REQUIRE(uniform >= 0 && uniform < 1, "uniform is %g, must be in [0, 1)", uniform);
    LSK_REQUIRE(column, "column is null");
    *column = -1;
    if (!kernels().sample(weights, column_count, uniform, column)) {
        return fail(LSK_INVALID_ROW, "a weight is NaN, infinite or negative");
    }
    return LSK_OK;
}
