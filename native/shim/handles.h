// What the handles stand for, and the tables that tell live handles from dead and foreign ones.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include <llama.h>

#include "llamaspec_llama.h"
#include "row_products.h"
#include "threads.h"
#include "token_embeddings.h"

namespace lsl {

struct model {
    explicit model(llama_model * loaded);
    ~model();
    model(const model &) = delete;
    model & operator=(const model &) = delete;

    llama_model * const native;
    const llama_vocab * const vocab;
    const int32_t vocabulary_size;  // columns of a logits row, with or without a vocabulary
    const bool has_vocabulary;
};

struct context {
    context(std::shared_ptr<model> owner, int32_t sequences);
    ~context();
    context(const context &) = delete;
    context & operator=(const context &) = delete;

    const std::shared_ptr<model> model_of;
    const int32_t sequence_count;
    compute_threads threads;  // freed after the context that uses them, by ~context()
    row_products products;  // likewise
    llama_context * native = nullptr;
    int32_t row_capacity = 0;
    std::atomic<bool> abort_requested{false};
    std::atomic_flag busy = ATOMIC_FLAG_INIT;

    // Sized once, so that a decode allocates nothing here.
    std::vector<llama_seq_id *> sequence_pointers;
    std::vector<int32_t> sequence_counts;
    std::vector<int32_t> next_positions;   // per sequence, -1 = not seen in this batch
    std::vector<uint8_t> has_logits;       // of the last decode
    int32_t logits_row_count = 0;
    bool gives_hidden = false;             // as llama.cpp was last told
};

struct monitor {
    std::atomic<float> progress{0.0f};
    std::atomic<bool> cancelled{false};
};

// Handle = kind (8 bits) | generation (24 bits) | slot (32 bits). The kind refuses foreign handles, the generation dead ones.
template <typename T, uint64_t kind>
class handle_table {
public:
    uint64_t add(std::shared_ptr<T> object) {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (free_.empty()) {
            slots_.push_back({});
            free_.reserve(slots_.size());  // so that remove() cannot fail
            free_.push_back(static_cast<uint32_t>(slots_.size() - 1));
        }
        const uint32_t index = free_.back();
        free_.pop_back();
        slots_[index].object = std::move(object);
        return kind << 56 | static_cast<uint64_t>(slots_[index].generation) << 32 | index;
    }

    std::shared_ptr<T> find(uint64_t handle) const {
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto index = static_cast<uint32_t>(handle);
        return is_live(handle) ? slots_[index].object : nullptr;
    }

    // Returns the object, so that its destructor runs outside the lock.
    std::shared_ptr<T> remove(uint64_t handle) {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!is_live(handle)) {
            return nullptr;
        }
        const auto index = static_cast<uint32_t>(handle);
        slot & dead = slots_[index];
        if (++dead.generation < generation_limit) {
            free_.push_back(index);  // else the slot retires: its generations are used up
        }
        return std::move(dead.object);
    }

private:
    static constexpr uint32_t generation_limit = 1u << 24;

    struct slot {
        std::shared_ptr<T> object;
        uint32_t generation = 1;
    };

    bool is_live(uint64_t handle) const {
        const auto index = static_cast<uint32_t>(handle);
        const auto generation = static_cast<uint32_t>(handle >> 32) & (generation_limit - 1);
        return handle >> 56 == kind && index < slots_.size() && slots_[index].generation == generation && slots_[index].object;
    }

    mutable std::mutex mutex_;
    std::vector<slot> slots_;
    std::vector<uint32_t> free_;
};

using model_table = handle_table<model, 1>;
using context_table = handle_table<context, 2>;
using monitor_table = handle_table<monitor, 3>;
using embeddings_table = handle_table<token_embeddings, 4>;

// Never destroyed: llama.cpp's own statics may be gone before ours at process exit.
model_table & models();
context_table & contexts();
monitor_table & monitors();
embeddings_table & embeddings();

}  // namespace lsl
