/* Softmax and residual: element by element, and nothing written beyond the row. */
#include "check.h"
#include "rows.h"

#include <algorithm>
#include <cfloat>
#include <cmath>

namespace {

constexpr float untouched = -77;

/* One column more than the row, offset by one from any vector alignment. */
struct output_row {
    std::vector<float> memory;

    explicit output_row(size_t column_count) : memory(column_count + 2, untouched) {}
    float * data() { return memory.data() + 1; }

    void check_edges(const test_row & row) const {
        CHECK(memory.front() == untouched && memory.back() == untouched, "%s: written beyond the row", row.name.c_str());
    }
};

output_row softmax(const test_row & row, float inverse_temperature) {
    const int32_t      column_count = (int32_t) row.logits.size();
    lsk_row_statistics statistics   = {};
    output_row         result(row.logits.size());
    lsk_row_statistics_f32(row.logits.data(), column_count, inverse_temperature, 0, nullptr, nullptr, &statistics);
    CHECK(lsk_softmax_f32(row.logits.data(), column_count, inverse_temperature, statistics.log_sum_exp, result.data()) == LSK_OK,
        "%s: %s", row.name.c_str(), lsk_last_message());
    result.check_edges(row);
    return result;
}

struct residual_outcome {
    output_row residual;
    double     mass;
};

residual_outcome residual(const test_row & target, const std::vector<float> & draft, double target_scale) {
    residual_outcome result = {output_row(draft.size()), 0};
    CHECK(lsk_residual_f32(target.logits.data(), target_scale, draft.data(), (int32_t) draft.size(), result.residual.data(), &result.mass) == LSK_OK,
        "%s: %s", target.name.c_str(), lsk_last_message());
    result.residual.check_edges(target);
    return result;
}

} // namespace

void softmax_matches_float64(int32_t) {
    for_each_row(49152, [](const test_row & row) {
        for (const float inverse_temperature : {0.1f, 1.0f, 1.4285715f, 10.0f}) {
            output_row   seen    = softmax(row, inverse_temperature);
            const double maximum = *std::max_element(row.logits.begin(), row.logits.end());
            double       total = 0, sum = 0;
            if (std::fabs(inverse_temperature * maximum) > 1e9) {
                continue; /* log_sum_exp no longer holds the sum beside the maximum */
            }
            for (const float logit : row.logits) {
                total += std::exp((double) inverse_temperature * (logit - maximum));
            }
            for (size_t i = 0; i < row.logits.size(); i++) {
                const double x      = (double) inverse_temperature * (row.logits[i] - maximum) - std::log(total);
                const double wanted = std::exp(x);
                /* The exponent is float32, so its error grows with it. */
                const double tolerance = wanted == 0 ? 0 : wanted * (1.5e-6 + 3e-7 * std::fabs(x)) + FLT_MIN;
                CHECK(std::fabs(seen.data()[i] - wanted) <= tolerance,
                    "%s, b = %g, column %d: %.9g, wanted %.9g", row.name.c_str(), (double) inverse_temperature, (int) i, (double) seen.data()[i], wanted);
                sum += seen.data()[i];
            }
            CHECK(std::fabs(sum - 1) < 3e-6, "%s, b = %g: they sum to 1 %+g", row.name.c_str(), (double) inverse_temperature, sum - 1);
        }
    });
}

void elements_match_scalar(int32_t instructions) {
    for_each_row(49152, [&](const test_row & row) {
        const std::vector<float> other = normal_row((int32_t) row.logits.size(), 1, 5);
        for (const double target_scale : {0.0, 0.3, 1.0}) {
            lsk_choose_instructions(LSK_INSTRUCTIONS_SCALAR);
            residual_outcome wanted = residual(row, other, target_scale);
            lsk_choose_instructions(instructions);
            residual_outcome seen = residual(row, other, target_scale);
            CHECK(seen.residual.memory == wanted.residual.memory, "%s, scale %g", row.name.c_str(), target_scale);
            CHECK(seen.mass == wanted.mass || std::fabs(seen.mass - wanted.mass) <= 1e-12 * wanted.mass,
                "%s, scale %g: %.17g, wanted %.17g", row.name.c_str(), target_scale, seen.mass, wanted.mass);

            test_row in_place = row;
            double   mass     = 0;
            lsk_residual_f32(in_place.logits.data(), target_scale, other.data(), (int32_t) other.size(), in_place.logits.data(), &mass);
            CHECK(std::equal(in_place.logits.begin(), in_place.logits.end(), seen.residual.data()) && mass == seen.mass, "%s: in place", row.name.c_str());
        }
    });
}
