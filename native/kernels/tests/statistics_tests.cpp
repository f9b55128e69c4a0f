/* Row statistics and argmax: against float64 and a full sort, and the vector versions against the scalar one. */
#include "check.h"
#include "rows.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace {

struct outcome {
    lsk_row_statistics   statistics;
    std::vector<int32_t> top_columns;
    std::vector<float>   top_logits;
};

outcome run(const test_row & row, float inverse_temperature, int32_t top_count) {
    outcome result = {{}, std::vector<int32_t>((size_t) top_count), std::vector<float>((size_t) top_count)};
    CHECK(lsk_row_statistics_f32(row.logits.data(), (int32_t) row.logits.size(), inverse_temperature, top_count,
              result.top_columns.data(), result.top_logits.data(), &result.statistics) == LSK_OK, "%s", row.name.c_str());
    return result;
}

/* Two sweeps in float64: the definition rather than the recurrence. */
outcome oracle(const test_row & row, float inverse_temperature, int32_t top_count) {
    const std::vector<float> & logits  = row.logits;
    const auto                 largest = std::max_element(logits.begin(), logits.end());
    double                     rest = 0, t = 0;
    for (size_t i = 0; i < logits.size(); i++) {
        const double z = (double) inverse_temperature * ((double) logits[i] - *largest);
        if (logits[i] != -INFINITY && i != (size_t) (largest - logits.begin())) {
            rest += std::exp(z);
            t += z * std::exp(z);
        }
    }
    outcome result;
    result.statistics = {*largest, (int32_t) (largest - logits.begin()),
        (double) inverse_temperature * *largest + std::log1p(rest), (float) (std::log1p(rest) - t / (1 + rest))};
    std::vector<int32_t> order(logits.size());
    std::iota(order.begin(), order.end(), 0);
    std::partial_sort(order.begin(), order.begin() + top_count, order.end(), [&](int32_t a, int32_t b) {
        return logits[(size_t) a] > logits[(size_t) b] || (logits[(size_t) a] == logits[(size_t) b] && a < b);
    });
    result.top_columns.assign(order.begin(), order.begin() + top_count);
    for (const int32_t column : result.top_columns) {
        result.top_logits.push_back(logits[(size_t) column]);
    }
    return result;
}

void compare(const test_row & row, float inverse_temperature, const outcome & seen, const outcome & wanted) {
    const char *               name = row.name.c_str();
    const lsk_row_statistics & s    = seen.statistics;
    const lsk_row_statistics & w    = wanted.statistics;
    CHECK(s.maximum == w.maximum, "%s: %g, wanted %g", name, (double) s.maximum, (double) w.maximum);
    CHECK(s.argmax == w.argmax, "%s: %d, wanted %d", name, s.argmax, w.argmax);
    CHECK(std::fabs(s.log_sum_exp - w.log_sum_exp) <= 2e-6 + 1e-12 * std::fabs(w.log_sum_exp),
        "%s, b = %g: %.9g, wanted %.9g", name, (double) inverse_temperature, s.log_sum_exp, w.log_sum_exp);
    /* 1e-20: a term that small has an exponent near 46, which float32 itself gets wrong by 1e-5. */
    CHECK(std::fabs(s.entropy - w.entropy) <= 1e-5f * w.entropy + 1e-20f,
        "%s, b = %g: %.9g, wanted %.9g", name, (double) inverse_temperature, (double) s.entropy, (double) w.entropy);
    CHECK(seen.top_columns == wanted.top_columns, "%s: top %d", name, (int) wanted.top_columns.size());
    CHECK(seen.top_logits == wanted.top_logits, "%s: top %d", name, (int) wanted.top_logits.size());
}

template <class Body>
void for_each_case(Body body) {
    for_each_row(300001, [&](const test_row & row) {
        const int32_t column_count = (int32_t) row.logits.size();
        for (const int32_t top_count : {0, 1, 2, 40, 256, column_count}) {
            if (top_count <= column_count) {
                body(row, 1.0f, top_count);
            }
        }
        for (const float inverse_temperature : {0.1f, 1.4285715f, 10.0f, 1e30f}) {
            body(row, inverse_temperature, std::min(3, column_count));
        }
    });
}

void check_argmax(const test_row & row, int32_t wanted) {
    int32_t column = -7;
    CHECK(lsk_argmax_f32(row.logits.data(), (int32_t) row.logits.size(), &column) == LSK_OK, "%s", row.name.c_str());
    CHECK(column == wanted, "%s: %d, wanted %d", row.name.c_str(), column, wanted);
}

} // namespace

void statistics_match_float64(int32_t) {
    for_each_case([](const test_row & row, float inverse_temperature, int32_t top_count) {
        const outcome wanted = oracle(row, inverse_temperature, top_count);
        compare(row, inverse_temperature, run(row, inverse_temperature, top_count), wanted);
        check_argmax(row, wanted.statistics.argmax);
    });
}

void statistics_match_scalar(int32_t instructions) {
    for_each_case([&](const test_row & row, float inverse_temperature, int32_t top_count) {
        lsk_choose_instructions(LSK_INSTRUCTIONS_SCALAR);
        const outcome wanted = run(row, inverse_temperature, top_count);
        lsk_choose_instructions(instructions);
        compare(row, inverse_temperature, run(row, inverse_temperature, top_count), wanted);
    });
}
