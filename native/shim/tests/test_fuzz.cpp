// Flips bytes of a valid header and loads the result: it must fail with a message or work, never crash.
#include <random>

#include "check.h"
#include "fixture.h"
#include "synthetic_gguf.h"

static constexpr int32_t round_count = 3000;

static void use(const std::string & path) {
    lsl_model model = 0;
    lsl_context context = 0;
    const lsl_context_options options = {256, 8, 2, 1, 0};
    const int32_t status = lsl_model_load(path.c_str(), 0, 0, 0, &model);
    CHECK(status == LSL_OK || std::string(lsl_last_message()).size() > path.size());
    if (status == LSL_OK && lsl_context_create(model, &options, &context) == LSL_OK) {
        decode(context, {1, 2, 3}, 0, 0);
        lsl_context_free(context);
    }
    lsl_model_free(model);
}

static void flip_and_use(const std::string & original, const char * name, uint32_t seed) {
    start_library();
    const std::vector<char> bytes = read_bytes(original);
    const size_t header = header_size(original);
    const std::string path = in_work_directory(name);
    std::mt19937 random(seed);
    for (int32_t round = 0; round < round_count; ++round) {
        std::vector<char> flipped = bytes;
        const uint32_t flip_count = 1 + random() % 4;
        for (uint32_t flip = 0; flip < flip_count; ++flip) {
            flipped[random() % header] = static_cast<char>(random());
        }
        write_bytes(path, flipped);
        use(path);
    }
}

TEST(fuzz, a_header_without_vocabulary_never_crashes) { flip_and_use(synthetic_path(), "flipped.gguf", 1); }

TEST(fuzz, a_header_with_vocabulary_never_crashes) { flip_and_use(synthetic_vocabulary_path(), "flipped-vocabulary.gguf", 2); }
