/* The exported functions over token trees. */
#include "exports.h"
#include "tree_verification.h"

#include <cmath>
#include <memory>
#include <new>

using namespace llamaspec;

namespace {

int32_t check_batch(const float * logits, int32_t row_count, int32_t column_count, const lsk_tree_batch * batch) {
    LSK_REQUIRE(row_count >= 0, "row_count is %d, must not be negative", row_count);
    LSK_REQUIRE(column_count >= 1 && column_count <= LSK_MOST_COLUMNS, "column_count is %d, must be 1 to %d", column_count, LSK_MOST_COLUMNS);
    LSK_REQUIRE(!is_missing(logits, row_count), "logits is null");
    LSK_REQUIRE(batch, "batch is null");
    LSK_REQUIRE(batch->request_count >= 0 && batch->request_count <= LSK_MOST_TREE_REQUESTS,
        "request_count is %d, must be 0 to %d", batch->request_count, LSK_MOST_TREE_REQUESTS);
    LSK_REQUIRE(batch->node_count >= 0 && batch->node_count <= LSK_MOST_TREE_NODES,
        "node_count is %d, must be 0 to %d", batch->node_count, LSK_MOST_TREE_NODES);
    LSK_REQUIRE(!is_missing(batch->requests, batch->request_count), "requests is null");
    LSK_REQUIRE(!is_missing(batch->tokens, batch->node_count), "tokens is null");
    LSK_REQUIRE(!is_missing(batch->parents, batch->node_count), "parents is null");
    LSK_REQUIRE(!is_missing(batch->is_sampled, batch->node_count), "is_sampled is null");
    LSK_REQUIRE(!is_missing(batch->accept_uniforms, batch->node_count), "accept_uniforms is null");
    LSK_REQUIRE(!is_missing(batch->next_uniforms, batch->request_count), "next_uniforms is null");
    LSK_REQUIRE(!is_missing(batch->verdicts, batch->request_count), "verdicts is null");
    LSK_REQUIRE(!is_missing(batch->statistics, batch->request_count), "statistics is null");
    return LSK_OK;
}

int32_t check_request(const lsk_tree_request & request, int32_t index, int32_t first_node, int32_t row_count, int32_t node_count) {
    LSK_REQUIRE(request.first_node == first_node, "requests[%d].first_node is %d, must be %d, where the nodes before it end", index, request.first_node, first_node);
    LSK_REQUIRE(request.node_count >= 0 && request.node_count <= node_count - first_node,
        "requests[%d].node_count is %d, must be 0 to %d", index, request.node_count, node_count - first_node);
    LSK_REQUIRE(request.first_row >= 0 && request.first_row < row_count - request.node_count,
        "requests[%d].first_row is %d, must be 0 to %d, so that each of %d nodes has a row", index, request.first_row,
        row_count - request.node_count - 1, request.node_count);
    LSK_REQUIRE(request.is_greedy == 0 || request.is_greedy == 1, "requests[%d].is_greedy is %d, must be 0 or 1", index, request.is_greedy);
    LSK_REQUIRE(std::isfinite(request.inverse_temperature) && request.inverse_temperature > 0,
        "requests[%d].inverse_temperature is %g, must be finite and above 0", index, (double) request.inverse_temperature);
    LSK_REQUIRE(request.top_k >= 0, "requests[%d].top_k is %d, must not be negative", index, request.top_k);
    LSK_REQUIRE(request.top_p > 0 && request.top_p <= 1, "requests[%d].top_p is %g, must be above 0, at most 1", index, (double) request.top_p);
    LSK_REQUIRE(request.min_p >= 0 && request.min_p <= 1, "requests[%d].min_p is %g, must be 0 to 1", index, (double) request.min_p);
    return LSK_OK;
}

bool is_uniform(double number) { return number >= 0 && number < 1; }

int32_t check_nodes(const lsk_tree_batch & batch, int32_t request, int32_t column_count) {
    const lsk_tree_request & r = batch.requests[request];
    for (int32_t node = 0; node < r.node_count; node++) {
        const int32_t i = r.first_node + node;
        LSK_REQUIRE(batch.parents[i] >= token_tree::anchor && batch.parents[i] < node,
            "parents[%d] is %d, must be -1 to %d: a node of its request before it, or the anchor token", i, batch.parents[i], node - 1);
        LSK_REQUIRE(batch.tokens[i] >= 0 && batch.tokens[i] < column_count, "tokens[%d] is %d, must be 0 to %d", i, batch.tokens[i], column_count - 1);
        LSK_REQUIRE(batch.is_sampled[i] <= 1, "is_sampled[%d] is %d, must be 0 or 1", i, batch.is_sampled[i]);
        LSK_REQUIRE(is_uniform(batch.accept_uniforms[i]), "accept_uniforms[%d] is %g, must be in [0, 1)", i, batch.accept_uniforms[i]);
        const int32_t parent_state = r.first_node + request + batch.parents[i] + 1;
        LSK_REQUIRE(!batch.is_sampled[i] || r.is_greedy || (batch.proposals && batch.proposals[parent_state]),
            "proposals[%d] is null, but node %d of request %d was drawn from it", parent_state, node, request);
    }
    for (int32_t state = r.first_node + request; state <= r.first_node + request + r.node_count; state++) {
        LSK_REQUIRE(is_uniform(batch.next_uniforms[state]), "next_uniforms[%d] is %g, must be in [0, 1)", state, batch.next_uniforms[state]);
    }
    return LSK_OK;
}

int32_t check_requests(const lsk_tree_batch & batch, int32_t row_count, int32_t column_count) {
    int32_t first_node = 0;
    for (int32_t request = 0; request < batch.request_count; request++) {
        int32_t status = check_request(batch.requests[request], request, first_node, row_count, batch.node_count);
        status         = status == LSK_OK ? check_nodes(batch, request, column_count) : status;
        if (status != LSK_OK) {
            return status;
        }
        first_node += batch.requests[request].node_count;
    }
    LSK_REQUIRE(first_node == batch.node_count, "node_count is %d, but the requests have %d", batch.node_count, first_node);
    return LSK_OK;
}

/* Kept by the thread, so that a step allocates nothing. */
tree_verification & scratch(int32_t column_count) {
    thread_local std::unique_ptr<tree_verification> kept;
    if (!kept || kept->column_count() != column_count) {
        kept.reset();
        kept.reset(new tree_verification(column_count));
    }
    return *kept;
}

void verify(const float * logits, int32_t column_count, const lsk_tree_batch & batch) {
    const row_kernels & chosen       = kernels();
    tree_verification & verification = scratch(column_count);
    for (int32_t request = 0; request < batch.request_count; request++) {
        given_chance chance(chosen, batch, request);
        batch.verdicts[request] = batch.requests[request].is_greedy
            ? verification.follow_largest(chosen, logits, batch, request)
            : verification.draw(chosen, logits, batch, request, chance);
    }
}

} // namespace

int32_t lsk_verify_trees_f32(const float * logits, int32_t row_count, int32_t column_count, const lsk_tree_batch * batch) {
    int32_t status = check_batch(logits, row_count, column_count, batch);
    status         = status == LSK_OK ? check_requests(*batch, row_count, column_count) : status;
    if (status != LSK_OK) {
        return status;
    }
    try {
        verify(logits, column_count, *batch);
        return LSK_OK;
    } catch (const std::bad_alloc &) {
        return fail(LSK_OUT_OF_MEMORY, "no memory to verify trees over %d columns", column_count);
    }
}

int32_t lsk_ancestor_masks(const int32_t * parents, int32_t node_count, uint64_t * masks) {
    LSK_REQUIRE(node_count >= 0 && node_count <= 64, "node_count is %d, must be 0 to 64", node_count);
    LSK_REQUIRE(!is_missing(parents, node_count), "parents is null");
    LSK_REQUIRE(!is_missing(masks, node_count), "masks is null");
    for (int32_t node = 0; node < node_count; node++) {
        LSK_REQUIRE(parents[node] >= -1 && parents[node] < node, "parents[%d] is %d, must be -1 to %d", node, parents[node], node - 1);
        masks[node] = (uint64_t) 1 << node | (parents[node] < 0 ? 0 : masks[parents[node]]);
    }
    return LSK_OK;
}
