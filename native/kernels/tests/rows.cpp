#include "rows.h"

#include <cmath>
#include <random>

namespace {

/* Around the vector widths, around the block sizes, vocabularies, and one long enough to share slots (lane_maxima.h). */
const int32_t sizes[] = {1, 2, 7, 8, 15, 16, 17, 63, 64, 65, 511, 513, 1000, 1023, 1024, 1025, 8192, 49152, 300001};

struct generator {
    const char * name;
    float (*logit)(int32_t column, int32_t column_count, std::mt19937 & random);
};

float one_of(std::mt19937 & random, int32_t count) { return (float) (random() % (uint32_t) count); }

const generator generators[] = {
    {"uniform", [](int32_t, int32_t, std::mt19937 & random) { return one_of(random, 1 << 20) / 65536 - 8; }},
    {"equal", [](int32_t, int32_t, std::mt19937 &) { return 3.25f; }},
    {"ties", [](int32_t, int32_t, std::mt19937 & random) { return one_of(random, 5) - 2; }},
    {"zeros of both signs", [](int32_t, int32_t, std::mt19937 & random) { return random() % 2 ? 0.0f : -0.0f; }},
    {"zeros above negatives", [](int32_t column, int32_t, std::mt19937 & random) { return column % 3 ? -1 - one_of(random, 9) : 0.0f; }},
    {"ascending", [](int32_t column, int32_t, std::mt19937 &) { return (float) column / 64; }},
    {"descending", [](int32_t column, int32_t, std::mt19937 &) { return (float) -column / 64; }},
    {"peaked", [](int32_t column, int32_t count, std::mt19937 & random) { return (column == count / 2 ? 25.0f : 0.0f) + one_of(random, 3); }},
    {"mostly masked", [](int32_t column, int32_t, std::mt19937 & random) { return column > 0 && random() % 10 ? -INFINITY : one_of(random, 50) / 8; }},
    {"first finite", [](int32_t column, int32_t, std::mt19937 &) { return column == 0 ? -7.5f : -INFINITY; }},
    {"middle finite", [](int32_t column, int32_t count, std::mt19937 &) { return column == count / 2 ? 7.5f : -INFINITY; }},
    {"last finite", [](int32_t column, int32_t count, std::mt19937 &) { return column == count - 1 ? 1e30f : -INFINITY; }},
    {"huge", [](int32_t, int32_t, std::mt19937 & random) { return (one_of(random, 3) - 1) * 3e38f; }},
    {"huge and close", [](int32_t, int32_t, std::mt19937 & random) { return 1e6f + one_of(random, 64) / 4; }},
    {"denormal", [](int32_t, int32_t, std::mt19937 & random) { return (one_of(random, 99) - 50) * 1e-44f; }},
};

} // namespace

std::vector<float> normal_row(int32_t column_count, float deviation, uint32_t seed) {
    std::mt19937                    random(seed);
    std::normal_distribution<float> normal(0, deviation);
    std::vector<float>              row((size_t) column_count);
    for (float & logit : row) {
        logit = normal(random);
    }
    return row;
}

void for_each_row(int32_t column_limit, const std::function<void(const test_row &)> & body) {
    for (const int32_t size : sizes) {
        if (size > column_limit) {
            continue;
        }
        for (const generator & g : generators) {
            std::mt19937 random((uint32_t) size);
            test_row     row = {std::string(g.name) + ", " + std::to_string(size) + " columns", std::vector<float>((size_t) size)};
            for (int32_t column = 0; column < size; column++) {
                row.logits[(size_t) column] = g.logit(column, size, random);
            }
            body(row);
        }
        for (const float deviation : {0.01f, 3.0f, 30.0f}) {
            body({"normal, " + std::to_string(size) + " columns", normal_row(size, deviation, (uint32_t) size + 1)});
        }
    }
}
