// The compute threads of one context. Without a pool of its own ggml starts new threads for every decode.
#pragma once

#include <cstdint>
#include <vector>

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

    // Frees the threads that were replaced. Call it after a forward pass: until then the CPU backend still refers to them.
    void release_replaced();

private:
    ggml_threadpool * pool_ = nullptr;
    std::vector<ggml_threadpool *> replaced_;
};

}  // namespace lsl
