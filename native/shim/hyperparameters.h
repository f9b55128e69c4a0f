// Metadata on which llama.cpp asserts, which would abort the process, is refused before llama.cpp reads it.
// Covers what every architecture shares. Asserts of single architectures remain: load files from sources you trust.
#pragma once

#include <gguf.h>

#include "llamaspec_llama.h"

namespace lsl {

int32_t check_hyperparameters(const char * path, const gguf_context * file);

}  // namespace lsl
