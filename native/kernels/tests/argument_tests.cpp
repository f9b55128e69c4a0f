/* Every bad argument is refused with a message that names it. */
#include "check.h"

#include <climits>
#include <cmath>
#include <cstring>
#include <initializer_list>

void refused(int32_t status, const char * argument) {
    CHECK(status == LSK_INVALID_ARGUMENT, "%s: status %d", argument, status);
    CHECK(strncmp(lsk_last_message(), argument, strlen(argument)) == 0, "%s: message '%s'", argument, lsk_last_message());
}

namespace {

void bad_statistics_arguments() {
    const float        logits[2] = {1, 2};
    int32_t            columns[2];
    float              tops[2];
    lsk_row_statistics s;
    refused(lsk_row_statistics_f32(nullptr, 2, 1, 0, nullptr, nullptr, &s), "logits");
    refused(lsk_row_statistics_f32(logits, -1, 1, 0, nullptr, nullptr, &s), "column_count");
    refused(lsk_row_statistics_f32(logits, INT_MIN, 1, 0, nullptr, nullptr, &s), "column_count");
    for (const float b : {0.0f, -1.0f, NAN, INFINITY, -INFINITY}) {
        refused(lsk_row_statistics_f32(logits, 2, b, 0, nullptr, nullptr, &s), "inverse_temperature");
    }
    refused(lsk_row_statistics_f32(logits, 2, 1, -1, columns, tops, &s), "top_count");
    refused(lsk_row_statistics_f32(logits, 2, 1, 3, columns, tops, &s), "top_count");
    refused(lsk_row_statistics_f32(logits, 2, 1, 1, nullptr, tops, &s), "top_columns");
    refused(lsk_row_statistics_f32(logits, 2, 1, 1, columns, nullptr, &s), "top_logits");
    refused(lsk_row_statistics_f32(logits, 2, 1, 1, columns, tops, nullptr), "statistics");
    CHECK(lsk_row_statistics_f32(nullptr, 0, 1, 0, nullptr, nullptr, &s) == LSK_INVALID_ROW, "an empty row may be null");
}

void bad_row_arguments() {
    float   row[2] = {1, 2};
    int32_t column;
    double  mass;
    refused(lsk_argmax_f32(nullptr, 2, &column), "logits");
    refused(lsk_argmax_f32(row, -1, &column), "column_count");
    refused(lsk_argmax_f32(row, 2, nullptr), "column");

    refused(lsk_softmax_f32(nullptr, 2, 1, 0, row), "logits");
    refused(lsk_softmax_f32(row, -1, 1, 0, row), "column_count");
    refused(lsk_softmax_f32(row, 2, 0, 0, row), "inverse_temperature");
    refused(lsk_softmax_f32(row, 2, NAN, 0, row), "inverse_temperature");
    refused(lsk_softmax_f32(row, 2, 1, NAN, row), "log_sum_exp");
    refused(lsk_softmax_f32(row, 2, 1, -INFINITY, row), "log_sum_exp");
    refused(lsk_softmax_f32(row, 2, 1, 0, nullptr), "probabilities");
    CHECK(lsk_softmax_f32(nullptr, 0, 1, 0, nullptr) == LSK_OK, "an empty row may be null");

    refused(lsk_residual_f32(nullptr, 1, row, 2, row, &mass), "target");
    refused(lsk_residual_f32(row, 1, nullptr, 2, row, &mass), "draft");
    refused(lsk_residual_f32(row, 1, row, 2, nullptr, &mass), "residual");
    refused(lsk_residual_f32(row, 1, row, 2, row, nullptr), "mass");
    refused(lsk_residual_f32(row, 1, row, -1, row, &mass), "column_count");
    for (const double scale : {-0.5, (double) NAN, (double) INFINITY}) {
        refused(lsk_residual_f32(row, scale, row, 2, row, &mass), "target_scale");
    }
    CHECK(lsk_residual_f32(nullptr, 1, nullptr, 0, nullptr, &mass) == LSK_OK && mass == 0, "an empty row may be null");

    refused(lsk_sample_f32(nullptr, 2, 0, &column), "weights");
    refused(lsk_sample_f32(row, -1, 0, &column), "column_count");
    refused(lsk_sample_f32(row, 2, 0, nullptr), "column");
    for (const double uniform : {-0x1p-60, 1.0, (double) NAN, (double) INFINITY}) {
        refused(lsk_sample_f32(row, 2, uniform, &column), "uniform");
    }
}

} // namespace

void bad_arguments(int32_t instructions) {
    bad_statistics_arguments();
    bad_row_arguments();

    CHECK(lsk_abi_version() == LSK_ABI_VERSION, "%d", lsk_abi_version());
    refused(lsk_choose_instructions(-2), "instructions");
    refused(lsk_choose_instructions(4), "instructions");
    CHECK(lsk_instructions() == instructions, "%d: a refused choice changes nothing", lsk_instructions());
    CHECK(lsk_choose_instructions(LSK_INSTRUCTIONS_BEST) == LSK_OK && lsk_instructions() >= instructions, "%d", lsk_instructions());
}
