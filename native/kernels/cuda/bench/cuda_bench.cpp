/* llamaspec_cuda_bench: the GPU's kernels with and without the copy of the logits, beside the CPU's, as markdown tables.
 *
 * Logits come from a decode in host memory, so the column with the copy is the one that counts there. Each figure is the
 * median of 31 calls after 3 that are not counted. GB/s are those of the logits, read once.
 */
#include "llamaspec_cuda.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <random>
#include <vector>

namespace {

constexpr int32_t column_count = 49152;

double median_milliseconds(const std::function<int32_t()> & call) {
    std::vector<double> times;
    for (int32_t i = 0; i < 34; i++) {
        const auto start = std::chrono::steady_clock::now();
        if (call() != LSK_OK) {
            fprintf(stderr, "%s\n", lsk_last_message());
            return -1;
        }
        const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
        if (i >= 3) {
            times.push_back(time.count());
        }
    }
    std::nth_element(times.begin(), times.begin() + 15, times.end());
    return times[15];
}

std::vector<float> random_logits(int32_t row_count) {
    std::mt19937                    random(1);
    std::normal_distribution<float> normal(0, 3);
    std::vector<float>              logits((size_t) row_count * column_count);
    for (float & logit : logits) {
        logit = normal(random);
    }
    return logits;
}

void print_row(int32_t row_count, double with_copy, double without_copy, double processor) {
    const double gigabytes = 4e-9 * row_count * column_count;
    printf("| %d | %.3f | %.1f | %.3f | %.1f | %.3f |\n", row_count, with_copy, gigabytes / with_copy * 1e3, without_copy,
        gigabytes / without_copy * 1e3, processor);
}

void bench_rows(lsk_cuda * session) {
    printf("\nStatistics of rows of %d columns\n\n", column_count);
    printf("| rows | ms with copy | GB/s | ms without | GB/s | ms on one CPU thread |\n|--:|--:|--:|--:|--:|--:|\n");
    for (int32_t row_count = 1; row_count <= 256; row_count *= 2) {
        const std::vector<float>        logits = random_logits(row_count);
        std::vector<lsk_row_statistics> statistics((size_t) row_count);
        std::vector<uint8_t>            is_valid((size_t) row_count);
        const float *                   address = nullptr;
        if (lsk_cuda_copy_f32(session, logits.data(), (int64_t) logits.size(), &address) != LSK_OK) {
            fprintf(stderr, "%s\n", lsk_last_message());
            return;
        }
        const auto on_gpu = [&](int32_t memory, const float * values) {
            return median_milliseconds([&] {
                return lsk_cuda_rows_statistics_f32(session, memory, values, row_count, column_count, 1, statistics.data(), is_valid.data());
            });
        };
        const double without_copy = on_gpu(LSK_CUDA_DEVICE, address);
        const double with_copy    = on_gpu(LSK_CUDA_HOST, logits.data());
        const double processor    = median_milliseconds([&] {
            int32_t status = LSK_OK;
            for (int32_t row = 0; row < row_count && status == LSK_OK; row++) {
                status = lsk_row_statistics_f32(&logits[(size_t) row * column_count], column_count, 1, 0, nullptr, nullptr, &statistics[(size_t) row]);
            }
            return status;
        });
        print_row(row_count, with_copy, without_copy, processor);
    }
}

/* Chains of certain tokens that the target has as its largest: every state is visited, the dearest case. */
void bench_trees(lsk_cuda * session, const char * name, lsk_tree_request sampling) {
    constexpr int32_t request_count = 8, node_count = 16, row_count = request_count * (node_count + 1);
    const std::vector<float>        logits = random_logits(row_count);
    std::vector<lsk_tree_request>   requests;
    std::vector<int32_t>            tokens, parents;
    std::vector<uint8_t>            is_sampled(request_count * node_count, 0);
    std::vector<double>             accept_uniforms(request_count * node_count, 0.5), next_uniforms(row_count, 0.5);
    std::vector<lsk_tree_verdict>   verdicts(request_count);
    std::vector<lsk_row_statistics> statistics(row_count);
    for (int32_t request = 0; request < request_count; request++) {
        sampling.first_node = request * node_count;
        sampling.node_count = node_count;
        sampling.first_row  = request * (node_count + 1);
        requests.push_back(sampling);
        for (int32_t node = 0; node < node_count; node++) {
            int32_t token = 0;
            lsk_argmax_f32(&logits[(size_t) (sampling.first_row + node) * column_count], column_count, &token);
            tokens.push_back(token);
            parents.push_back(node - 1);
        }
    }
    const lsk_tree_batch batch = {requests.data(), request_count, tokens.data(), parents.data(), is_sampled.data(), request_count * node_count,
        nullptr, accept_uniforms.data(), next_uniforms.data(), verdicts.data(), statistics.data()};
    const float *        address = nullptr;
    if (lsk_cuda_copy_f32(session, logits.data(), (int64_t) logits.size(), &address) != LSK_OK) {
        fprintf(stderr, "%s\n", lsk_last_message());
        return;
    }
    const auto on_gpu = [&](int32_t memory, const float * values) {
        return median_milliseconds([&] { return lsk_cuda_verify_trees_f32(session, memory, values, row_count, column_count, &batch); });
    };
    const double without_copy = on_gpu(LSK_CUDA_DEVICE, address);
    const double with_copy    = on_gpu(LSK_CUDA_HOST, logits.data());
    int32_t      accepted     = 0;
    for (const lsk_tree_verdict & verdict : verdicts) {
        accepted += verdict.accepted_count;
    }
    printf("| %s | %d | %.3f | %.3f |\n", name, accepted, with_copy, without_copy);
}

} // namespace

int main() {
    lsk_cuda * session = nullptr;
    char       name[256];
    if (lsk_cuda_open(0, &session) != LSK_OK) {
        printf("No GPU to measure: %s\n", lsk_last_message());
        return 0;
    }
    lsk_cuda_device_name(session, name, sizeof name);
    printf("%s\n", name);
    bench_rows(session);
    printf("\n8 requests with 16 nodes each, rows of %d columns\n\n", column_count);
    printf("| sampling | accepted | ms with copy | ms without |\n|---|--:|--:|--:|\n");
    bench_trees(session, "temperature 0", {0, 0, 0, 1, 1, 0, 1, 0});
    bench_trees(session, "temperature 0.2", {0, 0, 0, 0, 5, 0, 1, 0});
    bench_trees(session, "temperature 0.2, top-k 40, top-p 0.95, min-p 0.05", {0, 0, 0, 0, 5, 40, 0.95f, 0.05f});
    bench_trees(session, "temperature 0.2, top-p 0.95", {0, 0, 0, 0, 5, 0, 0.95f, 0});
    lsk_cuda_close(session);
    return 0;
}
