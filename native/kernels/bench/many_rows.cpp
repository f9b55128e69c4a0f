/* 256 rows of 49,152 columns, 50 MB: more than most caches hold, so that memory sets the pace. */
#include "bench.h"

#include <cstdio>

static constexpr int32_t row_count    = 256;
static constexpr int32_t column_count = 49152;
static constexpr double  gigabytes    = 4e-9 * row_count * column_count;

static void print(const char * name, const char * instructions, double microseconds, double read) {
    printf("| %s | %s | %.1f | %.1f | %.2f |\n", name, instructions, microseconds / row_count, gigabytes / microseconds * 1e6, microseconds / read);
}

void print_many_rows() {
    const std::vector<float>        logits = normal_logits((size_t) row_count * column_count);
    std::vector<lsk_row_statistics> statistics(row_count);
    std::vector<uint8_t>            is_valid(row_count);
    const auto                      row  = [&](int32_t i) { return logits.data() + (size_t) i * column_count; };
    const double                    read = best_microseconds(20, [&](size_t) {
        float sum = 0;
        for (int32_t i = 0; i < row_count; i++) {
            sum += read_row(row(i), column_count);
        }
        sink = sum;
    });
    printf("\n| %d rows of %d columns, out of cache | instructions | us a row | GB/s | plain reads |\n|---|---|---:|---:|---:|\n", row_count, column_count);
    print("plain read", "", read, read);
    for (int32_t instructions = LSK_INSTRUCTIONS_SCALAR + 1; instructions < instruction_count; instructions++) {
        if (lsk_choose_instructions(instructions) != LSK_OK) {
            continue;
        }
        print("row statistics", instruction_names[instructions], best_microseconds(20, [&](size_t) {
            lsk_rows_statistics_f32(logits.data(), row_count, column_count, 1.25f, statistics.data(), is_valid.data());
            sink = statistics[0].entropy;
        }), read);
        print("row statistics, top 40", instruction_names[instructions], best_microseconds(20, [&](size_t) {
            int32_t columns[40];
            float   tops[40];
            for (int32_t i = 0; i < row_count; i++) {
                lsk_row_statistics_f32(row(i), column_count, 1.25f, 40, columns, tops, statistics.data());
                sink = tops[39];
            }
        }), read);
    }
}
