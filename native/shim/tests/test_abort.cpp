#include <atomic>
#include <chrono>
#include <thread>

#include "check.h"
#include "fixture.h"

static lsl_context_options long_options(int32_t thread_count) { return {2048, 2048, 1, thread_count, 0, 0, 0}; }

static void abort_a_decode(int32_t thread_count) {
    const loaded_model model;
    const live_context context(model.handle, long_options(thread_count));
    const std::vector<int32_t> many(2048, 1);
    std::atomic<bool> is_done{false};
    std::thread aborter([&] {
        while (!is_done) {
            lsl_context_abort(context.handle);
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    });
    int32_t status = LSL_OK;
    // A request between two decodes is forgotten, so a decode may get through; not a hundred in a row.
    for (int32_t attempt = 0; attempt < 100 && status == LSL_OK; ++attempt) {
        lsl_sequence_release(context.handle, 0);
        status = decode(context.handle, many, 0, 0);
    }
    is_done = true;
    aborter.join();
    CHECK(status == LSL_ABORTED);

    const float * logits = nullptr;
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_logits_row(context.handle, 2047, &logits));
    CHECK_OK(lsl_sequence_release(context.handle, 0));
    const std::vector<float> after = decode_for_logits(context.handle, {1, 2, 3}, 0, 0);
    const live_context fresh(model.handle, long_options(1));
    CHECK(largest_difference(after, decode_for_logits(fresh.handle, {1, 2, 3}, 0, 0)) < 1e-2f);
}

TEST(abort, stops_a_running_decode_and_leaves_a_usable_context) { abort_a_decode(1); }

TEST(abort, stops_a_decode_on_several_threads) { abort_a_decode(2); }

TEST(abort, requested_before_a_decode_is_forgotten) {
    const loaded_model model;
    const live_context context(model.handle);
    CHECK_OK(lsl_context_abort(context.handle));
    CHECK_OK(decode(context.handle, {1, 2, 3}, 0, 0));
}

TEST(abort, a_second_thread_in_a_context_is_refused) {
    const loaded_model model;
    const live_context context(model.handle, long_options(1));
    const std::vector<int32_t> many(2048, 1);
    std::atomic<bool> is_done{false};
    std::atomic<bool> was_refused{false};
    std::thread intruder([&] {
        int32_t length = 0;
        while (!is_done && !was_refused) {
            was_refused = lsl_sequence_length(context.handle, 0, &length) == LSL_INVALID_ARGUMENT;
        }
    });
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    int32_t status = LSL_OK;
    while (!was_refused && std::chrono::steady_clock::now() < deadline) {
        lsl_sequence_release(context.handle, 0);
        status = decode(context.handle, many, 0, 0);
        if (status == LSL_INVALID_ARGUMENT) {
            break;  // the intruder was inside: this thread is the one refused
        }
    }
    is_done = true;
    intruder.join();
    CHECK(was_refused || status == LSL_INVALID_ARGUMENT);
}
