// Typed reading of GGUF metadata. gguf's own getters abort the process on a wrong type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gguf.h>

namespace lsl {

// nullopt when the key is missing or of another type.
std::optional<std::string> string_value(const gguf_context * file, const std::string & key);
std::optional<double> real_value(const gguf_context * file, const std::string & key);
// One integer, or each item of an array of 32-bit integers. Empty when the key is missing or of another type.
std::vector<int64_t> integer_values(const gguf_context * file, const std::string & key);

}  // namespace lsl
