// Null, dead and foreign handles, on every export that takes one.
#include <functional>
#include <map>
#include <string>

#include "check.h"
#include "fixture.h"

using call_table = std::map<std::string, std::function<int32_t(uint64_t)>>;

static int32_t number = 0;
static float fraction = 0.0f;
static char text[64];
static const int32_t zero_row[] = {0};
static const uint8_t wanted[] = {1};

static call_table model_calls() {
    static lsl_model_info info;
    static uint64_t created = 0;
    static const lsl_context_options options = small_options();
    static const char * const messages[] = {"user"};
    return {
        {"model_get_info", [](uint64_t h) { return lsl_model_get_info(h, &info); }},
        {"model_description", [](uint64_t h) { return lsl_model_description(h, text, 64, &number); }},
        {"model_metadata", [](uint64_t h) { return lsl_model_metadata(h, "general.name", text, 64, &number); }},
        {"tokenize", [](uint64_t h) { return lsl_tokenize(h, "a", 1, 0, 0, &number, 1, &number); }},
        {"token_bytes", [](uint64_t h) { return lsl_token_bytes(h, 0, 0, text, 64, &number); }},
        {"token_text", [](uint64_t h) { return lsl_token_text(h, 0, text, 64, &number); }},
        {"token_is_end_of_generation", [](uint64_t h) { return lsl_token_is_end_of_generation(h, 0, &number); }},
        {"chat_format", [](uint64_t h) { return lsl_chat_format(h, "chatml", messages, messages, 1, 0, text, 64, &number); }},
        {"context_create", [](uint64_t h) { return lsl_context_create(h, &options, &created); }},
        {"model_free", [](uint64_t h) { return lsl_model_free(h); }},
    };
}

static call_table context_calls() {
    static const float * logits = nullptr;
    return {
        {"context_capacity", [](uint64_t h) { return lsl_context_capacity(h, &number, &number); }},
        {"context_set_threads", [](uint64_t h) { return lsl_context_set_threads(h, 1); }},
        {"decode", [](uint64_t h) { return lsl_decode(h, zero_row, zero_row, zero_row, nullptr, wanted, 1, 0); }},
        {"context_abort", [](uint64_t h) { return lsl_context_abort(h); }},
        {"hidden_row", [](uint64_t h) { return lsl_hidden_row(h, 0, &logits); }},
        {"logits_row", [](uint64_t h) { return lsl_logits_row(h, 0, &logits); }},
        {"sequence_trim", [](uint64_t h) { return lsl_sequence_trim(h, 0, 0); }},
        {"sequence_release", [](uint64_t h) { return lsl_sequence_release(h, 0); }},
        {"sequence_length", [](uint64_t h) { return lsl_sequence_length(h, 0, &number); }},
        {"context_free", [](uint64_t h) { return lsl_context_free(h); }},
    };
}

static call_table monitor_calls() {
    return {
        {"monitor_progress", [](uint64_t h) { return lsl_monitor_progress(h, &fraction); }},
        {"monitor_cancel", [](uint64_t h) { return lsl_monitor_cancel(h); }},
        {"monitor_free", [](uint64_t h) { return lsl_monitor_free(h); }},
    };
}

static call_table embeddings_calls() {
    return {
        {"embeddings_size", [](uint64_t h) { return lsl_embeddings_size(h, &number, &number); }},
        {"embeddings_row", [](uint64_t h) { return lsl_embeddings_row(h, 0, &fraction, 1); }},
        {"embeddings_free", [](uint64_t h) { return lsl_embeddings_free(h); }},
    };
}

static void refuse(const call_table & calls, uint64_t handle) {
    for (const auto & [name, call] : calls) {
        if (const int32_t status = call(handle); status != LSL_INVALID_HANDLE) {
            std::printf("%s took a bad handle: %d\n", name.c_str(), status);
            throw check_failure{};
        }
        CHECK_MESSAGE("handle is");
    }
}

struct live_handles {
    live_handles() : context(model.handle) { CHECK_OK(lsl_monitor_create(&monitor)); }
    ~live_handles() { lsl_monitor_free(monitor); }
    loaded_model model;
    live_context context;
    lsl_monitor monitor = 0;
};

TEST(handles, null_ones_are_refused) {
    refuse(model_calls(), 0);
    refuse(context_calls(), 0);
    refuse(monitor_calls(), 0);
    refuse(embeddings_calls(), 0);
}

TEST(handles, invented_ones_are_refused) {
    for (const uint64_t invented : {uint64_t{1}, UINT64_MAX, uint64_t{1} << 56, uint64_t{1} << 56 | uint64_t{1} << 32 | 4000000000u}) {
        refuse(model_calls(), invented);
        refuse(context_calls(), invented);
        refuse(monitor_calls(), invented);
        refuse(embeddings_calls(), invented);
    }
}

TEST(handles, foreign_ones_are_refused) {
    const live_handles live;
    refuse(model_calls(), live.context.handle);
    refuse(model_calls(), live.monitor);
    refuse(context_calls(), live.model.handle);
    refuse(context_calls(), live.monitor);
    refuse(monitor_calls(), live.model.handle);
    refuse(monitor_calls(), live.context.handle);
    refuse(embeddings_calls(), live.model.handle);
    refuse(embeddings_calls(), live.monitor);
}

TEST(handles, dead_ones_are_refused_even_when_their_slot_lives_again) {
    uint64_t dead_model = 0;
    uint64_t dead_context = 0;
    uint64_t dead_monitor = 0;
    {
        const live_handles live;
        dead_model = live.model.handle;
        dead_context = live.context.handle;
        dead_monitor = live.monitor;
    }
    const live_handles again;
    CHECK(again.model.handle != dead_model);
    CHECK(static_cast<uint32_t>(again.model.handle) == static_cast<uint32_t>(dead_model));
    refuse(model_calls(), dead_model);
    refuse(context_calls(), dead_context);
    refuse(monitor_calls(), dead_monitor);
}

TEST(handles, a_load_refuses_a_bad_monitor) {
    start_library();
    lsl_model model = 0;
    CHECK_STATUS(LSL_INVALID_HANDLE, lsl_model_load(synthetic_path().c_str(), 0, 1, 12345, &model));
    CHECK(model == 0);
}
