// What most tests need: the library started, the synthetic model loaded, a context, and a one-line decode.
#pragma once

#include <string>
#include <vector>

#include "llamaspec_llama.h"

extern std::string backend_directory;
extern std::string work_directory;

std::string in_work_directory(const char * name);
// Writes the synthetic model once per process.
const std::string & synthetic_path();
const std::string & synthetic_vocabulary_path();
void start_library();

struct loaded_model {
    explicit loaded_model(const std::string & path = synthetic_path());
    ~loaded_model();
    loaded_model(const loaded_model &) = delete;
    loaded_model & operator=(const loaded_model &) = delete;
    lsl_model handle = 0;
};

lsl_context_options small_options();

struct live_context {
    explicit live_context(lsl_model model, const lsl_context_options & options = small_options());
    ~live_context();
    live_context(const live_context &) = delete;
    live_context & operator=(const live_context &) = delete;
    lsl_context handle = 0;
};

// Decodes tokens from a position on, asking for the logits of the last row only.
int32_t decode(lsl_context context, const std::vector<int32_t> & tokens, int32_t position, int32_t sequence);
std::vector<float> decode_for_logits(lsl_context context, const std::vector<int32_t> & tokens, int32_t position, int32_t sequence);
int32_t length_of(lsl_context context, int32_t sequence);
float largest_difference(const std::vector<float> & left, const std::vector<float> & right);
