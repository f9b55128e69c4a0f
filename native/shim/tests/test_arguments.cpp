// Counts, tokens, sequences, positions and rows out of range: refused before llama.cpp sees them.
#include "check.h"
#include "fixture.h"
#include "synthetic_gguf.h"

static const int32_t zero_row[] = {0};
static const uint8_t wanted[] = {1};

static int32_t decode_one(lsl_context context, int32_t token, int32_t position, int32_t sequence) {
    return lsl_decode(context, &token, &position, &sequence, nullptr, wanted, 1, 0);
}

TEST(arguments, row_counts_out_of_range_are_refused) {
    const loaded_model model;
    const live_context context(model.handle);
    for (const int32_t count : {0, -1, INT32_MIN, 65, INT32_MAX}) {
        CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_decode(context.handle, zero_row, zero_row, zero_row, nullptr, wanted, count, 0));
        CHECK_MESSAGE("must be 1..64");
    }
}

TEST(arguments, null_row_arrays_are_refused) {
    const loaded_model model;
    const live_context context(model.handle);
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_decode(context.handle, nullptr, zero_row, zero_row, nullptr, wanted, 1, 0));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_decode(context.handle, zero_row, nullptr, zero_row, nullptr, wanted, 1, 0));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_decode(context.handle, zero_row, zero_row, nullptr, nullptr, wanted, 1, 0));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_decode(context.handle, zero_row, zero_row, zero_row, nullptr, nullptr, 1, 0));
    CHECK(length_of(context.handle, 0) == 0);
}

TEST(arguments, tokens_out_of_range_are_refused) {
    const loaded_model model;
    const live_context context(model.handle);
    for (const int32_t token : {-1, INT32_MIN, synthetic_row_count, INT32_MAX}) {
        CHECK_STATUS(LSL_INVALID_ARGUMENT, decode_one(context.handle, token, 0, 0));
        CHECK_MESSAGE("outside the vocabulary of 320");
    }
    CHECK_OK(decode_one(context.handle, synthetic_row_count - 1, 0, 0));
}

TEST(arguments, sequences_out_of_range_are_refused) {
    const loaded_model model;
    const live_context context(model.handle);
    int32_t length = 0;
    for (const int32_t sequence : {-1, INT32_MIN, 4, 256, INT32_MAX}) {
        CHECK_STATUS(LSL_INVALID_ARGUMENT, decode_one(context.handle, 0, 0, sequence));
        CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_sequence_trim(context.handle, sequence, 0));
        CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_sequence_release(context.handle, sequence));
        CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_sequence_length(context.handle, sequence, &length));
        CHECK_MESSAGE("not one of the context's 4");
    }
}

TEST(arguments, positions_that_do_not_continue_are_refused) {
    const loaded_model model;
    const live_context context(model.handle);
    for (const int32_t position : {-1, INT32_MIN, 1, 5, INT32_MAX}) {
        CHECK_STATUS(LSL_INVALID_ARGUMENT, decode_one(context.handle, 0, position, 0));
        CHECK_MESSAGE("the next one is 0");
    }
    CHECK_OK(decode(context.handle, {1, 2, 3}, 0, 0));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, decode_one(context.handle, 0, 2, 0));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, decode_one(context.handle, 0, 4, 0));
    CHECK_MESSAGE("the next one is 3");
    CHECK_OK(decode_one(context.handle, 0, 3, 0));
}

TEST(arguments, gaps_inside_a_batch_are_refused) {
    const loaded_model model;
    const live_context context(model.handle);
    const int32_t tokens[] = {1, 2, 3};
    const int32_t gap[] = {0, 1, 3};
    const int32_t twice[] = {0, 1, 1};
    const int32_t sequences[] = {0, 0, 0};
    const uint8_t wants_logits[] = {0, 0, 1};
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_decode(context.handle, tokens, gap, sequences, nullptr, wants_logits, 3, 0));
    CHECK_MESSAGE("row 2");
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_decode(context.handle, tokens, twice, sequences, nullptr, wants_logits, 3, 0));
    CHECK(length_of(context.handle, 0) == 0);
}

TEST(arguments, trim_positions_below_zero_are_refused) {
    const loaded_model model;
    const live_context context(model.handle);
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_sequence_trim(context.handle, 0, -1));
}

TEST(arguments, logits_rows_not_asked_for_are_refused) {
    const loaded_model model;
    const live_context context(model.handle);
    const float * logits = nullptr;
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_logits_row(context.handle, 0, &logits));
    CHECK_OK(decode(context.handle, {1, 2, 3}, 0, 0));
    CHECK_OK(lsl_logits_row(context.handle, 2, &logits));
    for (const int32_t row : {-1, INT32_MIN, 0, 1, 3, INT32_MAX}) {
        CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_logits_row(context.handle, row, &logits));
    }
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_logits_row(context.handle, 2, nullptr));
}

TEST(arguments, logits_of_a_failed_decode_are_refused) {
    const loaded_model model;
    const live_context context(model.handle);
    const float * logits = nullptr;
    CHECK_OK(decode(context.handle, {1, 2, 3}, 0, 0));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, decode(context.handle, {1}, 9, 0));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_logits_row(context.handle, 2, &logits));
}

TEST(arguments, context_options_out_of_range_are_refused) {
    const loaded_model model;
    lsl_context context = 0;
    struct bad_option {
        int32_t lsl_context_options::*member;
        int32_t value;
    };
    const bad_option bad_options[] = {
        {&lsl_context_options::cell_count, 0},      {&lsl_context_options::cell_count, -5},
        {&lsl_context_options::cell_count, INT32_MAX}, {&lsl_context_options::row_capacity, 0},
        {&lsl_context_options::row_capacity, -1},   {&lsl_context_options::row_capacity, INT32_MAX},
        {&lsl_context_options::sequence_count, 0},  {&lsl_context_options::sequence_count, 257},
        {&lsl_context_options::thread_count, 0},    {&lsl_context_options::thread_count, 513},
        {&lsl_context_options::flash_attention, -2}, {&lsl_context_options::flash_attention, 2},
    };
    for (const bad_option & bad : bad_options) {
        lsl_context_options options = small_options();
        options.*bad.member = bad.value;
        CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_context_create(model.handle, &options, &context));
        CHECK_MESSAGE("must be");
    }
    const lsl_context_options options = small_options();
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_context_create(model.handle, nullptr, &context));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_context_create(model.handle, &options, nullptr));
    CHECK(context == 0);
}

TEST(arguments, thread_counts_out_of_range_are_refused) {
    const loaded_model model;
    const live_context context(model.handle);
    for (const int32_t count : {0, -1, 513, INT32_MAX}) {
        CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_context_set_threads(context.handle, count));
    }
}

TEST(arguments, null_results_are_refused) {
    const loaded_model model;
    const live_context context(model.handle);
    int32_t number = 0;
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_monitor_create(nullptr));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_model_get_info(model.handle, nullptr));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_context_capacity(context.handle, &number, nullptr));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_context_capacity(context.handle, nullptr, &number));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_sequence_length(context.handle, 0, nullptr));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_model_description(model.handle, nullptr, 0, nullptr));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_model_metadata(model.handle, nullptr, nullptr, 0, &number));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_system_info(nullptr, 10, &number));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_system_info(nullptr, -1, &number));
}
