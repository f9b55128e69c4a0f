#include "check.h"
#include "fixture.h"
#include "synthetic_gguf.h"

static std::vector<int32_t> tokens_of(lsl_model model, const std::string & text, int32_t add_special, int32_t parse_special) {
    std::vector<int32_t> tokens(64);
    int32_t length = 0;
    CHECK_OK(lsl_tokenize(model, text.data(), static_cast<int32_t>(text.size()), add_special, parse_special, tokens.data(), 64, &length));
    tokens.resize(static_cast<size_t>(length));
    return tokens;
}

static std::string bytes_of(lsl_model model, const std::vector<int32_t> & tokens) {
    std::string bytes;
    for (const int32_t token : tokens) {
        char buffer[32];
        int32_t length = 0;
        CHECK_OK(lsl_token_bytes(model, token, 0, buffer, sizeof(buffer), &length));
        bytes.append(buffer, static_cast<size_t>(length));
    }
    return bytes;
}

TEST(text, survives_the_round_trip) {
    const loaded_model model(synthetic_vocabulary_path());
    for (const std::string text : {"plain", "naïve café", "日本", "\xF0\x9F\x98\x80", "tab\tline\n"}) {
        // Vocabularies of this kind add a space in front.
        const std::string back = bytes_of(model.handle, tokens_of(model.handle, text, 0, 0));
        CHECK(back.substr(back.size() - text.size()) == text);
    }
}

TEST(text, special_tokens_are_added_and_parsed_when_asked) {
    const loaded_model model(synthetic_vocabulary_path());
    CHECK(tokens_of(model.handle, "a", 1, 0).front() == 1);
    CHECK(tokens_of(model.handle, "a", 0, 0).front() != 1);
    CHECK(tokens_of(model.handle, "</s>", 0, 1).back() == 2);
    CHECK(tokens_of(model.handle, "</s>", 0, 0).size() > 2);
    CHECK(tokens_of(model.handle, "", 0, 0).empty());
}

TEST(text, control_tokens_have_no_bytes_unless_rendered) {
    const loaded_model model(synthetic_vocabulary_path());
    char buffer[8];
    int32_t length = -1;
    CHECK_OK(lsl_token_bytes(model.handle, 2, 0, buffer, 8, &length));
    CHECK(length == 0);
    CHECK_OK(lsl_token_bytes(model.handle, 2, 1, buffer, 8, &length));
    CHECK(std::string(buffer, static_cast<size_t>(length)) == "</s>");
    CHECK_OK(lsl_token_text(model.handle, 2, buffer, 8, &length));
    CHECK(std::string(buffer, static_cast<size_t>(length)) == "</s>");
}

TEST(text, end_of_generation_is_known) {
    const loaded_model model(synthetic_vocabulary_path());
    int32_t is_end = 0;
    CHECK_OK(lsl_token_is_end_of_generation(model.handle, 2, &is_end));
    CHECK(is_end != 0);
    CHECK_OK(lsl_token_is_end_of_generation(model.handle, 5, &is_end));
    CHECK(is_end == 0);
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_token_is_end_of_generation(model.handle, 2, nullptr));
}

TEST(text, the_vocabulary_is_described) {
    const loaded_model model(synthetic_vocabulary_path());
    lsl_model_info info = {};
    CHECK_OK(lsl_model_get_info(model.handle, &info));
    CHECK(info.has_vocabulary == 1 && info.vocabulary_size == synthetic_row_count);
    CHECK(info.begin_token == 1 && info.end_token == 2 && info.adds_begin_token == 1);
}

TEST(text, too_small_a_buffer_gives_the_length_needed) {
    const loaded_model model(synthetic_vocabulary_path());
    int32_t tokens[64];
    int32_t length = 0;
    CHECK_STATUS(LSL_BUFFER_TOO_SMALL, lsl_tokenize(model.handle, "hello", 5, 0, 0, nullptr, 0, &length));
    const int32_t needed = length;
    CHECK(needed > 1);
    CHECK_STATUS(LSL_BUFFER_TOO_SMALL, lsl_tokenize(model.handle, "hello", 5, 0, 0, tokens, needed - 1, &length));
    CHECK(length == needed);
    CHECK_OK(lsl_tokenize(model.handle, "hello", 5, 0, 0, tokens, needed, &length));
    char buffer[8];
    CHECK_STATUS(LSL_BUFFER_TOO_SMALL, lsl_token_bytes(model.handle, 300, 0, nullptr, 0, &length));
    CHECK(length == 4);
    CHECK_STATUS(LSL_BUFFER_TOO_SMALL, lsl_token_text(model.handle, 300, buffer, 3, &length));
    CHECK(length == 4);
}

TEST(text, arguments_out_of_range_are_refused) {
    const loaded_model model(synthetic_vocabulary_path());
    int32_t tokens[8];
    int32_t length = 0;
    char buffer[8];
    for (const int32_t count : {-1, INT32_MIN, INT32_MAX}) {
        CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_tokenize(model.handle, "a", count, 0, 0, tokens, 8, &length));
    }
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_tokenize(model.handle, nullptr, 1, 0, 0, tokens, 8, &length));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_tokenize(model.handle, "a", 1, 0, 0, nullptr, 8, &length));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_tokenize(model.handle, "a", 1, 0, 0, tokens, -8, &length));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_tokenize(model.handle, "a", 1, 0, 0, tokens, 8, nullptr));
    for (const int32_t token : {-1, INT32_MIN, synthetic_row_count, INT32_MAX}) {
        CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_token_bytes(model.handle, token, 0, buffer, 8, &length));
        CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_token_text(model.handle, token, buffer, 8, &length));
        CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_token_is_end_of_generation(model.handle, token, &length));
        CHECK_MESSAGE("outside the vocabulary");
    }
}

TEST(text, malformed_utf8_is_no_crash) {
    const loaded_model model(synthetic_vocabulary_path());
    int32_t tokens[64];
    int32_t length = 0;
    for (const std::string text : {"\x80", "\xC3", "\xF0\x9F\x98", "\xFF\xFE", "a\xC0\xAF" "b"}) {
        const int32_t status = lsl_tokenize(model.handle, text.data(), static_cast<int32_t>(text.size()), 1, 1, tokens, 64, &length);
        CHECK(status == LSL_OK || status == LSL_FAILED);
    }
}

TEST(text, a_model_without_vocabulary_refuses_text) {
    const loaded_model model;
    int32_t tokens[8];
    int32_t length = 0;
    char buffer[8];
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_tokenize(model.handle, "a", 1, 0, 0, tokens, 8, &length));
    CHECK_MESSAGE("no vocabulary");
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_token_bytes(model.handle, 0, 0, buffer, 8, &length));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_token_text(model.handle, 0, buffer, 8, &length));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_token_is_end_of_generation(model.handle, 0, &length));
}

TEST(text, a_conversation_is_formatted) {
    const loaded_model model;
    const char * const roles[] = {"user", "assistant"};
    const char * const contents[] = {"Hi", "Ho"};
    const std::string expected = "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHo<|im_end|>\n<|im_start|>assistant\n";
    char buffer[256];
    int32_t length = 0;
    CHECK_OK(lsl_chat_format(model.handle, "chatml", roles, contents, 2, 1, buffer, sizeof(buffer), &length));
    CHECK(std::string(buffer, static_cast<size_t>(length)) == expected);
    CHECK_STATUS(LSL_BUFFER_TOO_SMALL, lsl_chat_format(model.handle, "chatml", roles, contents, 2, 1, buffer, 10, &length));
    CHECK(length == static_cast<int32_t>(expected.size()));
    CHECK_OK(lsl_chat_format(model.handle, "chatml", roles, contents, 2, 1, buffer, length, &length));
    CHECK(std::string(buffer, static_cast<size_t>(length)) == expected);
}

TEST(text, conversations_that_cannot_be_formatted_are_refused) {
    const loaded_model model;
    const char * const roles[] = {"user", nullptr};
    const char * const contents[] = {nullptr, "Hi"};
    char buffer[64];
    int32_t length = 0;
    CHECK_STATUS(LSL_NOT_FOUND, lsl_chat_format(model.handle, nullptr, roles, roles, 1, 1, buffer, 64, &length));
    CHECK_STATUS(LSL_FAILED, lsl_chat_format(model.handle, "{{ unheard of }}", roles, roles, 1, 1, buffer, 64, &length));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_chat_format(model.handle, "chatml", roles, contents, 1, 1, buffer, 64, &length));
    CHECK_MESSAGE("message 0 has no content");
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_chat_format(model.handle, "chatml", roles, roles, 2, 1, buffer, 64, &length));
    CHECK_MESSAGE("message 1 has no role");
    for (const int32_t count : {0, -1, INT32_MIN}) {
        CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_chat_format(model.handle, "chatml", roles, roles, count, 1, buffer, 64, &length));
    }
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_chat_format(model.handle, "chatml", nullptr, contents, 1, 1, buffer, 64, &length));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_chat_format(model.handle, "chatml", roles, nullptr, 1, 1, buffer, 64, &length));
}
