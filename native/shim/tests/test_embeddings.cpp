// Token embeddings read from a file.
#include <cmath>
#include <cstring>

#include "check.h"
#include "fixture.h"
#include "synthetic_gguf.h"

namespace {

struct open_embeddings {
    explicit open_embeddings(const std::string & path) { CHECK_OK(lsl_embeddings_open(path.c_str(), &handle)); }
    ~open_embeddings() { lsl_embeddings_free(handle); }
    open_embeddings(const open_embeddings &) = delete;
    open_embeddings & operator=(const open_embeddings &) = delete;
    lsl_embeddings handle = 0;
};

std::vector<float> row_of(const open_embeddings & embeddings, int32_t token) {
    std::vector<float> values(synthetic_width);
    CHECK_OK(lsl_embeddings_row(embeddings.handle, token, values.data(), synthetic_width));
    return values;
}

std::string with_other_name() {
    std::vector<char> bytes = read_bytes(synthetic_path());
    const char name[] = "token_embd.weight";
    for (size_t i = 0; i + sizeof name < bytes.size(); ++i) {
        if (std::memcmp(bytes.data() + i, name, sizeof name - 1) == 0) {
            bytes[i] = 'x';
        }
    }
    write_bytes(in_work_directory("renamed.gguf"), bytes);
    return in_work_directory("renamed.gguf");
}

}  // namespace

TEST(embeddings, sizes_are_those_of_the_tensor) {
    const open_embeddings embeddings(synthetic_path());
    int32_t width = 0;
    int32_t rows = 0;
    CHECK_OK(lsl_embeddings_size(embeddings.handle, &width, &rows));
    CHECK(width == synthetic_width && rows == synthetic_row_count);
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_embeddings_size(embeddings.handle, nullptr, &rows));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_embeddings_size(embeddings.handle, &width, nullptr));
}

TEST(embeddings, rows_of_every_type_are_near_the_float_ones) {
    const open_embeddings exact(synthetic_path());
    for (const ggml_type type : {GGML_TYPE_F16, GGML_TYPE_BF16, GGML_TYPE_Q8_0, GGML_TYPE_Q4_0, GGML_TYPE_Q4_1}) {
        const std::string path = in_work_directory("typed.gguf");
        write_synthetic_model(path, 1, type);
        const open_embeddings embeddings(path);
        for (const int32_t token : {0, 1, 200, synthetic_row_count - 1}) {
            const std::vector<float> expected = row_of(exact, token);
            float largest = 0.0f;
            for (const float value : expected) {
                largest = std::fmax(largest, std::fabs(value));
            }
            CHECK(largest_difference(row_of(embeddings, token), expected) < largest * 0.13f);
        }
    }
    CHECK(largest_difference(row_of(exact, 0), row_of(exact, 1)) > 0.01f);
}

TEST(embeddings, tokens_and_buffers_out_of_range_are_refused) {
    const open_embeddings embeddings(synthetic_path());
    float values[synthetic_width];
    for (const int32_t token : {-1, INT32_MIN, synthetic_row_count, INT32_MAX}) {
        CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_embeddings_row(embeddings.handle, token, values, synthetic_width));
        CHECK_MESSAGE("outside the vocabulary");
    }
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_embeddings_row(embeddings.handle, 0, values, synthetic_width - 1));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_embeddings_row(embeddings.handle, 0, values, -1));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_embeddings_row(embeddings.handle, 0, nullptr, synthetic_width));
    CHECK_OK(lsl_embeddings_row(embeddings.handle, 0, values, synthetic_width));
}

TEST(embeddings, files_without_them_are_refused) {
    lsl_embeddings handle = 0;
    CHECK_STATUS(LSL_LOAD_FAILED, lsl_embeddings_open(in_work_directory("missing.gguf").c_str(), &handle));
    CHECK_MESSAGE("does not exist");
    write_bytes(in_work_directory("foreign.gguf"), {'a', 'b', 'c', 'd', 'e'});
    CHECK_STATUS(LSL_LOAD_FAILED, lsl_embeddings_open(in_work_directory("foreign.gguf").c_str(), &handle));
    CHECK_STATUS(LSL_LOAD_FAILED, lsl_embeddings_open(with_other_name().c_str(), &handle));
    CHECK_MESSAGE("has no tensor token_embd.weight");
    std::vector<char> bytes = read_bytes(synthetic_path());
    bytes.resize(bytes.size() - 1000);
    write_bytes(in_work_directory("short.gguf"), bytes);
    CHECK_STATUS(LSL_LOAD_FAILED, lsl_embeddings_open(in_work_directory("short.gguf").c_str(), &handle));
    CHECK_MESSAGE("truncated");
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_embeddings_open(nullptr, &handle));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_embeddings_open(synthetic_path().c_str(), nullptr));
    CHECK(handle == 0);
}

TEST(embeddings, parts_of_a_model_are_refused) {
    std::vector<char> bytes = read_bytes(synthetic_path());
    const std::string key = "split.count";
    const std::string other = "test.number";
    CHECK(key.size() == other.size());
    bool replaced = false;
    for (size_t i = 0; i + other.size() < bytes.size() && !replaced; ++i) {
        if (std::memcmp(bytes.data() + i, other.data(), other.size()) == 0) {
            std::memcpy(bytes.data() + i, key.data(), key.size());
            replaced = true;
        }
    }
    CHECK(replaced);
    write_bytes(in_work_directory("part.gguf"), bytes);
    lsl_embeddings handle = 0;
    CHECK_STATUS(LSL_LOAD_FAILED, lsl_embeddings_open(in_work_directory("part.gguf").c_str(), &handle));
    CHECK_MESSAGE("one of several parts");
}
