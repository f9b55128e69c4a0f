/* A NaN or +infinity in any lane of any block, and rows with nothing to choose from. */
#include "check.h"
#include "rows.h"

#include <cmath>

namespace {

void check_invalid(const std::vector<float> & row, const char * what, int32_t column) {
    const int32_t      column_count = (int32_t) row.size();
    lsk_row_statistics statistics;
    int32_t            top_column, best;
    float              top_logit;
    const int32_t      top_count = column_count > 0 ? 1 : 0;
    CHECK(lsk_row_statistics_f32(row.data(), column_count, 1, top_count, &top_column, &top_logit, &statistics) == LSK_INVALID_ROW,
        "%s at %d of %d", what, column, column_count);
    CHECK(lsk_last_message()[0] != '\0', "%s: no message", what);
    CHECK(lsk_argmax_f32(row.data(), column_count, &best) == LSK_INVALID_ROW && best == -1, "%s at %d of %d", what, column, column_count);
}

void check_invalid_weight(const std::vector<float> & weights, int32_t column) {
    int32_t drawn = -7;
    CHECK(lsk_sample_f32(weights.data(), (int32_t) weights.size(), 0.5, &drawn) == LSK_INVALID_ROW && drawn == -1,
        "%g at %d of %d", (double) weights[(size_t) column], column, (int) weights.size());
}

} // namespace

void invalid_rows(int32_t) {
    check_invalid({}, "nothing", 0);
    for (const int32_t column_count : {1, 7, 16, 33, 65, 1200}) {
        for (const float filler : {0.5f, -INFINITY}) {
            check_invalid(std::vector<float>((size_t) column_count, -INFINITY), "all masked", 0);
            for (int32_t column = 0; column < column_count; column++) {
                for (const float bad : {NAN, -NAN, INFINITY}) {
                    std::vector<float> row((size_t) column_count, filler);
                    row[(size_t) column] = bad;
                    check_invalid(row, std::isnan(bad) ? "NaN" : "+infinity", column);
                }
            }
        }
        for (int32_t column = 0; column < column_count; column++) {
            for (const float bad : {NAN, INFINITY, -INFINITY, -1e-30f}) {
                std::vector<float> weights((size_t) column_count, 1);
                weights[(size_t) column] = bad;
                check_invalid_weight(weights, column);
            }
        }
    }
}
