/* llamaspec_kernels_bench: markdown tables of every kernel, instruction set and row length, in the cache and out of it, and of
 * the verification of trees. llamaspec_kernels_bench <kernels|rows|trees>: one of them.
 *
 * Rows are drawn from a normal distribution (logits, deviation 3). Each call takes the next of several rows, so that the
 * branch predictor does not learn one by heart; together they stay near the size of a second-level cache. The baseline is
 * a plain read of the same rows.
 */
#include "bench.h"

#include <cstdio>
#include <cstring>
#include <random>

volatile float sink;

std::vector<float> normal_logits(size_t count) {
    static std::mt19937             generator(1);
    std::normal_distribution<float> normal(0, 3);
    std::vector<float>              logits(count);
    for (float & logit : logits) {
        logit = normal(generator);
    }
    return logits;
}

float read_row(const float * row, int32_t column_count) {
    float sums[32] = {};
    for (int32_t column = 0; column + 32 <= column_count; column += 32) {
        for (int32_t lane = 0; lane < 32; lane++) {
            sums[lane] += row[column + lane];
        }
    }
    float sum = 0;
    for (float lane : sums) {
        sum += lane;
    }
    return sum;
}

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
          logits(normal_logits(row_count * (size_t) columns)), probabilities(logits.size()), output((size_t) columns) {
        for (size_t row = 0; row < row_count; row++) {
            lsk_row_statistics statistics;
            lsk_row_statistics_f32(logit_row(row), columns, 1, 0, nullptr, nullptr, &statistics);
            lsk_softmax_f32(logit_row(row), columns, 1, statistics.log_sum_exp, &probabilities[row * (size_t) columns]);
        }
    }

    const float * logit_row(size_t i) const { return &logits[i % row_count * (size_t) column_count]; }
    const float * probability_row(size_t i) const { return &probabilities[i % row_count * (size_t) column_count]; }
};

void read(rows & data, size_t i) { sink = read_row(data.logit_row(i), data.column_count); }

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

} // namespace

void print_kernels() {
    printf("| kernel | instructions | columns | us | GB/s | plain reads |\n|---|---|---:|---:|---:|---:|\n");
    for (const int32_t column_count : {8192, 49152, 151936}) {
        rows         data(column_count);
        const double row_gigabytes = 4e-9 * column_count;
        const double plain         = best_microseconds(400, [&](size_t i) { read(data, i); });
        printf("| plain read | | %d | %.1f | %.1f | 1.00 |\n", column_count, plain, row_gigabytes / plain * 1e6);
        for (const kernel & k : kernels) {
            for (int32_t instructions = LSK_INSTRUCTIONS_SCALAR; instructions < instruction_count; instructions++) {
                if (lsk_choose_instructions(instructions) != LSK_OK) {
                    continue;
                }
                const double time = best_microseconds(instructions == LSK_INSTRUCTIONS_SCALAR ? 50 : 400, [&](size_t i) { k.run(data, i); });
                printf("| %s | %s | %d | %.1f | %.1f | %.2f |\n", k.name, instruction_names[instructions], column_count, time,
                    k.rows_touched * row_gigabytes / time * 1e6, time / plain);
            }
        }
    }
}

int main(int argc, char ** argv) {
    const struct {
        const char * name;
        void (*print)();
    } tables[] = {{"kernels", print_kernels}, {"rows", print_many_rows}, {"trees", print_trees}};
    bool is_known = argc == 1;
    for (const auto & table : tables) {
        if (argc == 1 || (argc == 2 && strcmp(argv[1], table.name) == 0)) {
            table.print();
            is_known = true;
        }
    }
    if (!is_known) {
        fprintf(stderr, "usage: llamaspec_kernels_bench [kernels|rows|trees]\n");
        return 2;
    }
    return 0;
}
