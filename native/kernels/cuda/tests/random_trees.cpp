#include "random_trees.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace {

struct maker {
    const tree_options & options;
    test_batch &         batch;
    std::mt19937         random;

    size_t below(size_t count) { return random() % count; }
    double uniform() { return std::uniform_real_distribution<double>(0, 1)(random); }

    void add_row() {
        std::normal_distribution<float> normal(0, options.deviation);
        for (int32_t column = 0; column < options.column_count; column++) {
            const float logit = normal(random);
            batch.logits.push_back(options.has_ties ? std::round(logit) : logit);
        }
    }

    void add_request() {
        lsk_tree_request request    = {};
        request.first_node          = (int32_t) batch.tokens.size();
        request.node_count          = (int32_t) below((size_t) options.node_limit + 1);
        request.first_row           = batch.row_count();
        request.is_greedy           = options.is_greedy;
        request.inverse_temperature = options.is_greedy ? 1 : std::vector<float>{1.0f, 0.7f, 1.4285715f, 3.0f}[below(4)];
        request.top_p               = 1;
        if (options.is_truncated) {
            request.top_k = std::vector<int32_t>{0, 1, 2, 5, 40, 900, 1024}[below(7)];
            request.top_p = std::vector<float>{1.0f, 0.999f, 0.9f, 0.5f, 0.01f}[below(5)];
            request.min_p = std::vector<float>{0.0f, 0.0f, 1e-4f, 0.05f, 1.0f}[below(5)];
        }
        const size_t first_state = (size_t) request.first_node + batch.requests.size();
        batch.requests.push_back(request);
        batch.proposals.resize(first_state + (size_t) request.node_count + 1);
        for (int32_t i = 0; i <= request.node_count; i++) {
            add_row();
            batch.next_uniforms.push_back(uniform());
        }
        std::vector<int32_t> child_counts((size_t) request.node_count + 1);
        for (int32_t node = 0; node < request.node_count; node++) {
            int32_t parent = (int32_t) below((size_t) node + 1) - 1;
            if (below(2)) {
                parent = node - 1; /* else the trees would be too shallow */
            }
            while (child_counts[(size_t) parent + 1] == std::min(options.width_limit, options.column_count)) {
                parent++;
            }
            child_counts[(size_t) parent + 1]++;
            batch.parents.push_back(parent);
            batch.is_sampled.push_back(options.has_sampled && below(3) > 0);
            batch.tokens.push_back(-1);
            batch.accept_uniforms.push_back(uniform());
        }
        for (int32_t parent = -1; parent < request.node_count; parent++) {
            fill_children(request, parent, first_state + (size_t) parent + 1);
        }
    }

    void fill_children(const lsk_tree_request & request, int32_t parent, size_t state) {
        const size_t       columns = (size_t) options.column_count;
        const float *      row     = &batch.logits[((size_t) request.first_row + (size_t) parent + 1) * columns];
        std::vector<float> draft(row, row + columns);
        for (float & logit : draft) {
            logit += std::normal_distribution<float>(0, 0.5f)(random);
        }
        const float maximum = *std::max_element(draft.begin(), draft.end());
        for (float & logit : draft) {
            logit = std::exp(logit - maximum);
        }
        /* The likeliest as certain children, then the proposal from the rest. */
        for (int32_t node = 0; node < request.node_count; node++) {
            const size_t i = (size_t) (request.first_node + node);
            if (batch.parents[i] == parent && !batch.is_sampled[i]) {
                batch.tokens[i]                 = (int32_t) (std::max_element(draft.begin(), draft.end()) - draft.begin());
                draft[(size_t) batch.tokens[i]] = 0;
            }
        }
        const float total = std::accumulate(draft.begin(), draft.end(), 0.0f);
        for (float & weight : draft) {
            weight = total > 0 ? weight / total : 0;
        }
        std::vector<float> remaining = draft;
        for (int32_t node = 0; node < request.node_count; node++) {
            const size_t i = (size_t) (request.first_node + node);
            if (batch.parents[i] == parent && batch.is_sampled[i]) {
                int32_t column = -1;
                lsk_sample_f32(remaining.data(), options.column_count, uniform(), &column);
                batch.tokens[i] = std::max(column, 0);
                remaining[(size_t) batch.tokens[i]] = 0;
                batch.proposals[state]              = draft;
            }
        }
    }
};

} // namespace

test_batch random_batch(const tree_options & options, uint32_t seed) {
    test_batch batch   = {};
    batch.column_count = options.column_count;
    maker make         = {options, batch, std::mt19937(seed)};
    for (int32_t i = 0; i < options.request_count; i++) {
        make.add_request();
    }
    return batch;
}

lsk_tree_batch test_batch::view() {
    const size_t state_count = requests.size() + tokens.size();
    proposals.resize(state_count);
    proposal_pointers.clear();
    for (std::vector<float> & proposal : proposals) {
        proposal_pointers.push_back(proposal.empty() ? nullptr : proposal.data());
    }
    verdicts.assign(requests.size(), lsk_tree_verdict{-77, -77, -77, -77});
    statistics.assign(state_count, lsk_row_statistics{});
    return {requests.data(), (int32_t) requests.size(), tokens.data(), parents.data(), is_sampled.data(), (int32_t) tokens.size(),
        proposal_pointers.data(), accept_uniforms.data(), next_uniforms.data(), verdicts.data(), statistics.data()};
}
