#include "reference.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace {

constexpr size_t support_limit = 1024;

/* Weights by column; support is the order of a draw, unless too many have weight. */
struct distribution {
    std::vector<float>   values;
    std::vector<int32_t> support;
    bool                 is_dense = true;

    int32_t sample(double uniform) const {
        int32_t column = -1;
        if (is_dense) {
            lsk_sample_f32(values.data(), (int32_t) values.size(), uniform, &column);
            return column;
        }
        double total = 0, sum = 0;
        for (const int32_t i : support) {
            total += values[(size_t) i];
        }
        for (const int32_t i : support) {
            if (values[(size_t) i] > 0) {
                sum += values[(size_t) i];
                column = i;
                if (sum > uniform * total) {
                    break;
                }
            }
        }
        return column;
    }
};

size_t count_kept(const float * row, const std::vector<int32_t> & order, size_t candidates, double total, const lsk_tree_request & request) {
    const float  maximum = row[order[0]];
    const double lowest  = request.min_p > 0 ? maximum + std::log((double) request.min_p) : -INFINITY;
    const double wanted  = request.top_p < 1 ? request.top_p * total : INFINITY;
    double       mass    = 0;
    size_t       kept    = 0;
    while (kept < candidates && mass < wanted && row[order[kept]] >= lowest && row[order[kept]] != -INFINITY) {
        mass += std::exp((double) (row[order[kept]] - maximum));
        kept++;
    }
    return kept;
}

void truncate(const float * row, int32_t column_count, const lsk_tree_request & request, distribution & result) {
    std::vector<int32_t> order((size_t) column_count);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int32_t a, int32_t b) { return row[a] > row[b]; });
    const bool   is_top_k   = request.top_k > 0 && request.top_k < column_count;
    const size_t candidates = is_top_k ? (size_t) request.top_k : order.size();
    const float  maximum    = row[order[0]];
    double       total = 0, kept_total = 0;
    for (size_t i = 0; i < candidates; i++) {
        total += std::exp((double) (row[order[i]] - maximum));
    }
    order.resize(count_kept(row, order, candidates, total, request));
    for (const int32_t column : order) {
        kept_total += std::exp((double) ((row[column] - maximum) * request.inverse_temperature));
    }
    result.values.assign((size_t) column_count, 0);
    for (const int32_t column : order) {
        result.values[(size_t) column] = (float) (std::exp((double) ((row[column] - maximum) * request.inverse_temperature)) / kept_total);
    }
    result.is_dense = order.size() > support_limit;
    result.support  = order;
}

bool shape(const float * row, int32_t column_count, const lsk_tree_request & request, lsk_row_statistics & statistics, distribution & result) {
    result.values.assign((size_t) column_count, 0);
    result.support.clear();
    result.is_dense = false;
    if (lsk_row_statistics_f32(row, column_count, request.inverse_temperature, 0, nullptr, nullptr, &statistics) != LSK_OK) {
        return false;
    }
    if ((request.top_k > 0 && request.top_k < column_count) || request.top_p < 1 || request.min_p > 0) {
        truncate(row, column_count, request, result);
    } else {
        result.is_dense = true;
        lsk_softmax_f32(row, column_count, request.inverse_temperature, statistics.log_sum_exp, result.values.data());
    }
    return true;
}

struct walk {
    const float *            logits;
    int32_t                  column_count;
    const lsk_tree_batch &   batch;
    int32_t                  index;
    const lsk_tree_request & request;

    int32_t       state(int32_t node) const { return request.first_node + index + node + 1; }
    int32_t       token(int32_t node) const { return batch.tokens[request.first_node + node]; }
    bool          is_sampled(int32_t node) const { return batch.is_sampled[request.first_node + node] != 0; }
    const float * row(int32_t node) const { return logits + (int64_t) (request.first_row + node + 1) * column_count; }

    std::vector<int32_t> children(int32_t parent) const {
        std::vector<int32_t> result;
        for (int32_t node = 0; node < request.node_count; node++) {
            if (batch.parents[request.first_node + node] == parent) {
                result.push_back(node);
            }
        }
        return result;
    }

    int32_t greedy_step(int32_t node, lsk_tree_verdict & verdict) const {
        lsk_row_statistics & statistics = batch.statistics[state(node)];
        verdict.next_token              = -1;
        verdict.kind                    = 0;
        if (lsk_row_statistics_f32(row(node), column_count, 1, 0, nullptr, nullptr, &statistics) != LSK_OK) {
            return -1;
        }
        verdict.next_token = statistics.argmax;
        verdict.kind       = children(node).empty();
        for (const int32_t child : children(node)) {
            if (token(child) == statistics.argmax) {
                return child;
            }
        }
        return -1;
    }

    int32_t drawn_step(int32_t node, lsk_tree_verdict & verdict) const {
        distribution left;
        shape(row(node), column_count, request, batch.statistics[state(node)], left);
        double mass = 1, proposal_mass = 1;
        verdict.kind = children(node).empty();
        std::vector<float> proposal;
        for (const int32_t child : children(node)) {
            if (!is_sampled(child)) {
                continue;
            }
            if (proposal.empty()) {
                const float * values = batch.proposals[state(node)];
                proposal.assign(values, values + column_count);
            }
            const size_t drawn = (size_t) token(child);
            if (batch.accept_uniforms[request.first_node + child] * (proposal[drawn] * mass) < left.values[drawn] * proposal_mass) {
                return child;
            }
            distribution residual      = left;
            double       residual_mass = 0;
            for (size_t i = 0; i < residual.values.size(); i++) {
                const double positive = std::fmax(proposal_mass / mass * left.values[i] - proposal[i], 0.0);
                residual.values[i]    = (float) positive;
                residual_mass += positive;
            }
            if (residual_mass < 1e-7 * proposal_mass) {
                verdict.kind = 2;
                break;
            }
            proposal[drawn] = 0;
            proposal_mass   = std::accumulate(proposal.begin(), proposal.end(), 0.0);
            left            = residual;
            mass            = residual_mass;
        }
        verdict.next_token = left.sample(batch.next_uniforms[state(node)]);
        for (const int32_t child : children(node)) {
            if (!is_sampled(child) && token(child) == verdict.next_token) {
                return child;
            }
        }
        return -1;
    }
};

} // namespace

void verify_reference(const float * logits, int32_t column_count, const lsk_tree_batch & batch) {
    for (int32_t index = 0; index < batch.request_count; index++) {
        const walk       w       = {logits, column_count, batch, index, batch.requests[index]};
        lsk_tree_verdict verdict = {0, -1, -1, 0};
        while (true) {
            const int32_t child = w.request.is_greedy ? w.greedy_step(verdict.last_node, verdict) : w.drawn_step(verdict.last_node, verdict);
            if (child < 0) {
                break;
            }
            verdict.last_node = child;
            verdict.accepted_count++;
        }
        batch.verdicts[index] = verdict;
    }
}
