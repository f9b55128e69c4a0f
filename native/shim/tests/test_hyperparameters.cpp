// Metadata on which llama.cpp would abort the process.
#include <cstring>

#include "check.h"
#include "fixture.h"
#include "synthetic_gguf.h"

// Overwrites the first 4 bytes of a key's value.
static std::string with_value(const std::string & key, uint32_t value) {
    std::vector<char> bytes = read_bytes(synthetic_path());
    for (size_t i = 8; i + key.size() < bytes.size(); ++i) {
        uint64_t length = 0;
        std::memcpy(&length, bytes.data() + i - 8, sizeof(length));
        if (length == key.size() && std::memcmp(bytes.data() + i, key.data(), key.size()) == 0) {
            std::memcpy(bytes.data() + i + key.size() + 4, &value, sizeof(value));
            const std::string path = in_work_directory("changed.gguf");
            write_bytes(path, bytes);
            return path;
        }
    }
    CHECK(false);
    return {};
}

static void refuse(const std::string & key, uint32_t value, const char * part) {
    start_library();
    lsl_model model = 0;
    CHECK_STATUS(LSL_LOAD_FAILED, lsl_model_load(with_value(key, value).c_str(), 0, 0, 0, &model));
    CHECK_MESSAGE(part);
}

TEST(hyperparameters, layer_counts_are_checked) {
    refuse("llama.block_count", 0, "llama.block_count is 0 and must be 1..512");
    refuse("llama.block_count", 513, "llama.block_count is 513");
    refuse("llama.block_count", 0xffffffff, "llama.block_count is 4294967295");
}

TEST(hyperparameters, widths_and_heads_are_checked) {
    refuse("llama.embedding_length", 0, "llama.embedding_length is 0");
    refuse("llama.attention.head_count", 65, "llama.attention.head_count is 65 and must be 0..64");
    refuse("llama.attention.head_count_kv", 3, "no multiple of attention.head_count_kv");
    refuse("llama.rope.dimension_count", 31, "llama.rope.dimension_count is odd");
}

TEST(hyperparameters, epsilons_are_checked) {
    refuse("llama.attention.layer_norm_rms_epsilon", 0, "is not between 0 and 1");
    refuse("llama.attention.layer_norm_rms_epsilon", 0x7fc00000, "is not between 0 and 1");
    refuse("llama.attention.layer_norm_rms_epsilon", 0xbf800000, "is not between 0 and 1");
}

TEST(hyperparameters, a_dummy_vocabulary_has_the_size_of_the_embedding) {
    refuse("llama.vocab_size", 0x7fffffff, "llama.vocab_size is not the number of token embeddings");
    refuse("llama.vocab_size", 319, "llama.vocab_size is not the number of token embeddings");
}

TEST(hyperparameters, a_token_listed_twice_is_named) {
    start_library();
    std::vector<char> bytes = read_bytes(synthetic_vocabulary_path());
    const std::string one = "w300";
    for (size_t i = 0; i + one.size() < bytes.size(); ++i) {
        if (std::memcmp(bytes.data() + i, one.data(), one.size()) == 0) {
            bytes[i + 3] = '1';
            break;
        }
    }
    const std::string path = in_work_directory("twice.gguf");
    write_bytes(path, bytes);
    lsl_model model = 0;
    CHECK_STATUS(LSL_LOAD_FAILED, lsl_model_load(path.c_str(), 0, 0, 0, &model));
    CHECK_MESSAGE("lists token 301 (\"w301\") twice");
}
