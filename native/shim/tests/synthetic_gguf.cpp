#include "synthetic_gguf.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>

#include <gguf.h>

namespace {

constexpr int32_t feed_forward_width = 128;

class model_writer {
public:
    explicit model_writer(uint32_t seed, ggml_type type) : state_(seed), type_(type) {
        const ggml_init_params params = {1u << 20, nullptr, false};
        tensors_ = ggml_init(params);
        file_ = gguf_init_empty();
    }
    ~model_writer() {
        gguf_free(file_);
        ggml_free(tensors_);
    }
    model_writer(const model_writer &) = delete;
    model_writer & operator=(const model_writer &) = delete;

    gguf_context * file() { return file_; }

    void add_tensor(const std::string & name, int64_t columns, int64_t rows, float scale) {
        ggml_tensor * tensor = rows == 1 ? ggml_new_tensor_1d(tensors_, GGML_TYPE_F32, columns)
                                         : ggml_new_tensor_2d(tensors_, type_, columns, rows);
        ggml_set_name(tensor, name.c_str());
        std::vector<float> values(static_cast<size_t>(columns * rows));
        for (float & value : values) {
            value = rows == 1 ? 1.0f : scale * next();
        }
        ggml_quantize_chunk(tensor->type, values.data(), tensor->data, 0, rows, columns, nullptr);
        gguf_add_tensor(file_, tensor);
    }

private:
    // A linear congruential generator: the same weights on every system. -1..1.
    float next() {
        state_ = state_ * 1664525u + 1013904223u;
        return static_cast<float>(static_cast<int32_t>(state_)) / 2147483648.0f;
    }

    uint32_t state_;
    const ggml_type type_;
    ggml_context * tensors_;
    gguf_context * file_;
};

void add_hyperparameters(gguf_context * file) {
    gguf_set_val_str(file, "general.architecture", "llama");
    gguf_set_val_str(file, "general.name", "synthetic");
    gguf_set_val_u32(file, "llama.block_count", synthetic_layer_count);
    gguf_set_val_u32(file, "llama.context_length", synthetic_context_length);
    gguf_set_val_u32(file, "llama.embedding_length", synthetic_width);
    gguf_set_val_u32(file, "llama.feed_forward_length", feed_forward_width);
    gguf_set_val_u32(file, "llama.attention.head_count", 2);
    gguf_set_val_u32(file, "llama.attention.head_count_kv", 2);
    gguf_set_val_f32(file, "llama.attention.layer_norm_rms_epsilon", 1e-5f);
    gguf_set_val_u32(file, "llama.rope.dimension_count", synthetic_width / 2);
    gguf_set_val_u32(file, "llama.vocab_size", synthetic_row_count);
}

void add_weights(model_writer & writer) {
    constexpr float scale = 0.1f;
    writer.add_tensor("token_embd.weight", synthetic_width, synthetic_row_count, 1.0f);
    writer.add_tensor("output_norm.weight", synthetic_width, 1, scale);
    for (int32_t layer = 0; layer < synthetic_layer_count; ++layer) {
        const std::string block = "blk." + std::to_string(layer) + ".";
        writer.add_tensor(block + "attn_norm.weight", synthetic_width, 1, scale);
        writer.add_tensor(block + "ffn_norm.weight", synthetic_width, 1, scale);
        for (const char * name : {"attn_q", "attn_k", "attn_v", "attn_output"}) {
            writer.add_tensor(block + name + ".weight", synthetic_width, synthetic_width, scale);
        }
        writer.add_tensor(block + "ffn_gate.weight", synthetic_width, feed_forward_width, scale);
        writer.add_tensor(block + "ffn_up.weight", synthetic_width, feed_forward_width, scale);
        writer.add_tensor(block + "ffn_down.weight", feed_forward_width, synthetic_width, scale);
    }
}

// <unk> <s> </s>, 256 bytes, a space, then plain words up to the row count.
void add_vocabulary(gguf_context * file) {
    std::vector<std::string> texts = {"<unk>", "<s>", "</s>"};
    std::vector<int32_t> types = {2, 3, 3};
    for (int32_t byte = 0; byte < 256; ++byte) {
        char text[8];
        std::snprintf(text, sizeof(text), "<0x%02X>", byte);
        texts.emplace_back(text);
        types.push_back(6);
    }
    texts.emplace_back("\xE2\x96\x81");  // how vocabularies of this kind spell a space
    types.push_back(1);
    while (static_cast<int32_t>(texts.size()) < synthetic_row_count) {
        texts.push_back("w" + std::to_string(texts.size()));
        types.push_back(1);
    }
    std::vector<const char *> pointers;
    std::vector<float> scores;
    for (const std::string & text : texts) {
        pointers.push_back(text.c_str());
        scores.push_back(-static_cast<float>(scores.size()));
    }
    gguf_set_val_str(file, "tokenizer.ggml.model", "llama");
    gguf_set_arr_str(file, "tokenizer.ggml.tokens", pointers.data(), pointers.size());
    gguf_set_arr_data(file, "tokenizer.ggml.scores", GGUF_TYPE_FLOAT32, scores.data(), scores.size());
    gguf_set_arr_data(file, "tokenizer.ggml.token_type", GGUF_TYPE_INT32, types.data(), types.size());
    gguf_set_val_u32(file, "tokenizer.ggml.bos_token_id", 1);
    gguf_set_val_u32(file, "tokenizer.ggml.eos_token_id", 2);
    gguf_set_val_bool(file, "tokenizer.ggml.add_bos_token", true);
}

}  // namespace

void write_synthetic_model(const std::string & path, uint32_t seed, ggml_type type) {
    model_writer writer(seed, type);
    add_hyperparameters(writer.file());
    gguf_set_val_str(writer.file(), "tokenizer.ggml.model", "no_vocab");
    gguf_set_val_u16(writer.file(), "test.number", 2);
    add_weights(writer);
    gguf_write_to_file(writer.file(), path.c_str(), false);
}

void write_synthetic_model_with_vocabulary(const std::string & path) {
    model_writer writer(1, GGML_TYPE_F32);
    add_hyperparameters(writer.file());
    add_vocabulary(writer.file());
    add_weights(writer);
    gguf_write_to_file(writer.file(), path.c_str(), false);
}

std::vector<char> read_bytes(const std::string & path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void write_bytes(const std::string & path, const std::vector<char> & bytes) {
    std::ofstream stream(path, std::ios::binary | std::ios::trunc);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

size_t header_size(const std::string & path) {
    gguf_context * file = gguf_init_from_file(path.c_str(), {true, nullptr});
    const size_t size = gguf_get_data_offset(file);
    gguf_free(file);
    return size;
}
