// Looks at a GGUF file before llama.cpp does, so that a bad file is named for what it is.
#pragma once

#include <memory>

#include <gguf.h>

#include "llamaspec_llama.h"

namespace lsl {

struct gguf_deleter {
    void operator()(gguf_context * file) const { gguf_free(file); }
};
using gguf_file = std::unique_ptr<gguf_context, gguf_deleter>;

// Opens the metadata: LSL_LOAD_FAILED for a file that is missing, empty, foreign or corrupt.
int32_t open_gguf(const char * path, gguf_file & file);

// LSL_LOAD_FAILED when the tensor data reaches past the end of the file.
int32_t check_not_truncated(const char * path, const gguf_context * file);

}  // namespace lsl
