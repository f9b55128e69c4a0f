/* What is refused, and that the message says why. */
#include "groups.h"
#include "random_trees.h"

#include <cmath>
#include <cstring>
#include <functional>

namespace {

void refuses(int32_t wanted, int32_t status, const char * words) {
    CHECK(status == wanted && strstr(last_cuda_message(), words), "status %d, \"%s\" lacks \"%s\"", status, last_cuda_message(), words);
}

} // namespace

void bad_arguments() {
    const fake_session session;
    float              logits[8] = {};
    lsk_row_statistics statistics[8];
    uint8_t            is_valid[8];
    char               name[32];
    const auto         rows = [&](lsk_cuda * s, int32_t memory, const float * l, int32_t r, int32_t c, float b, lsk_row_statistics * out) {
        return lsk_cuda_rows_statistics_f32(s, memory, l, r, c, b, out, is_valid);
    };
    refuses(LSK_INVALID_ARGUMENT, rows(nullptr, 0, logits, 1, 8, 1, statistics), "session");
    refuses(LSK_INVALID_ARGUMENT, rows(session.get(), 2, logits, 1, 8, 1, statistics), "memory is 2");
    refuses(LSK_INVALID_ARGUMENT, rows(session.get(), 0, nullptr, 1, 8, 1, statistics), "logits");
    refuses(LSK_INVALID_ARGUMENT, rows(session.get(), 0, logits, -1, 8, 1, statistics), "row_count");
    refuses(LSK_INVALID_ARGUMENT, rows(session.get(), 0, logits, 1, 0, 1, statistics), "column_count");
    refuses(LSK_INVALID_ARGUMENT, rows(session.get(), 0, logits, 1, 8, 0, statistics), "inverse_temperature");
    refuses(LSK_INVALID_ARGUMENT, rows(session.get(), 0, logits, 1, 8, NAN, statistics), "inverse_temperature");
    refuses(LSK_INVALID_ARGUMENT, rows(session.get(), 0, logits, 1, 8, 1, nullptr), "statistics");
    CHECK(rows(session.get(), 0, nullptr, 0, 8, 1, nullptr) == LSK_OK, "no rows are fine");
    refuses(LSK_INVALID_ARGUMENT, lsk_cuda_open(-1, nullptr), "session");
    refuses(LSK_INVALID_ARGUMENT, lsk_cuda_copy_f32(session.get(), nullptr, 1, nullptr), "values");
    refuses(LSK_INVALID_ARGUMENT, lsk_cuda_device_name(session.get(), name, 0), "name");
    CHECK(lsk_cuda_device_name(session.get(), name, 9) == LSK_OK && strcmp(name, "Emulated") == 0, "cut to %s", name);
    CHECK(lsk_cuda_close(nullptr) == LSK_OK, "nothing to close");

    const auto verify = [&](const std::function<void(test_batch &)> & change, const char * words) {
        tree_options options;
        options.node_limit = 4;
        test_batch batch   = random_batch(options, 5);
        change(batch);
        lsk_tree_batch view = batch.view();
        refuses(LSK_INVALID_ARGUMENT,
            lsk_cuda_verify_trees_f32(session.get(), LSK_CUDA_HOST, batch.logits.data(), batch.row_count(), batch.column_count, &view), words);
        CHECK(batch.verdicts[0].next_token == -77, "verdicts are as they were");
    };
    verify([](test_batch & b) { b.requests[1].first_node++; }, "first_node of request 1");
    verify([](test_batch & b) { b.requests[0].node_count = -1; }, "node_count of request 0");
    verify([](test_batch & b) { b.requests[2].node_count++; }, "node_count of request 2");
    verify([](test_batch & b) { b.requests[2].first_row++; }, "request 2 needs the rows");
    verify([](test_batch & b) { b.requests[0].inverse_temperature = -1; }, "inverse_temperature of request 0");
    verify([](test_batch & b) { b.requests[0].top_p = 0; }, "top_p");
    verify([](test_batch & b) { b.requests[0].min_p = 2; }, "min_p");
    verify([](test_batch & b) { b.tokens[0] = 50; }, "the token of node 0");
    verify([](test_batch & b) { b.parents[0] = 0; }, "the parent of node 0");
    verify([](test_batch & b) { b.accept_uniforms[0] = 1; }, "the uniform of node 0");
    verify([](test_batch & b) { b.next_uniforms[0] = NAN; }, "the uniform of state 0");
    verify([](test_batch & b) {
        b.is_sampled[0] = 1;
        b.proposals[(size_t) b.parents[0] + 1].clear();
    }, "has no proposal");
    refuses(LSK_INVALID_ARGUMENT, lsk_cuda_verify_trees_f32(session.get(), 0, logits, 1, 8, nullptr), "batch");

    test_batch batch        = random_batch(tree_options{5000}, 1);
    batch.requests[0].top_k = LSK_CUDA_TOP_K_LIMIT + 1;
    lsk_tree_batch view     = batch.view();
    refuses(LSK_UNSUPPORTED,
        lsk_cuda_verify_trees_f32(session.get(), 0, batch.logits.data(), batch.row_count(), batch.column_count, &view), "top_k of request 0 is 1025");
    view.request_count = view.node_count = 0;
    CHECK(lsk_cuda_verify_trees_f32(session.get(), 0, batch.logits.data(), batch.row_count(), batch.column_count, &view) == LSK_OK, "an empty batch is fine");
}
