#include "random_trees.h"

#include <algorithm>
#include <cmath>

tree_case random_trees::next() {
    const int32_t sizes[] = {1, 2, 3, 7, 16, 33, 300, 1025, 2100, 5000};
    tree_case     one(sizes[below(10)]);
    const int32_t request_count = 1 + below(percent(80) ? 4 : 9);
    for (int32_t request = 0; request < request_count; request++) {
        add_request(one);
    }
    for (double & each : one.accept_uniforms) {
        each = percent(3) ? 0 : percent(3) ? 1 - 0x1p-53 : uniform();
    }
    const bool has_extremes = percent(20);
    for (double & each : one.next_uniforms) {
        each = !has_extremes || percent(70) ? uniform() : percent(50) ? 0 : 1 - 0x1p-53;
    }
    return one;
}

void random_trees::add_request(tree_case & one) {
    const float temperatures[] = {1, 1, 0.5f, 1.4285715f, 10, 0.1f};
    one.add_request({0, 0, 0, percent(20), temperatures[below(6)], percent(50) ? 0 : below(2 * one.column_count + 50),
        percent(60) ? 1 : (float) (0.02 + 0.97 * uniform()), percent(60) ? 0 : (float) (0.3 * uniform())});
    const int32_t request = (int32_t) one.requests.size() - 1;
    const int32_t limit   = percent(15) ? 0 : 1 + below(16);
    for (int32_t parent = -1; parent < one.requests.back().node_count; parent++) {
        grow(one, parent, limit);
    }
    for (int32_t node = -1; node < one.requests.back().node_count; node++) {
        fill_row(one.row(request, node), one.column_count);
    }
}

void random_trees::fill_row(float * row, int32_t count) {
    const float spread = percent(50) ? 3 : percent(50) ? 0.5f : 20;
    const int32_t masked = percent(70) ? 0 : below(100);
    const bool    is_tied = percent(20);
    for (int32_t column = 0; column < count; column++) {
        const float logit = spread * (float) (uniform() + uniform() + uniform() - 1.5) * 2;
        row[column]       = percent(masked) ? -INFINITY : is_tied ? std::nearbyint(logit) : logit;
    }
    if (percent(50)) {
        row[below(count)] = spread * 3; /* so that trees, which prefer low tokens, are not always missed */
        row[below(std::min(count, 4))] = spread * 3;
    }
    if (percent(3)) {
        row[below(count)] = percent(50) ? NAN : INFINITY;
    }
}

void random_trees::grow(tree_case & one, int32_t parent, int32_t node_limit) {
    const int32_t        room          = node_limit - one.requests.back().node_count;
    const int32_t        sampled_count = std::min(percent(40) ? 0 : 1 + below(3), room);
    const int32_t        certain_count = std::min(percent(40) ? 0 : 1 + below(3), room - sampled_count);
    std::vector<int32_t> certain;
    for (int32_t i = 0; i < certain_count; i++) {
        const int32_t token = below(percent(70) ? std::min(one.column_count, 5) : one.column_count);
        if (std::find(certain.begin(), certain.end(), token) == certain.end()) {
            certain.push_back(token);
            one.add_node(parent, token, false);
        }
    }
    if (sampled_count == 0 || (int32_t) certain.size() == one.column_count) {
        return;
    }
    std::vector<float> proposal = proposal_beside(certain, one.column_count);
    one.proposals[(size_t) one.state((int32_t) one.requests.size() - 1, parent)] = proposal;
    for (int32_t i = 0; i < sampled_count; i++) {
        const int32_t token = (int32_t) (std::max_element(proposal.begin(), proposal.end()) - proposal.begin());
        if (proposal[(size_t) token] == 0) {
            return;
        }
        proposal[(size_t) token] = 0;
        one.add_node(parent, token, true);
    }
}

/* Few tokens have weight, or all; the low ones most. */
std::vector<float> random_trees::proposal_beside(const std::vector<int32_t> & certain, int32_t column_count) {
    std::vector<float> result((size_t) column_count);
    const int32_t      share = percent(50) ? 100 : 1 + below(60);
    double             total = 0;
    for (int32_t token = 0; token < column_count; token++) {
        if (std::find(certain.begin(), certain.end(), token) == certain.end() && (percent(share) || total == 0)) {
            result[(size_t) token] = (float) (uniform() / (1 + token) + 1e-6);
            total += result[(size_t) token];
        }
    }
    for (float & weight : result) {
        weight = (float) (weight / total);
    }
    return result;
}
