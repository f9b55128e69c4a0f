// Text to tokens and back.
#include <climits>
#include <cstring>
#include <vector>

#include "guard.h"
#include "output.h"

namespace lsl {

// 1 GiB: llama.cpp counts bytes and tokens in 32 bits.
static constexpr size_t text_limit = 1u << 30;

template <typename Body>
static int32_t with_vocabulary(lsl_model handle, Body && body) noexcept {
    return with_model(handle, [&](model & asked) {
        return asked.has_vocabulary ? body(asked) : fail(LSL_INVALID_ARGUMENT, "the model has no vocabulary (no_vocab)");
    });
}

template <typename Body>
static int32_t with_token(lsl_model handle, int32_t token, Body && body) noexcept {
    return with_vocabulary(handle, [&](model & asked) {
        return token >= 0 && token < asked.vocabulary_size
                   ? body(asked)
                   : fail(LSL_INVALID_ARGUMENT, "token %d is outside the vocabulary of %d", token, asked.vocabulary_size);
    });
}

// llama.cpp answers with a negative number of entries when they do not fit.
static int32_t filled(int32_t result, int32_t capacity, int32_t * length) {
    if (result == INT32_MIN) {
        return fail(LSL_FAILED, "the result does not fit 32 bits");
    }
    *length = result < 0 ? -result : result;
    return result < 0 ? fail(LSL_BUFFER_TOO_SMALL, "%d entries are needed, the buffer has %d", *length, capacity) : LSL_OK;
}

static int32_t collect(const char * const * roles, const char * const * contents, int32_t count,
                       std::vector<llama_chat_message> & messages) {
    size_t size = 0;
    for (int32_t i = 0; i < count; ++i) {
        if (!roles[i] || !contents[i]) {
            return fail(LSL_INVALID_ARGUMENT, "message %d has no %s", i, roles[i] ? "content" : "role");
        }
        messages.push_back({roles[i], contents[i]});
        size += std::strlen(roles[i]) + std::strlen(contents[i]);
    }
    return size < text_limit ? LSL_OK : fail(LSL_INVALID_ARGUMENT, "the messages are longer than 1 GiB");
}

}  // namespace lsl

using namespace lsl;

int32_t lsl_tokenize(lsl_model handle, const char * text, int32_t byte_count, int32_t add_special, int32_t parse_special,
                     int32_t * tokens, int32_t capacity, int32_t * length) {
    return with_vocabulary(handle, [&](model & asked) {
        if (byte_count < 0 || static_cast<size_t>(byte_count) > text_limit || (byte_count > 0 && !text)) {
            return fail(LSL_INVALID_ARGUMENT, "a byte_count of %d is out of range or has no text", byte_count);
        }
        if (const int32_t status = check_buffer(tokens, capacity, length)) {
            return status;
        }
        const int32_t result = llama_tokenize(asked.vocab, text ? text : "", byte_count, tokens, capacity, add_special != 0,
                                              parse_special != 0);
        return filled(result, capacity, length);
    });
}

int32_t lsl_token_bytes(lsl_model handle, int32_t token, int32_t render_special, char * buffer, int32_t capacity, int32_t * length) {
    return with_token(handle, token, [&](model & asked) {
        const int32_t status = check_buffer(buffer, capacity, length);
        return status ? status
                      : filled(llama_token_to_piece(asked.vocab, token, buffer, capacity, 0, render_special != 0), capacity, length);
    });
}

int32_t lsl_token_text(lsl_model handle, int32_t token, char * buffer, int32_t capacity, int32_t * length) {
    return with_token(handle, token,
                      [&](model & asked) { return copy_out(llama_vocab_get_text(asked.vocab, token), buffer, capacity, length); });
}

int32_t lsl_token_is_end_of_generation(lsl_model handle, int32_t token, int32_t * is_end) {
    return with_token(handle, token, [&](model & asked) {
        if (!is_end) {
            return fail(LSL_INVALID_ARGUMENT, "is_end is null");
        }
        *is_end = llama_vocab_is_eog(asked.vocab, token);
        return static_cast<int32_t>(LSL_OK);
    });
}

int32_t lsl_chat_format(lsl_model handle, const char * template_text, const char * const * roles, const char * const * contents,
                        int32_t message_count, int32_t add_assistant_turn, char * buffer, int32_t capacity, int32_t * length) {
    return with_model(handle, [&](model & asked) {
        if (message_count < 1 || !roles || !contents) {
            return fail(LSL_INVALID_ARGUMENT, "a message_count of %d needs at least one role and content", message_count);
        }
        if (const int32_t status = check_buffer(buffer, capacity, length)) {
            return status;
        }
        const char * format = template_text ? template_text : llama_model_chat_template(asked.native, nullptr);
        if (!format) {
            return fail(LSL_NOT_FOUND, "the model has no chat template");
        }
        std::vector<llama_chat_message> messages;
        if (const int32_t status = collect(roles, contents, message_count, messages)) {
            return status;
        }
        const int32_t needed = llama_chat_apply_template(format, messages.data(), messages.size(), add_assistant_turn != 0, buffer, capacity);
        if (needed < 0) {
            return fail(LSL_FAILED, "the chat template is none of llama.cpp's built-in formats");
        }
        return filled(needed > capacity ? -needed : needed, capacity, length);
    });
}
