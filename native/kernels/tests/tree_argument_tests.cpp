/* Every bad argument of the functions over trees is refused with a message that names it, before anything is written. */
#include "check.h"
#include "tree_cases.h"

#include <climits>
#include <cmath>
#include <functional>

namespace {

/* Two requests, the second with a hybrid node. */
tree_case good() {
    tree_case one(8);
    one.add_request(greedy_sampling);
    one.add_node(-1, 3, true);
    one.add_request(plain_sampling);
    one.add_node(-1, 1, false);
    one.add_node(-1, 2, true);
    one.add_node(1, 2, false);
    one.proposals[2] = {0, 0, 1, 0, 0, 0, 0, 0};
    return one;
}

void refused_batch(const char * argument, const std::function<void(tree_case & one, lsk_tree_batch & batch)> & spoil) {
    tree_case      one   = good();
    lsk_tree_batch batch = one.batch();
    spoil(one, batch);
    refused(lsk_verify_trees_f32(one.logits.data(), one.row_count(), one.column_count, &batch), argument);
    CHECK(one.verdicts[0].accepted_count == -7, "%s: something was written", argument);
}

void refused_request(const char * argument, const std::function<void(lsk_tree_request & request)> & spoil) {
    refused_batch(argument, [&](tree_case & one, lsk_tree_batch &) { spoil(one.requests[1]); });
}

void bad_requests() {
    refused_request("requests[1].first_node", [](lsk_tree_request & r) { r.first_node = 0; });
    refused_request("requests[1].first_node", [](lsk_tree_request & r) { r.first_node = INT_MAX; });
    refused_request("requests[1].node_count", [](lsk_tree_request & r) { r.node_count = -1; });
    refused_request("requests[1].node_count", [](lsk_tree_request & r) { r.node_count = 4; });
    refused_request("node_count", [](lsk_tree_request & r) { r.node_count = 2; });
    refused_request("requests[1].first_row", [](lsk_tree_request & r) { r.first_row = -1; });
    refused_request("requests[1].first_row", [](lsk_tree_request & r) { r.first_row = 3; });
    refused_request("requests[1].first_row", [](lsk_tree_request & r) { r.first_row = INT_MAX; });
    refused_request("requests[1].is_greedy", [](lsk_tree_request & r) { r.is_greedy = 2; });
    refused_request("requests[1].top_k", [](lsk_tree_request & r) { r.top_k = -1; });
    for (const float bad : {0.0f, -1.0f, (float) NAN, (float) INFINITY}) {
        refused_request("requests[1].inverse_temperature", [=](lsk_tree_request & r) { r.inverse_temperature = bad; });
    }
    for (const float bad : {0.0f, -1.0f, 1.001f, (float) NAN}) {
        refused_request("requests[1].top_p", [=](lsk_tree_request & r) { r.top_p = bad; });
    }
    for (const float bad : {-0.1f, 1.001f, (float) NAN}) {
        refused_request("requests[1].min_p", [=](lsk_tree_request & r) { r.min_p = bad; });
    }
}

void bad_nodes() {
    refused_batch("parents[3]", [](tree_case & one, lsk_tree_batch &) { one.parents[3] = 2; });
    refused_batch("parents[1]", [](tree_case & one, lsk_tree_batch &) { one.parents[1] = -2; });
    refused_batch("tokens[0]", [](tree_case & one, lsk_tree_batch &) { one.tokens[0] = 8; });
    refused_batch("tokens[2]", [](tree_case & one, lsk_tree_batch &) { one.tokens[2] = -1; });
    refused_batch("is_sampled[2]", [](tree_case & one, lsk_tree_batch &) { one.is_sampled[2] = 2; });
    refused_batch("proposals[2]", [](tree_case & one, lsk_tree_batch &) { one.proposal_pointers[2] = nullptr; });
    refused_batch("proposals[2]", [](tree_case &, lsk_tree_batch & batch) { batch.proposals = nullptr; });
    for (const double bad : {-0x1p-60, 1.0, (double) NAN}) {
        refused_batch("accept_uniforms[2]", [=](tree_case & one, lsk_tree_batch &) { one.accept_uniforms[2] = bad; });
        refused_batch("next_uniforms[5]", [=](tree_case & one, lsk_tree_batch &) { one.next_uniforms[5] = bad; });
    }
}

void bad_batches() {
    refused_batch("request_count", [](tree_case &, lsk_tree_batch & batch) { batch.request_count = -1; });
    refused_batch("request_count", [](tree_case &, lsk_tree_batch & batch) { batch.request_count = LSK_MOST_TREE_REQUESTS + 1; });
    refused_batch("node_count", [](tree_case &, lsk_tree_batch & batch) { batch.node_count = -1; });
    refused_batch("node_count", [](tree_case &, lsk_tree_batch & batch) { batch.node_count = LSK_MOST_TREE_NODES + 1; });
    refused_batch("node_count", [](tree_case &, lsk_tree_batch & batch) { batch.node_count = 5; });
    refused_batch("requests", [](tree_case &, lsk_tree_batch & batch) { batch.requests = nullptr; });
    refused_batch("tokens", [](tree_case &, lsk_tree_batch & batch) { batch.tokens = nullptr; });
    refused_batch("parents", [](tree_case &, lsk_tree_batch & batch) { batch.parents = nullptr; });
    refused_batch("is_sampled", [](tree_case &, lsk_tree_batch & batch) { batch.is_sampled = nullptr; });
    refused_batch("accept_uniforms", [](tree_case &, lsk_tree_batch & batch) { batch.accept_uniforms = nullptr; });
    refused_batch("next_uniforms", [](tree_case &, lsk_tree_batch & batch) { batch.next_uniforms = nullptr; });
    refused_batch("verdicts", [](tree_case &, lsk_tree_batch & batch) { batch.verdicts = nullptr; });
    refused_batch("statistics", [](tree_case &, lsk_tree_batch & batch) { batch.statistics = nullptr; });

    tree_case            one   = good();
    const lsk_tree_batch batch = one.batch();
    refused(lsk_verify_trees_f32(nullptr, 6, 8, &batch), "logits");
    refused(lsk_verify_trees_f32(one.logits.data(), -1, 8, &batch), "row_count");
    refused(lsk_verify_trees_f32(one.logits.data(), 6, 0, &batch), "column_count");
    refused(lsk_verify_trees_f32(one.logits.data(), 6, LSK_MOST_COLUMNS + 1, &batch), "column_count");
    refused(lsk_verify_trees_f32(one.logits.data(), 5, 8, &batch), "requests[1].first_row");
    refused(lsk_verify_trees_f32(one.logits.data(), 6, 8, nullptr), "batch");
    CHECK(lsk_verify_trees_f32(one.logits.data(), 6, 8, &batch) == LSK_OK, "%s", lsk_last_message());
    const lsk_tree_batch none = {};
    CHECK(lsk_verify_trees_f32(nullptr, 0, 8, &none) == LSK_OK, "an empty batch: %s", lsk_last_message());
}

void bad_rows_and_parents() {
    const float        logits[4] = {1, 2, 3, 4};
    lsk_row_statistics s[2];
    uint8_t            valid[2];
    refused(lsk_rows_statistics_f32(logits, -1, 2, 1, s, valid), "row_count");
    refused(lsk_rows_statistics_f32(logits, 2, -1, 1, s, valid), "column_count");
    refused(lsk_rows_statistics_f32(nullptr, 2, 2, 1, s, valid), "logits");
    refused(lsk_rows_statistics_f32(logits, 2, 2, 0, s, valid), "inverse_temperature");
    refused(lsk_rows_statistics_f32(logits, 2, 2, 1, nullptr, valid), "statistics");
    refused(lsk_rows_statistics_f32(logits, 2, 2, 1, s, nullptr), "is_valid");
    CHECK(lsk_rows_statistics_f32(nullptr, 2, 0, 1, s, valid) == LSK_OK && !valid[0] && !valid[1], "rows without columns");

    const int32_t parents[2] = {-1, 1};
    uint64_t      masks[2];
    refused(lsk_ancestor_masks(parents, 2, masks), "parents[1]");
    refused(lsk_ancestor_masks(parents, 65, masks), "node_count");
    refused(lsk_ancestor_masks(parents, -1, masks), "node_count");
    refused(lsk_ancestor_masks(nullptr, 1, masks), "parents");
    refused(lsk_ancestor_masks(parents, 1, nullptr), "masks");
}

} // namespace

void bad_tree_arguments(int32_t) {
    bad_requests();
    bad_nodes();
    bad_batches();
    bad_rows_and_parents();
}
