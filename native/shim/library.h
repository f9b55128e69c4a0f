// The checks of lsl_initialize(), apart, so that a test can call them with another version and other parameters.
#pragma once

#include <llama.h>

#include "llamaspec_llama.h"

namespace lsl {

// Compares release numbers only: "v0.5.0", "0.5.0" and "0.5.0-dev" are spellings of one release.
int32_t check_version(const char * loaded, const char * built_against);

// Default parameters that only come out like this when both sides lay the structs out alike.
int32_t check_canary(const llama_model_params & model, const llama_context_params & context);

// LSL_OK once lsl_initialize() has succeeded.
int32_t require_initialized();

}  // namespace lsl
