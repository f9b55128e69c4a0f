// Flips bytes of a valid header and loads the result: it must fail with a message or work, never crash.
#include <cstring>
#include <random>

#include "check.h"
#include "fixture.h"
#include "synthetic_gguf.h"

static constexpr uint32_t round_count = 1500;

static void use(const std::string & path) {
    lsl_model model = 0;
    lsl_context context = 0;
    int32_t tokens[64];
    int32_t length = 0;
    const lsl_context_options options = {256, 8, 2, 1, 0, 0, 0};
    const int32_t status = lsl_model_load(path.c_str(), 0, 0, 0, &model);
    CHECK(status == LSL_OK || std::string(lsl_last_message()).size() > path.size());
    if (status != LSL_OK) {
        return;
    }
    lsl_tokenize(model, "Hello </s>", 10, 1, 1, tokens, 64, &length);
    if (lsl_context_create(model, &options, &context) == LSL_OK) {
        decode(context, {1, 2, 3}, 0, 0);
        lsl_context_free(context);
    }
    CHECK_OK(lsl_model_free(model));
}

// Where the values of the keys that llama.cpp acts on begin.
static std::vector<size_t> value_offsets(const std::vector<char> & bytes, size_t header) {
    std::vector<size_t> offsets;
    for (const std::string prefix : {"llama.", "tokenizer.ggml."}) {
        for (size_t i = 8; i + 64 < header; ++i) {
            uint64_t key_length = 0;
            std::memcpy(&key_length, bytes.data() + i - 8, sizeof(key_length));
            if (key_length < 64 && std::memcmp(bytes.data() + i, prefix.data(), prefix.size()) == 0) {
                offsets.push_back(i + key_length + 4);  // past the value's type
            }
        }
    }
    return offsets;
}

static void flip_any_byte(std::vector<char> & bytes, size_t header, std::mt19937 & random) {
    bytes[random() % header] = static_cast<char>(random());
}

static void change_a_value(std::vector<char> & bytes, const std::vector<size_t> & offsets, std::mt19937 & random) {
    static const uint32_t edges[] = {0,   1,   2,   3,    5,     31,    33,      63,         64,         65,         255,        319,
                                     321, 511, 513, 4096, 65536, 1u << 20, 1u << 24, 0x7fffffff, 0x80000000, 0xffffffff, 0x7fc00000, 0xbf800000};
    const uint32_t value = random() % 4 ? edges[random() % (sizeof(edges) / sizeof(edges[0]))] : static_cast<uint32_t>(random());
    std::memcpy(bytes.data() + offsets[random() % offsets.size()], &value, sizeof(value));
}

static void mutate_and_use(const std::string & original, const char * name, uint32_t seed) {
    start_library();
    const std::vector<char> bytes = read_bytes(original);
    const size_t header = header_size(original);
    const std::vector<size_t> offsets = value_offsets(bytes, header);
    CHECK(offsets.size() > 8);
    const std::string path = in_work_directory(name);
    for (uint32_t round = 0; round < round_count; ++round) {
        std::mt19937 random(seed + round);
        std::vector<char> mutated = bytes;
        for (uint32_t count = 1 + random() % 4; count > 0; --count) {
            if (random() % 4) {
                change_a_value(mutated, offsets, random);
            } else {
                flip_any_byte(mutated, header, random);
            }
        }
        write_bytes(path, mutated);
        use(path);
    }
}

TEST(fuzz, a_header_without_vocabulary_never_crashes) { mutate_and_use(synthetic_path(), "mutated.gguf", 0); }

TEST(fuzz, a_header_with_vocabulary_never_crashes) { mutate_and_use(synthetic_vocabulary_path(), "mutated-vocabulary.gguf", 1000000); }
