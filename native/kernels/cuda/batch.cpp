#include "batch.h"

#include "exports.h"

#include <cmath>
#include <cstring>

void row_layout::place_inputs(block_layout & layout, int64_t count) {
    rows                 = layout.place<int32_t>(count);
    inverse_temperatures = layout.place<float>(count);
}

void row_layout::place_outputs(block_layout & layout, int64_t count) { sums = layout.place<cuda::row_sums>(count); }

cuda::row_arguments row_layout::arguments(const lsk_cuda & session, const float * logits, int32_t column_count) const {
    const cuda_address block = session.arguments.address;
    return {logits, on_device<int32_t>(block, rows), on_device<float>(block, inverse_temperatures), on_device<cuda::row_sums>(block, sums), column_count};
}

void tree_layout::place_inputs(block_layout & layout, const lsk_tree_batch & batch) {
    const int64_t state_count = (int64_t) batch.request_count + batch.node_count;
    requests                  = layout.place<lsk_tree_request>(batch.request_count);
    lowest_offsets            = layout.place<double>(batch.request_count);
    tokens                    = layout.place<int32_t>(batch.node_count);
    parents                   = layout.place<int32_t>(batch.node_count);
    is_sampled                = layout.place<uint8_t>(batch.node_count);
    accept_uniforms           = layout.place<double>(batch.node_count);
    next_uniforms             = layout.place<double>(state_count);
    proposal_rows             = layout.place<int32_t>(state_count);
}

void tree_layout::place_outputs(block_layout & layout, const lsk_tree_batch & batch) {
    verdicts = layout.place<lsk_tree_verdict>(batch.request_count);
}

cuda::tree_arguments tree_layout::arguments(const lsk_cuda & session, const cuda::row_arguments & rows) const {
    const cuda_address block = session.arguments.address;
    return {rows.logits, on_device<lsk_tree_request>(block, requests), on_device<double>(block, lowest_offsets),
        on_device<int32_t>(block, tokens), on_device<int32_t>(block, parents), on_device<uint8_t>(block, is_sampled),
        on_device<double>(block, accept_uniforms), on_device<double>(block, next_uniforms), on_device<int32_t>(block, proposal_rows),
        on_device<float>(session.proposals.address), rows.sums, on_device<float>(session.scratch.address),
        on_device<lsk_tree_verdict>(block, verdicts), rows.column_count};
}

static bool has_truncation_beyond(const lsk_tree_request & request, int32_t column_count) {
    return !request.is_greedy && request.top_k > LSK_CUDA_TOP_K_LIMIT && request.top_k < column_count;
}

static int32_t check_nodes(int32_t index, const lsk_tree_request & request, int32_t column_count, const lsk_tree_batch & batch) {
    for (int32_t node = 0; node < request.node_count; node++) {
        const int32_t i      = request.first_node + node;
        const int32_t parent = batch.parents[i];
        LSK_REQUIRE(batch.tokens[i] >= 0 && batch.tokens[i] < column_count,
            "the token of node %d of request %d is %d, must be 0 to %d", node, index, batch.tokens[i], column_count - 1);
        LSK_REQUIRE(parent >= -1 && parent < node, "the parent of node %d of request %d is %d, must be -1 to %d", node, index, parent, node - 1);
        if (request.is_greedy) {
            continue;
        }
        LSK_REQUIRE(batch.accept_uniforms && batch.accept_uniforms[i] >= 0 && batch.accept_uniforms[i] < 1,
            "the uniform of node %d of request %d must be in [0, 1)", node, index);
        LSK_REQUIRE(!batch.is_sampled[i] || (batch.proposals && batch.proposals[request.first_node + index + parent + 1]),
            "node %d of request %d is sampled, and its parent has no proposal", node, index);
    }
    return LSK_OK;
}

static int32_t check_request(int32_t index, int32_t first_node, int32_t row_count, int32_t column_count, const lsk_tree_batch & batch) {
    const lsk_tree_request & request = batch.requests[index];
    LSK_REQUIRE(request.first_node == first_node, "first_node of request %d is %d, must be %d", index, request.first_node, first_node);
    LSK_REQUIRE(request.node_count >= 0 && request.node_count <= batch.node_count - first_node,
        "node_count of request %d is %d, must be 0 to %d", index, request.node_count, batch.node_count - first_node);
    LSK_REQUIRE(request.first_row >= 0 && (int64_t) request.first_row + request.node_count < row_count,
        "request %d needs the rows %d to %lld of %d", index, request.first_row, (long long) request.first_row + request.node_count, row_count);
    LSK_REQUIRE(std::isfinite(request.inverse_temperature) && request.inverse_temperature > 0,
        "inverse_temperature of request %d is %g, must be finite and above 0", index, (double) request.inverse_temperature);
    LSK_REQUIRE(request.is_greedy || (request.top_k >= 0 && request.top_p > 0 && request.min_p >= 0 && request.min_p <= 1),
        "request %d: top_k must not be negative, top_p above 0, min_p 0 to 1", index);
    for (int32_t state = 0; !request.is_greedy && state <= request.node_count; state++) {
        const double uniform = batch.next_uniforms ? batch.next_uniforms[first_node + index + state] : -1;
        LSK_REQUIRE(uniform >= 0 && uniform < 1, "the uniform of state %d of request %d must be in [0, 1)", state, index);
    }
    LSK_CUDA_TRY(check_nodes(index, request, column_count, batch));
    if (has_truncation_beyond(request, column_count)) {
        return llamaspec::fail(LSK_UNSUPPORTED, "top_k of request %d is %d, above %d: verify it on the CPU", index, request.top_k, LSK_CUDA_TOP_K_LIMIT);
    }
    return LSK_OK;
}

int32_t check_batch(int32_t row_count, int32_t column_count, const lsk_tree_batch & batch) {
    LSK_REQUIRE(batch.request_count >= 0 && batch.node_count >= 0, "request_count and node_count must not be negative");
    LSK_REQUIRE(batch.request_count == 0 || (batch.requests && batch.verdicts && batch.statistics), "requests, verdicts or statistics is null");
    LSK_REQUIRE(batch.node_count == 0 || (batch.tokens && batch.parents && batch.is_sampled), "tokens, parents or is_sampled is null");
    int32_t first_node = 0;
    for (int32_t request = 0; request < batch.request_count; request++) {
        LSK_CUDA_TRY(check_request(request, first_node, row_count, column_count, batch));
        first_node += batch.requests[request].node_count;
    }
    LSK_REQUIRE(first_node == batch.node_count, "node_count is %d, the requests have %d nodes", batch.node_count, first_node);
    return LSK_OK;
}

/* By state: the row of logits, its temperature, and which row of proposals is its own. Returns how many proposals there are. */
static int32_t fill_states(const lsk_cuda & session, const row_layout & rows, const tree_layout & trees, const lsk_tree_batch & batch) {
    int32_t * proposal_rows  = on_host<int32_t>(session, trees.proposal_rows);
    int32_t   proposal_count = 0;
    for (int32_t index = 0; index < batch.request_count; index++) {
        const lsk_tree_request & request = batch.requests[index];
        const int32_t            anchor  = request.first_node + index;
        for (int32_t i = 0; i <= request.node_count; i++) {
            on_host<int32_t>(session, rows.rows)[anchor + i]               = request.first_row + i;
            on_host<float>(session, rows.inverse_temperatures)[anchor + i] = request.inverse_temperature;
            proposal_rows[anchor + i]                                      = -1;
        }
        for (int32_t node = 0; !request.is_greedy && node < request.node_count; node++) {
            int32_t & proposal_row = proposal_rows[anchor + batch.parents[request.first_node + node] + 1];
            if (batch.is_sampled[request.first_node + node] && proposal_row < 0) {
                proposal_row = proposal_count++;
            }
        }
    }
    return proposal_count;
}

static void fill_requests(const lsk_cuda & session, const tree_layout & trees, int32_t column_count, const lsk_tree_batch & batch) {
    for (int32_t index = 0; index < batch.request_count; index++) {
        lsk_tree_request request = batch.requests[index];
        request.top_k            = request.top_k > 0 && request.top_k < column_count ? request.top_k : column_count;
        on_host<lsk_tree_request>(session, trees.requests)[index] = request;
        on_host<double>(session, trees.lowest_offsets)[index]     = request.min_p > 0 ? std::log((double) request.min_p) : -HUGE_VAL;
    }
}

template <class T>
static void copy_array(const lsk_cuda & session, size_t offset, const T * values, int64_t count) {
    if (values && count > 0) {
        std::memcpy(on_host<T>(session, offset), values, sizeof(T) * (size_t) count);
    }
}

int32_t fill_batch(lsk_cuda & session, const row_layout & rows, const tree_layout & trees, int32_t column_count, const lsk_tree_batch & batch) {
    const int32_t state_count = batch.request_count + batch.node_count;
    fill_requests(session, trees, column_count, batch);
    copy_array(session, trees.tokens, batch.tokens, batch.node_count);
    copy_array(session, trees.parents, batch.parents, batch.node_count);
    copy_array(session, trees.is_sampled, batch.is_sampled, batch.node_count);
    copy_array(session, trees.accept_uniforms, batch.accept_uniforms, batch.node_count);
    copy_array(session, trees.next_uniforms, batch.next_uniforms, state_count);

    const int32_t proposal_count = fill_states(session, rows, trees, batch);
    const size_t  row_size       = sizeof(float) * (size_t) column_count;
    LSK_CUDA_TRY(grow(session, session.proposals, row_size * (size_t) proposal_count));
    for (int32_t state = 0; state < state_count; state++) {
        const int32_t row = on_host<int32_t>(session, trees.proposal_rows)[state];
        if (row >= 0) {
            LSK_CUDA_TRY(check_cuda(session,
                session.driver.copy_to_device(session.proposals.address + row_size * (size_t) row, batch.proposals[state], row_size, session.stream),
                "copying a proposal"));
        }
    }
    return LSK_OK;
}

lsk_row_statistics statistics_of(const cuda::row_sums & sums, float inverse_temperature) {
    const double       log_sum    = std::log1p(sums.rest);
    lsk_row_statistics statistics = {};
    statistics.maximum            = sums.maximum;
    statistics.argmax             = sums.argmax;
    statistics.log_sum_exp        = (double) inverse_temperature * sums.maximum + log_sum;
    statistics.entropy            = (float) (log_sum - sums.weighted / (1 + sums.rest));
    return statistics;
}
