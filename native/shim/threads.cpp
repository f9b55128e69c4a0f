#include "threads.h"

#include <ggml-backend.h>
#include <ggml-cpu.h>

namespace lsl {

// The CPU backend is loaded at run time, so its functions are asked for by name.
template <typename Function>
static Function cpu_function(const char * name) {
    ggml_backend_dev_t device = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    ggml_backend_reg_t registry = device ? ggml_backend_dev_backend_reg(device) : nullptr;
    return registry ? reinterpret_cast<Function>(ggml_backend_reg_get_proc_address(registry, name)) : nullptr;
}

static void release(ggml_threadpool * pool) {
    if (pool) {
        cpu_function<decltype(&ggml_threadpool_free)>("ggml_threadpool_free")(pool);
    }
}

compute_threads::~compute_threads() {
    release_replaced();
    release(pool_);
}

void compute_threads::attach(llama_context * context, int32_t thread_count) {
    const auto create = cpu_function<decltype(&ggml_threadpool_new)>("ggml_threadpool_new");
    ggml_threadpool_params params = ggml_threadpool_params_default(thread_count);
    // 1: idle threads spin for some 2 ms, about the pause between two decodes of a round, then sleep. The default of 50 spins
    // for 100 ms and more, which takes the cores from whoever computes next, another context of ours included.
    params.poll = 1;
    replaced_.reserve(replaced_.size() + 1);  // so that nothing can fail once the pool is made
    ggml_threadpool * next = create ? create(&params) : nullptr;
    llama_set_n_threads(context, thread_count, thread_count);
    if (next) {
        llama_attach_threadpool(context, next, nullptr);
    } else {
        llama_detach_threadpool(context);
    }
    if (pool_) {
        replaced_.push_back(pool_);
    }
    pool_ = next;
}

void compute_threads::release_replaced() {
    for (ggml_threadpool * pool : replaced_) {
        release(pool);
    }
    replaced_.clear();
}

}  // namespace lsl
