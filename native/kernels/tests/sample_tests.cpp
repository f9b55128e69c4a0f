/* Sampling: exact frequencies by sweeping the uniform, and the vector versions against the scalar one. */
#include "check.h"

#include <cfloat>
#include <cmath>
#include <random>
#include <vector>

namespace {

int32_t sample(const std::vector<float> & weights, double uniform) {
    int32_t column = -7;
    CHECK(lsk_sample_f32(weights.data(), (int32_t) weights.size(), uniform, &column) == LSK_OK, "%s", lsk_last_message());
    return column;
}

/* Whole weights whose total is a power of two, so that every product and sum is exact. */
void check_frequencies(const std::vector<float> & weights, int32_t total) {
    constexpr int32_t    steps = 1024;
    std::vector<int32_t> counts(weights.size());
    for (int32_t step = 0; step < steps; step++) {
        const int32_t column = sample(weights, (double) step / steps);
        CHECK(column >= 0 && column < (int32_t) weights.size(), "column %d", column);
        counts[(size_t) column]++;
    }
    for (size_t i = 0; i < weights.size(); i++) {
        CHECK(counts[i] == (int32_t) weights[i] * steps / total,
            "%d columns, column %d: %d times of %d, weight %g of %d", (int) weights.size(), (int) i, counts[i], steps, (double) weights[i], total);
    }
}

} // namespace

void sample_frequencies(int32_t) {
    check_frequencies({1}, 1);
    check_frequencies({0, 4}, 4);
    check_frequencies({3, 0, 0, 1}, 4);
    check_frequencies({0, 1, 0, 5, 2, 0}, 8);
    check_frequencies({1, 1, 0, 2, 0, 0, 4, 8, 0, 0, 0, 1, 7, 3, 3, 2}, 32);
    for (const size_t column_count : {17, 65, 1000, 1025, 5000}) {
        /* Weight at the ends and around the block borders only. */
        std::vector<float> weights(column_count);
        for (const size_t column : {size_t(0), size_t(15), size_t(16), column_count / 2 + 1, column_count - 1}) {
            weights[column] += column == 0 ? 4 : 3;
        }
        check_frequencies(weights, 16);
    }

    const double almost_one = 1 - 0x1p-53;
    CHECK(sample({0, 0, 2, 0, 3, 0, 0}, 0) == 2, "uniform 0 skips leading zeros");
    CHECK(sample({0, 0, 2, 0, 3, 0, 0}, almost_one) == 4, "the largest uniform skips trailing zeros");
    CHECK(sample({0, 0, 0}, 0.5) == -1, "nothing to draw");
    CHECK(sample({}, 0.5) == -1, "empty row");
    CHECK(sample({0, FLT_TRUE_MIN, 0}, almost_one) == 1, "a denormal weight is a weight");
    CHECK(sample({FLT_MAX, FLT_MAX, FLT_MAX, 0}, almost_one) == 2, "the total may exceed float32");
    CHECK(sample({0, 1, 1e-30f, 0}, almost_one) == 1, "a weight that vanishes in the sum is not reached");
}

void sample_matches_scalar(int32_t instructions) {
    std::mt19937                           random(11);
    std::uniform_real_distribution<double> uniform(0, 1);
    for (const size_t column_count : {1, 2, 7, 8, 15, 16, 17, 63, 64, 65, 511, 512, 513, 1000, 1023, 1024, 1025, 8192, 49152}) {
        for (const uint32_t kept_of_ten : {1u, 5u, 10u}) {
            /* Whole weights: sums are exact, so any order of adding gives the same column. */
            std::vector<float> weights(column_count);
            for (float & weight : weights) {
                weight = random() % 10 < kept_of_ten ? (float) (random() % 1000) : 0;
            }
            for (int32_t i = 0; i < 50; i++) {
                const double u = i == 0 ? 0 : i == 1 ? 1 - 0x1p-53 : uniform(random);
                lsk_choose_instructions(LSK_INSTRUCTIONS_SCALAR);
                const int32_t wanted = sample(weights, u);
                lsk_choose_instructions(instructions);
                const int32_t seen = sample(weights, u);
                CHECK(seen == wanted, "%d columns, uniform %.17g: %d, wanted %d", (int) column_count, u, seen, wanted);
                CHECK(seen == sample(weights, u), "%d columns: not deterministic", (int) column_count);
                CHECK(seen < 0 || weights[(size_t) seen] > 0, "%d columns: drew weight 0", (int) column_count);
            }
        }
    }
}
