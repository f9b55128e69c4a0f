// The compute threads of one context. Without a pool of its own ggml starts new threads for every decode.
#pragma once

#include <cstdint>

#include <llama.h>

namespace lsl {

class compute_threads {
public:
    compute_threads() = default;
    ~compute_threads();
    compute_threads(const compute_threads &) = delete;
    compute_threads & operator=(const compute_threads &) = delete;

    // Gives the context thread_count threads, instead of those it has. Where ggml offers no pool, only the number is set.
    void attach(llama_context * context, int32_t thread_count);

private:
    ggml_threadpool * pool_ = nullptr;
};

}  // namespace lsl
