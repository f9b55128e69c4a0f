// Rows of a file's token embeddings, read and converted one at a time.
#pragma once

#include <cstdint>
#include <fstream>
#include <mutex>
#include <vector>

#include <ggml.h>

namespace lsl {

class token_embeddings {
public:
    // Opens the file: LSL_LOAD_FAILED when it has no such rows.
    int32_t open(const char * path);
    int32_t read(int32_t token, float * values, int32_t capacity);

    int32_t width() const { return width_; }
    int32_t row_count() const { return row_count_; }

private:
    std::mutex mutex_;  // the stream has one place to read at
    std::ifstream stream_;
    std::vector<char> row_;
    ggml_to_float_t to_float_ = nullptr;  // null: the row is float32 already
    uint64_t offset_ = 0;
    int32_t width_ = 0;
    int32_t row_count_ = 0;
};

}  // namespace lsl
