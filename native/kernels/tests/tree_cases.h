/* Batches of trees with the memory that they point into. */
#ifndef LLAMASPEC_KERNELS_TREE_CASES_H
#define LLAMASPEC_KERNELS_TREE_CASES_H

#include "llamaspec_kernels.h"

#include <stddef.h>

#include <vector>

struct tree_case {
    int32_t                         column_count;
    std::vector<float>              logits;
    std::vector<lsk_tree_request>   requests;
    std::vector<int32_t>            tokens;
    std::vector<int32_t>            parents;
    std::vector<uint8_t>            is_sampled;
    std::vector<std::vector<float>> proposals; /* by state; empty = none */
    std::vector<double>             accept_uniforms;
    std::vector<double>             next_uniforms;
    std::vector<lsk_tree_verdict>   verdicts;
    std::vector<lsk_row_statistics> statistics;
    std::vector<float *>            proposal_pointers;

    explicit tree_case(int32_t columns) : column_count(columns) {}

    int32_t row_count() const { return (int32_t) (logits.size() / (size_t) column_count); }
    int32_t state(int32_t request, int32_t node) const { return requests[(size_t) request].first_node + request + node + 1; }
    float * row(int32_t request, int32_t node) {
        return logits.data() + (size_t) (requests[(size_t) request].first_row + node + 1) * (size_t) column_count;
    }

    /* A request without nodes; its rows come after those of the requests before it. Its anchor token's logits are all 0. */
    void add_request(const lsk_tree_request & sampling) {
        lsk_tree_request request = sampling;
        request.first_node       = (int32_t) tokens.size();
        request.node_count       = 0;
        request.first_row        = row_count();
        requests.push_back(request);
        verdicts.push_back({-7, -7, -7, -7});
        add_state();
    }

    /* A node of the last request, with logits 0. Returns its number within the request. */
    int32_t add_node(int32_t parent, int32_t token, bool sampled) {
        tokens.push_back(token);
        parents.push_back(parent);
        is_sampled.push_back(sampled);
        accept_uniforms.push_back(0.5);
        add_state();
        return requests.back().node_count++;
    }

    /* Pointers into this object: of use until it changes. */
    lsk_tree_batch batch() {
        proposal_pointers.clear();
        for (std::vector<float> & proposal : proposals) {
            proposal_pointers.push_back(proposal.empty() ? nullptr : proposal.data());
        }
        return {requests.data(), (int32_t) requests.size(), tokens.data(), parents.data(), is_sampled.data(), (int32_t) tokens.size(),
            proposal_pointers.data(), accept_uniforms.data(), next_uniforms.data(), verdicts.data(), statistics.data()};
    }

    int32_t verify() {
        const lsk_tree_batch all = batch();
        return lsk_verify_trees_f32(logits.data(), row_count(), column_count, &all);
    }

private:
    void add_state() {
        logits.resize(logits.size() + (size_t) column_count);
        proposals.emplace_back();
        next_uniforms.push_back(0.5);
        statistics.push_back({-7, -7, -7, -7});
    }
};

constexpr lsk_tree_request plain_sampling  = {0, 0, 0, 0, 1, 0, 1, 0};
constexpr lsk_tree_request greedy_sampling = {0, 0, 0, 1, 1, 0, 1, 0};

#endif
