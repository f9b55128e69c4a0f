// Where loaded code lies, to notice a llama.cpp that was found somewhere else than beside this library.
#pragma once

#include <filesystem>

#include "llamaspec_llama.h"

namespace lsl {

// Defined by whoever links these objects: true in the shared library, beside which llama.cpp must lie; false in the tests,
// which use llama.cpp where it was fetched to.
extern const bool needs_llama_beside;

// The folder of the loaded file that holds this code or data; empty when the system does not tell.
std::filesystem::path folder_of_module(const void * address);

// Compares the folders themselves, so a linked folder is the one that it links to. An unknown one (empty) passes.
int32_t check_same_folder(const std::filesystem::path & own, const std::filesystem::path & llama);

}  // namespace lsl
