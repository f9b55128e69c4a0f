// Writes a tiny llama-architecture model: 2 layers, width 64, random weights. About 400 kB.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <ggml.h>

constexpr int32_t synthetic_layer_count = 2;
constexpr int32_t synthetic_width = 64;
constexpr int32_t synthetic_row_count = 320;
constexpr int32_t synthetic_context_length = 4096;

// The draft kind: no vocabulary, and a u16 value "test.number" of 2. seed changes the weights, type is that of the matrices.
void write_synthetic_model(const std::string & path, uint32_t seed = 1, ggml_type type = GGML_TYPE_F32);

// The same weights under a byte-level vocabulary of the SentencePiece kind.
void write_synthetic_model_with_vocabulary(const std::string & path);

std::vector<char> read_bytes(const std::string & path);
void write_bytes(const std::string & path, const std::vector<char> & bytes);
// Where the tensor data begins.
size_t header_size(const std::string & path);
