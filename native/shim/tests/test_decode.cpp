#include <cmath>
#include <memory>

#include "check.h"
#include "fixture.h"
#include "synthetic_gguf.h"

// Batches of different sizes take different kernels, so logits differ in the last bits.
static constexpr float noise = 1e-2f;

TEST(decode, gives_finite_logits_that_differ) {
    const loaded_model model;
    const live_context context(model.handle);
    const std::vector<float> logits = decode_for_logits(context.handle, {1, 2, 3}, 0, 0);
    float lowest = logits[0];
    float highest = logits[0];
    for (const float logit : logits) {
        CHECK(std::isfinite(logit));
        lowest = std::fmin(lowest, logit);
        highest = std::fmax(highest, logit);
    }
    CHECK(highest - lowest > 1.0f);
}

TEST(decode, lengthens_its_sequence_only) {
    const loaded_model model;
    const live_context context(model.handle);
    CHECK_OK(decode(context.handle, {1, 2, 3}, 0, 2));
    CHECK(length_of(context.handle, 2) == 3);
    CHECK(length_of(context.handle, 0) == 0);
    CHECK_OK(decode(context.handle, {4}, 3, 2));
    CHECK(length_of(context.handle, 2) == 4);
}

TEST(decode, depends_on_the_tokens_before) {
    const loaded_model model;
    const live_context context(model.handle);
    const std::vector<float> one = decode_for_logits(context.handle, {1, 2, 9}, 0, 0);
    const std::vector<float> other = decode_for_logits(context.handle, {1, 3, 9}, 0, 1);
    CHECK(largest_difference(one, other) > noise);
}

TEST(decode, after_a_trim_equals_a_fresh_one) {
    const loaded_model model;
    const live_context context(model.handle);
    const std::vector<float> expected = decode_for_logits(context.handle, {1, 2, 3, 4, 5}, 0, 0);
    CHECK_OK(decode(context.handle, {1, 2, 70, 80, 90, 100}, 0, 1));
    CHECK_OK(lsl_sequence_trim(context.handle, 1, 2));
    CHECK(length_of(context.handle, 1) == 2);
    CHECK(largest_difference(decode_for_logits(context.handle, {3, 4, 5}, 2, 1), expected) < noise);
}

TEST(decode, after_a_release_starts_at_zero) {
    const loaded_model model;
    const live_context context(model.handle);
    const std::vector<float> expected = decode_for_logits(context.handle, {5, 6}, 0, 0);
    CHECK_OK(decode(context.handle, {1, 2, 3}, 0, 1));
    CHECK_OK(lsl_sequence_release(context.handle, 1));
    CHECK(length_of(context.handle, 1) == 0);
    CHECK(largest_difference(decode_for_logits(context.handle, {5, 6}, 0, 1), expected) < noise);
}

TEST(decode, trim_beyond_the_end_changes_nothing) {
    const loaded_model model;
    const live_context context(model.handle);
    CHECK_OK(decode(context.handle, {1, 2, 3}, 0, 0));
    CHECK_OK(lsl_sequence_trim(context.handle, 0, 3));
    CHECK_OK(lsl_sequence_trim(context.handle, 0, INT32_MAX));
    CHECK_OK(lsl_sequence_trim(context.handle, 1, 0));
    CHECK(length_of(context.handle, 0) == 3);
}

TEST(decode, serves_several_sequences_in_one_batch) {
    const loaded_model model;
    const live_context context(model.handle);
    const std::vector<float> first = decode_for_logits(context.handle, {1, 2, 3}, 0, 2);
    const std::vector<float> second = decode_for_logits(context.handle, {7, 8}, 0, 3);
    const int32_t tokens[] = {1, 7, 2, 8, 3};
    const int32_t positions[] = {0, 0, 1, 1, 2};
    const int32_t sequences[] = {0, 1, 0, 1, 0};
    const uint8_t wants_logits[] = {0, 0, 0, 1, 1};
    CHECK_OK(lsl_decode(context.handle, tokens, positions, sequences, nullptr, wants_logits, 5, 0));
    const float * logits = nullptr;
    CHECK_OK(lsl_logits_row(context.handle, 4, &logits));
    CHECK(largest_difference({logits, logits + synthetic_row_count}, first) < noise);
    CHECK_OK(lsl_logits_row(context.handle, 3, &logits));
    CHECK(largest_difference({logits, logits + synthetic_row_count}, second) < noise);
}

TEST(decode, without_any_logits_is_allowed) {
    const loaded_model model;
    const live_context context(model.handle);
    const int32_t zeros[] = {0, 1};
    const int32_t sequences[] = {0, 0};
    const uint8_t wants_logits[] = {0, 0};
    const float * logits = nullptr;
    CHECK_OK(lsl_decode(context.handle, zeros, zeros, sequences, nullptr, wants_logits, 2, 0));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_logits_row(context.handle, 0, &logits));
    CHECK_MESSAGE("without asking");
    CHECK(length_of(context.handle, 0) == 2);
}

TEST(decode, reports_a_full_cache_and_writes_nothing) {
    const loaded_model model;
    const live_context context(model.handle);
    const std::vector<int32_t> sixty(60, 1);
    for (int32_t i = 0; i < 4; ++i) {
        CHECK_OK(decode(context.handle, sixty, 60 * i, 0));
    }
    CHECK_STATUS(LSL_NO_KV_SLOT, decode(context.handle, std::vector<int32_t>(20, 1), 0, 1));
    CHECK(length_of(context.handle, 0) == 240);
    CHECK(length_of(context.handle, 1) == 0);
    CHECK_OK(lsl_sequence_trim(context.handle, 0, 100));
    CHECK_OK(decode(context.handle, std::vector<int32_t>(20, 1), 0, 1));
}

TEST(decode, fills_the_row_capacity) {
    const loaded_model model;
    const live_context context(model.handle);
    int32_t cells = 0;
    int32_t rows = 0;
    CHECK_OK(lsl_context_capacity(context.handle, &cells, &rows));
    CHECK(cells == 256 && rows == 64);
    CHECK_OK(decode(context.handle, std::vector<int32_t>(64, 3), 0, 0));
}

TEST(decode, uses_the_thread_count_it_is_given) {
    const loaded_model model;
    const live_context context(model.handle);
    const std::vector<float> expected = decode_for_logits(context.handle, {1, 2, 3}, 0, 0);
    for (const int32_t thread_count : {2, 1, 3, 3, 1}) {
        CHECK_OK(lsl_context_set_threads(context.handle, thread_count));
        CHECK(largest_difference(decode_for_logits(context.handle, {1, 2, 3}, 0, 1), expected) < noise);
        CHECK_OK(lsl_sequence_release(context.handle, 1));
    }
}

TEST(decode, thread_counts_may_change_without_a_decode_between) {
    const loaded_model model;
    const live_context context(model.handle);
    CHECK_OK(decode(context.handle, {1}, 0, 0));
    for (const int32_t thread_count : {2, 1, 2}) {
        CHECK_OK(lsl_context_set_threads(context.handle, thread_count));
    }
    CHECK_OK(decode(context.handle, {1}, 1, 0));
    CHECK_OK(lsl_context_set_threads(context.handle, 1));
}

TEST(decode, outlives_the_model_handle) {
    auto model = std::make_unique<loaded_model>();
    const live_context context(model->handle);
    const lsl_model dead = model->handle;
    model.reset();
    CHECK_STATUS(LSL_INVALID_HANDLE, lsl_model_free(dead));
    CHECK_OK(decode(context.handle, {1, 2, 3}, 0, 0));
}

TEST(decode, with_flash_attention_agrees_with_plain_attention) {
    const loaded_model model;
    const live_context plain(model.handle);
    lsl_context_options options = small_options();
    options.flash_attention = 1;
    const live_context flash(model.handle, options);
    CHECK(largest_difference(decode_for_logits(plain.handle, {1, 2, 3}, 0, 0), decode_for_logits(flash.handle, {1, 2, 3}, 0, 0)) < noise);
}
