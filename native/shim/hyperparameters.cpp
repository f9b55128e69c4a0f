#include "hyperparameters.h"

#include <algorithm>
#include <cinttypes>
#include <string>
#include <unordered_set>

#include "gguf_values.h"
#include "message.h"

namespace lsl {

// LLAMA_MAX_LAYERS and LLAMA_MAX_EXPERTS of v0.5.0.
static constexpr int64_t layer_limit = 512;
static constexpr int64_t expert_limit = 1024;
static constexpr int64_t width_limit = 1 << 20;

namespace {

class checker {
public:
    checker(const char * path, const gguf_context * file) : path_(path), file_(file) {
        architecture_ = string_value(file, "general.architecture").value_or("");
    }

    int32_t check() {
        check_shape();
        check_heads();
        check_experts();
        check_numbers();
        check_vocabulary_size();
        check_tokens();
        return status_;
    }

private:
    std::string key(const char * name) const { return architecture_ + "." + name; }

    // The first value of a key, or `otherwise` when it is missing.
    int64_t integer(const char * name, int64_t otherwise) const {
        const std::vector<int64_t> values = integer_values(file_, key(name));
        return values.empty() ? otherwise : values.front();
    }

    int64_t largest(const char * name, int64_t otherwise) const {
        const std::vector<int64_t> values = integer_values(file_, key(name));
        return values.empty() ? otherwise : *std::max_element(values.begin(), values.end());
    }

    void require(bool holds, const char * name, const char * rule) {
        if (!holds && status_ == LSL_OK) {
            status_ = fail(LSL_LOAD_FAILED, "%s is corrupt: %s %s", path_, key(name).c_str(), rule);
        }
    }

    void require_range(const char * name, int64_t otherwise, int64_t lowest, int64_t highest) {
        for (const int64_t value : integer_values(file_, key(name))) {
            otherwise = value < lowest || value > highest ? value : otherwise;
        }
        if ((otherwise < lowest || otherwise > highest) && status_ == LSL_OK) {
            status_ = fail(LSL_LOAD_FAILED, "%s is corrupt: %s is %" PRId64 " and must be %" PRId64 "..%" PRId64, path_,
                           key(name).c_str(), otherwise, lowest, highest);
        }
    }

    void check_shape() {
        require_range("block_count", 1, 1, layer_limit);
        require_range("nextn_predict_layers", 0, 0, integer("block_count", layer_limit));
        require_range("embedding_length", 1, 1, width_limit);
        require_range("context_length", 0, 0, INT32_MAX);
    }

    void check_heads() {
        const int64_t width = integer("embedding_length", 1);
        require_range("attention.head_count", 0, 0, width);
        require_range("attention.head_count_kv", 0, 0, width);
        require_range("attention.key_length", 2, 2, width_limit);
        require_range("attention.value_length", 1, 1, width_limit);
        require_range("rope.dimension_count", 0, 0, width_limit);
        const std::vector<int64_t> heads = integer_values(file_, key("attention.head_count"));
        const std::vector<int64_t> kv_heads = integer_values(file_, key("attention.head_count_kv"));
        for (size_t i = 0; i < heads.size() && !kv_heads.empty(); ++i) {
            const int64_t kv = kv_heads[std::min(i, kv_heads.size() - 1)];
            require(kv == 0 || heads[i] % kv == 0, "attention.head_count", "is no multiple of attention.head_count_kv");
        }
        const int64_t head_count = integer("attention.head_count", 0);
        if (head_count > 0) {
            const int64_t rotated = integer("rope.dimension_count", integer("attention.key_length", width / head_count));
            require(rotated % 2 == 0, "rope.dimension_count", "is odd");
        }
    }

    void check_experts() {
        const int64_t count = integer("expert_count", 0);
        const int64_t used = largest("expert_used_count", 0);
        const int64_t groups = integer("expert_group_count", 0);
        const int64_t groups_used = integer("expert_group_used_count", 0);
        require_range("expert_count", 0, 0, expert_limit);
        require_range("expert_used_count", 0, 0, count);
        require(count == 0 || used > 0, "expert_used_count", "is 0 although there are experts");
        require(groups >= 0 && (groups == 0 || groups < count), "expert_group_count", "is not less than expert_count");
        if (groups > 1) {
            require(count % groups == 0, "expert_count", "is no multiple of expert_group_count");
            require(groups_used > 0 && groups_used < groups, "expert_group_used_count", "is not less than expert_group_count");
        }
    }

    void check_numbers() {
        for (const char * name : {"attention.layer_norm_rms_epsilon", "attention.layer_norm_epsilon", "attention.group_norm_epsilon"}) {
            const double epsilon = real_value(file_, key(name)).value_or(1e-5);
            require(epsilon > 0.0 && epsilon < 1.0, name, "is not between 0 and 1");
        }
        const std::string scaling = string_value(file_, key("rope.scaling.type")).value_or("none");
        require(scaling == "none" || scaling == "linear" || scaling == "yarn" || scaling == "longrope", "rope.scaling.type", "is unknown");
    }

    // llama.cpp makes this many dummy tokens before it looks at the weights.
    void check_vocabulary_size() {
        const int64_t embedding = gguf_find_tensor(file_, "token_embd.weight");
        const std::string tokenizer = string_value(file_, "tokenizer.ggml.model").value_or("");
        if ((tokenizer == "no_vocab" || tokenizer == "none") && embedding >= 0) {
            const int64_t rows = gguf_get_tensor_ne(file_, embedding)[1];
            require(integer("vocab_size", rows) == rows, "vocab_size", "is not the number of token embeddings");
        }
    }

    void check_tokens() {
        const int64_t id = gguf_find_key(file_, "tokenizer.ggml.tokens");
        if (status_ != LSL_OK || id < 0 || gguf_get_kv_type(file_, id) != GGUF_TYPE_ARRAY || gguf_get_arr_type(file_, id) != GGUF_TYPE_STRING) {
            return;
        }
        const size_t count = gguf_get_arr_n(file_, id);
        std::unordered_set<std::string> seen;
        seen.reserve(count);
        for (size_t i = 0; i < count; ++i) {
            const char * text = gguf_get_arr_str(file_, id, i);
            if (*text != '\0' && !seen.insert(text).second) {
                status_ = fail(LSL_LOAD_FAILED, "%s is corrupt: its vocabulary lists token %zu (\"%.64s\") twice", path_, i, text);
                return;
            }
        }
    }

    const char * path_;
    const gguf_context * file_;
    std::string architecture_;
    int32_t status_ = LSL_OK;
};

}  // namespace

int32_t check_hyperparameters(const char * path, const gguf_context * file) { return checker(path, file).check(); }

}  // namespace lsl
