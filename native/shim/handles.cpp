#include "handles.h"

namespace lsl {

model::model(llama_model * loaded)
    : native(loaded),
      vocab(llama_model_get_vocab(loaded)),
      vocabulary_size(llama_vocab_n_tokens(vocab)),
      has_vocabulary(llama_vocab_type(vocab) != LLAMA_VOCAB_TYPE_NONE) {}

model::~model() { llama_model_free(native); }

context::context(std::shared_ptr<model> owner, int32_t sequences)
    : model_of(std::move(owner)), sequence_count(sequences), next_positions(static_cast<size_t>(sequences), -1) {}

context::~context() {
    if (native) {
        llama_free(native);
    }
}

model_table & models() {
    static model_table & table = *new model_table;
    return table;
}

context_table & contexts() {
    static context_table & table = *new context_table;
    return table;
}

monitor_table & monitors() {
    static monitor_table & table = *new monitor_table;
    return table;
}

embeddings_table & embeddings() {
    static embeddings_table & table = *new embeddings_table;
    return table;
}

}  // namespace lsl
