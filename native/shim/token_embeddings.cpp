#include "token_embeddings.h"

#include <climits>
#include <cstring>
#include <filesystem>

#include "gguf_file.h"
#include "gguf_values.h"
#include "guard.h"

namespace lsl {

static constexpr const char * tensor_name = "token_embd.weight";

static int32_t find_tensor(const char * path, gguf_file & file, int64_t & tensor) {
    if (const int32_t status = open_gguf(path, file)) {
        return status;
    }
    const std::vector<int64_t> parts = integer_values(file.get(), "split.count");
    if (!parts.empty() && parts.front() > 1) {
        return fail(LSL_LOAD_FAILED, "%s is one of several parts of a model: token embeddings are only read from a model in one file", path);
    }
    tensor = gguf_find_tensor(file.get(), tensor_name);
    if (tensor < 0) {
        return fail(LSL_LOAD_FAILED, "%s has no tensor %s", path, tensor_name);
    }
    return check_not_truncated(path, file.get());
}

int32_t token_embeddings::open(const char * path) {
    gguf_file file;
    int64_t tensor = -1;
    if (const int32_t status = find_tensor(path, file, tensor)) {
        return status;
    }
    const int64_t * shape = gguf_get_tensor_ne(file.get(), tensor);
    const ggml_type type = gguf_get_tensor_type(file.get(), tensor);
    if (shape[0] < 1 || shape[1] < 1 || shape[0] > INT_MAX || shape[1] > INT_MAX || shape[2] != 1 || shape[3] != 1) {
        return fail(LSL_LOAD_FAILED, "%s has a %s of an unusable shape", path, tensor_name);
    }
    to_float_ = ggml_get_type_traits(type)->to_float;
    if (!to_float_ && type != GGML_TYPE_F32) {
        return fail(LSL_LOAD_FAILED, "%s has a %s of type %s, which cannot be converted", path, tensor_name, ggml_type_name(type));
    }
    width_ = static_cast<int32_t>(shape[0]);
    row_count_ = static_cast<int32_t>(shape[1]);
    offset_ = gguf_get_data_offset(file.get()) + gguf_get_tensor_offset(file.get(), tensor);
    row_.resize(ggml_row_size(type, shape[0]));
    stream_.open(std::filesystem::u8path(path), std::ios::binary);
    return stream_ ? LSL_OK : fail(LSL_LOAD_FAILED, "%s cannot be read", path);
}

int32_t token_embeddings::read(int32_t token, float * values, int32_t capacity) {
    if (!values || capacity < width_) {
        return fail(LSL_INVALID_ARGUMENT, "a row of %d values does not fit %d", width_, values ? capacity : 0);
    }
    if (token < 0 || token >= row_count_) {
        return fail(LSL_INVALID_ARGUMENT, "token %d is outside the vocabulary of %d", token, row_count_);
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    stream_.clear();
    stream_.seekg(static_cast<std::streamoff>(offset_ + row_.size() * static_cast<uint64_t>(token)));
    if (!stream_.read(row_.data(), static_cast<std::streamsize>(row_.size()))) {
        return fail(LSL_FAILED, "the embedding of token %d cannot be read: the file was changed or its disk is gone", token);
    }
    if (to_float_) {
        to_float_(row_.data(), values, width_);
    } else {
        std::memcpy(values, row_.data(), row_.size());
    }
    return LSL_OK;
}

template <typename Body>
static int32_t with_embeddings(lsl_embeddings handle, Body && body) noexcept {
    return with_object(embeddings(), handle, "embeddings", std::forward<Body>(body));
}

}  // namespace lsl

using namespace lsl;

int32_t lsl_embeddings_open(const char * path, lsl_embeddings * handle) {
    return guard([&] {
        if (!path || !handle) {
            return fail(LSL_INVALID_ARGUMENT, "%s is null", path ? "embeddings" : "path");
        }
        auto opened = std::make_shared<token_embeddings>();
        const int32_t status = opened->open(path);
        if (status == LSL_OK) {
            *handle = embeddings().add(std::move(opened));
        }
        return status;
    });
}

int32_t lsl_embeddings_size(lsl_embeddings handle, int32_t * width, int32_t * row_count) {
    return with_embeddings(handle, [&](token_embeddings & asked) {
        if (!width || !row_count) {
            return fail(LSL_INVALID_ARGUMENT, "%s is null", width ? "row_count" : "width");
        }
        *width = asked.width();
        *row_count = asked.row_count();
        return static_cast<int32_t>(LSL_OK);
    });
}

int32_t lsl_embeddings_row(lsl_embeddings handle, int32_t token, float * values, int32_t capacity) {
    return with_embeddings(handle, [&](token_embeddings & asked) { return asked.read(token, values, capacity); });
}

int32_t lsl_embeddings_free(lsl_embeddings handle) {
    return guard([&] {
        return embeddings().remove(handle) ? LSL_OK : fail(LSL_INVALID_HANDLE, "the embeddings handle is null, freed or of another kind");
    });
}
