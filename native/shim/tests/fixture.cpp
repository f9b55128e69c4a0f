#include "fixture.h"

#include <algorithm>
#include <cmath>

#include "check.h"
#include "module_folder.h"
#include "synthetic_gguf.h"

const bool lsl::needs_llama_beside = false;

std::string backend_directory;
std::string work_directory;

std::string in_work_directory(const char * name) { return work_directory + "/" + name; }

const std::string & synthetic_path() {
    static const std::string path = [] {
        const std::string written = in_work_directory("synthetic.gguf");
        write_synthetic_model(written);
        return written;
    }();
    return path;
}

const std::string & synthetic_vocabulary_path() {
    static const std::string path = [] {
        const std::string written = in_work_directory("synthetic-vocabulary.gguf");
        write_synthetic_model_with_vocabulary(written);
        return written;
    }();
    return path;
}

void start_library() { CHECK_OK(lsl_initialize(backend_directory.c_str())); }

loaded_model::loaded_model(const std::string & path) {
    start_library();
    CHECK_OK(lsl_model_load(path.c_str(), 0, 1, 0, &handle));
}

loaded_model::~loaded_model() { lsl_model_free(handle); }

lsl_context_options small_options() { return {256, 64, 4, 1, 0, 0, 0}; }

live_context::live_context(lsl_model model, const lsl_context_options & options) { CHECK_OK(lsl_context_create(model, &options, &handle)); }

live_context::~live_context() { lsl_context_free(handle); }

int32_t decode(lsl_context context, const std::vector<int32_t> & tokens, int32_t position, int32_t sequence) {
    const auto count = static_cast<int32_t>(tokens.size());
    std::vector<int32_t> positions;
    for (int32_t row = 0; row < count; ++row) {
        positions.push_back(position + row);
    }
    const std::vector<int32_t> sequences(tokens.size(), sequence);
    std::vector<uint8_t> wants_logits(tokens.size(), 0);
    wants_logits.back() = 1;
    return lsl_decode(context, tokens.data(), positions.data(), sequences.data(), nullptr, wants_logits.data(), count, 0);
}

std::vector<float> decode_for_logits(lsl_context context, const std::vector<int32_t> & tokens, int32_t position, int32_t sequence) {
    const float * logits = nullptr;
    CHECK_OK(decode(context, tokens, position, sequence));
    CHECK_OK(lsl_logits_row(context, static_cast<int32_t>(tokens.size()) - 1, &logits));
    return {logits, logits + synthetic_row_count};
}

int32_t length_of(lsl_context context, int32_t sequence) {
    int32_t length = -1;
    CHECK_OK(lsl_sequence_length(context, sequence, &length));
    return length;
}

float largest_difference(const std::vector<float> & left, const std::vector<float> & right) {
    float largest = 0.0f;
    for (size_t i = 0; i < left.size(); ++i) {
        // Written so that a NaN counts as a difference.
        const float difference = std::fabs(left[i] - right[i]);
        largest = difference <= largest ? largest : difference;
    }
    return largest;
}
