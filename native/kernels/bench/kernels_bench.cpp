/* llamaspec_kernels_bench: a markdown table of every kernel, instruction set and row length.
 *
 * Rows are drawn from a normal distribution (logits, deviation 3). Each call takes the next of several rows, so that the
 * branch predictor does not learn one by heart; together they stay near the size of a second-level cache. The baseline is
 * a plain read of the same rows: a float32 sum in 32 accumulators, in whatever instructions the compiler uses by default.
 */
#include "llamaspec_kernels.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <vector>

namespace {

constexpr int32_t top_count = 40;

struct rows {
    int32_t            column_count;
    size_t             row_count;
    std::vector<float> logits;
    std::vector<float> probabilities;
    std::vector<float> output;

    explicit rows(int32_t columns)
        : column_count(columns), row_count(std::max<size_t>(2, 768 * 1024 / (sizeof(float) * (size_t) columns))),
          logits(row_count * (size_t) columns), probabilities(logits.size()), output((size_t) columns) {
        std::mt19937                    generator(1);
        std::normal_distribution<float> normal(0, 3);
        for (float & logit : logits) {
            logit = normal(generator);
        }
        for (size_t row = 0; row < row_count; row++) {
            lsk_row_statistics statistics;
            lsk_row_statistics_f32(logit_row(row), columns, 1, 0, nullptr, nullptr, &statistics);
            lsk_softmax_f32(logit_row(row), columns, 1, statistics.log_sum_exp, &probabilities[row * (size_t) columns]);
        }
    }

    const float * logit_row(size_t i) const { return &logits[i % row_count * (size_t) column_count]; }
    const float * probability_row(size_t i) const { return &probabilities[i % row_count * (size_t) column_count]; }
};

volatile float sink;

void read_row(rows & data, size_t i) {
    const float * row = data.logit_row(i);
    float         sums[32] = {};
    for (int32_t column = 0; column + 32 <= data.column_count; column += 32) {
        for (int32_t lane = 0; lane < 32; lane++) {
            sums[lane] += row[column + lane];
        }
    }
    float sum = 0;
    for (float lane : sums) {
        sum += lane;
    }
    sink = sum;
}

template <int32_t top>
void row_statistics(rows & data, size_t i) {
    int32_t            columns[top + 1];
    float              logits[top + 1];
    lsk_row_statistics statistics;
    lsk_row_statistics_f32(data.logit_row(i), data.column_count, 1.25f, top, columns, logits, &statistics);
    sink = statistics.entropy;
}

void argmax(rows & data, size_t i) {
    int32_t column;
    lsk_argmax_f32(data.logit_row(i), data.column_count, &column);
    sink = (float) column;
}

void softmax(rows & data, size_t i) {
    lsk_softmax_f32(data.logit_row(i), data.column_count, 1.25f, 15, data.output.data());
}

void residual(rows & data, size_t i) {
    double mass;
    lsk_residual_f32(data.probability_row(i), 0.9, data.probability_row(i + 1), data.column_count, data.output.data(), &mass);
    sink = (float) mass;
}

void sample(rows & data, size_t i) {
    int32_t column;
    lsk_sample_f32(data.probability_row(i), data.column_count, (double) (i % 16) / 16, &column);
    sink = (float) column;
}

struct kernel {
    const char * name;
    void (*run)(rows & data, size_t i);
    int32_t rows_touched; /* read or written, for GB/s */
};

const kernel kernels[] = {
    {"row statistics, top 40", row_statistics<top_count>, 1},
    {"row statistics", row_statistics<0>, 1},
    {"argmax", argmax, 1},
    {"softmax", softmax, 2},
    {"residual", residual, 3},
    {"sample", sample, 1},
};

/* The best of many short batches: the others measure what else the machine was doing. */
double microseconds(void (*run)(rows &, size_t), rows & data) {
    using clock = std::chrono::steady_clock;
    double best = 1e30;
    size_t calls = 1;
    for (int batch = 0; batch < 400;) {
        const auto start = clock::now();
        for (size_t i = 0; i < calls; i++) {
            run(data, i);
        }
        const double elapsed = std::chrono::duration<double, std::micro>(clock::now() - start).count();
        if (elapsed < 50) {
            calls *= 2;
            continue;
        }
        best = std::min(best, elapsed / (double) calls);
        batch++;
    }
    return best;
}

} // namespace

int main() {
    const char * names[] = {"scalar", "AVX2", "AVX-512"};
    printf("| kernel | instructions | columns | us | GB/s | plain read, us |\n|---|---|---:|---:|---:|---:|\n");
    for (const int32_t column_count : {8192, 49152, 151936}) {
        rows         data(column_count);
        const double read = microseconds(read_row, data);
        for (const kernel & k : kernels) {
            for (int32_t instructions = LSK_INSTRUCTIONS_SCALAR; instructions <= LSK_INSTRUCTIONS_AVX512; instructions++) {
                if (lsk_choose_instructions(instructions) != LSK_OK) {
                    continue;
                }
                const double time  = microseconds(k.run, data);
                const double bytes = (double) k.rows_touched * column_count * sizeof(float);
                printf("| %s | %s | %d | %.1f | %.1f | %.1f |\n", k.name, names[instructions], column_count, time, bytes / time / 1000, read);
            }
        }
    }
    return 0;
}
