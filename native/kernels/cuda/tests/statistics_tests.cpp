/* Statistics of rows on the emulated GPU, against the scalar kernels. */
#include "groups.h"
#include "rows.h"

#include <cmath>
#include <vector>

namespace {

/* Tolerances as between the instruction sets of the CPU. */
void compare(const test_row & row, float inverse_temperature, const lsk_row_statistics & seen) {
    lsk_row_statistics wanted = {};
    const char *       name   = row.name.c_str();
    lsk_row_statistics_f32(row.logits.data(), (int32_t) row.logits.size(), inverse_temperature, 0, nullptr, nullptr, &wanted);
    CHECK(seen.maximum == wanted.maximum && seen.argmax == wanted.argmax, "%s: %g at %d, wanted %g at %d", name, (double) seen.maximum,
        seen.argmax, (double) wanted.maximum, wanted.argmax);
    CHECK(std::fabs(seen.log_sum_exp - wanted.log_sum_exp) <= 2e-6 + 1e-12 * std::fabs(wanted.log_sum_exp), "%s, b = %g: %.9g, wanted %.9g",
        name, (double) inverse_temperature, seen.log_sum_exp, wanted.log_sum_exp);
    CHECK(std::fabs(seen.entropy - wanted.entropy) <= 1e-5f * wanted.entropy + 1e-20f, "%s, b = %g: %.9g, wanted %.9g", name,
        (double) inverse_temperature, (double) seen.entropy, (double) wanted.entropy);
}

} // namespace

void statistics() {
    lsk_choose_instructions(LSK_INSTRUCTIONS_SCALAR);
    const fake_session session;
    for (const emulation & run : emulations) {
        fake_driver_state()->run = run;
        for_each_row(49152, [&](const test_row & row) {
            for (const float inverse_temperature : {1.0f, 0.1f, 1.4285715f, 10.0f, 1e30f}) {
                lsk_row_statistics seen     = {};
                uint8_t            is_valid = 7;
                CHECK(lsk_cuda_rows_statistics_f32(session.get(), LSK_CUDA_HOST, row.logits.data(), 1, (int32_t) row.logits.size(),
                          inverse_temperature, &seen, &is_valid) == LSK_OK, "%s", last_cuda_message());
                CHECK(is_valid == 1, "%s", row.name.c_str());
                compare(row, inverse_temperature, seen);
            }
        });
    }
}

void invalid_rows() {
    constexpr int32_t  columns = 100, rows = 7;
    std::vector<float> logits(columns * rows, 1.0f);
    logits[0 * columns + 99] = NAN;
    logits[2 * columns + 0]  = INFINITY;
    for (int32_t column = 0; column < columns; column++) {
        logits[(size_t) (4 * columns + column)] = -INFINITY;
        logits[(size_t) (5 * columns + column)] = column == 60 ? NAN : -INFINITY;
    }
    const fake_session session;
    for (const emulation & run : emulations) {
        fake_driver_state()->run = run;
        lsk_row_statistics seen[rows];
        uint8_t            is_valid[rows];
        CHECK(lsk_cuda_rows_statistics_f32(session.get(), LSK_CUDA_HOST, logits.data(), rows, columns, 1, seen, is_valid) == LSK_OK, "%s", last_cuda_message());
        const uint8_t wanted[rows] = {0, 1, 0, 1, 0, 0, 1};
        for (int32_t row = 0; row < rows; row++) {
            CHECK(is_valid[row] == wanted[row], "row %d: %d", row, is_valid[row]);
            CHECK(!is_valid[row] || seen[row].argmax == 0, "row %d: argmax %d", row, seen[row].argmax);
        }
    }
    const float * address = nullptr;
    lsk_row_statistics seen;
    uint8_t            is_valid = 0;
    CHECK(lsk_cuda_copy_f32(session.get(), logits.data(), columns * rows, &address) == LSK_OK, "%s", last_cuda_message());
    CHECK(lsk_cuda_rows_statistics_f32(session.get(), LSK_CUDA_DEVICE, address + columns, 1, columns, 1, &seen, &is_valid) == LSK_OK, "%s",
        last_cuda_message());
    CHECK(is_valid == 1 && std::fabs(seen.entropy - std::log(100.0f)) < 1e-5f, "the second row, already on the device: %g", (double) seen.entropy);
}
