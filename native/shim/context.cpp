// Creating a context; the calls that run it are in decode.cpp.
#include "guard.h"
#include "log.h"

namespace lsl {

static constexpr int32_t thread_limit = 512;       // GGML_MAX_N_THREADS, asserted by ggml
static constexpr int32_t cell_limit = 1 << 24;     // above any model's context; keeps a typing error from eating the memory
static constexpr int32_t row_limit = 1 << 16;

static bool on_abort_poll(void * user_data) {
    return static_cast<context *>(user_data)->abort_requested.load(std::memory_order_relaxed);
}

static int32_t check_range(const char * name, int32_t value, int32_t lowest, int32_t highest) {
    return value >= lowest && value <= highest
               ? LSL_OK
               : fail(LSL_INVALID_ARGUMENT, "%s is %d and must be %d..%d", name, value, lowest, highest);
}

static int32_t check_fast_rows(int32_t first, int32_t last) {
    if (first == 0 && last == 0) {
        return LSL_OK;
    }
    const int32_t status = check_range("fast_rows_first", first, 1, row_limit);
    return status ? status : check_range("fast_rows_last", last, first, row_limit);
}

static int32_t check_options(const lsl_context_options & options) {
    const auto most_sequences = static_cast<int32_t>(llama_max_parallel_sequences());
    int32_t status = check_range("cell_count", options.cell_count, 1, cell_limit);
    status = status ? status : check_range("row_capacity", options.row_capacity, 1, row_limit);
    status = status ? status : check_range("sequence_count", options.sequence_count, 1, most_sequences);
    status = status ? status : check_range("thread_count", options.thread_count, 1, thread_limit);
    status = status ? status : check_range("flash_attention", options.flash_attention, -1, 1);
    return status ? status : check_fast_rows(options.fast_rows_first, options.fast_rows_last);
}

static llama_context_params to_params(const lsl_context_options & options, context & owner) {
    llama_context_params params = llama_context_default_params();
    params.n_ctx = static_cast<uint32_t>(options.cell_count);
    params.n_batch = static_cast<uint32_t>(options.row_capacity);
    params.n_ubatch = params.n_batch;  // one physical batch: an abort then leaves no rows behind
    params.n_seq_max = static_cast<uint32_t>(options.sequence_count);
    params.n_threads = options.thread_count;
    params.n_threads_batch = options.thread_count;
    params.flash_attn_type = static_cast<llama_flash_attn_type>(options.flash_attention);
    params.pooling_type = LLAMA_POOLING_TYPE_NONE;
    // For one sequence both are the same, but a unified cache makes llama.cpp compare 256 x 256 sequences before every decode: 30 us.
    params.kv_unified = options.sequence_count > 1;
    params.embeddings = false;
    params.no_perf = true;
    params.abort_callback = on_abort_poll;
    params.abort_callback_data = &owner;
    owner.products.attach(params);
    return params;
}

static int32_t create(std::shared_ptr<model> owner, const lsl_context_options & options, lsl_context * handle) {
    const auto made = std::make_shared<context>(std::move(owner), options.sequence_count);
    const error_capture errors;
    made->native = llama_init_from_model(made->model_of->native, to_params(options, *made));
    if (!made->native) {
        const bool is_memory = errors.contains("allocate");
        return fail(is_memory ? LSL_OUT_OF_MEMORY : LSL_FAILED, "the context could not be created: %s",
                    errors.text("llama.cpp gave no reason"));
    }
    if (!llama_get_memory(made->native)) {
        return fail(LSL_FAILED, "the model keeps no KV cache, so it cannot generate text");
    }
    made->threads.attach(made->native, options.thread_count);
    made->products.take(options.fast_rows_first, options.fast_rows_last);
    made->row_capacity = static_cast<int32_t>(llama_n_ubatch(made->native));
    const auto rows = static_cast<size_t>(made->row_capacity);
    made->sequence_pointers.resize(rows);
    made->sequence_counts.assign(rows, 1);
    made->has_logits.assign(rows, 0);
    *handle = contexts().add(made);
    return LSL_OK;
}

}  // namespace lsl

using namespace lsl;

int32_t lsl_context_create(lsl_model model_handle, const lsl_context_options * options, lsl_context * handle) {
    return guard([&] {
        auto owner = models().find(model_handle);
        if (!owner) {
            return fail(LSL_INVALID_HANDLE, "the model handle is null, freed or of another kind");
        }
        if (!options || !handle) {
            return fail(LSL_INVALID_ARGUMENT, "%s is null", options ? "context" : "options");
        }
        const int32_t status = check_options(*options);
        return status ? status : create(std::move(owner), *options, handle);
    });
}

int32_t lsl_context_free(lsl_context handle) {
    return guard([&] {
        return contexts().remove(handle) ? LSL_OK : fail(LSL_INVALID_HANDLE, "the context handle is null, freed or of another kind");
    });
}

int32_t lsl_context_capacity(lsl_context handle, int32_t * cell_count, int32_t * row_capacity) {
    return with_context(handle, [&](context & asked) {
        if (!cell_count || !row_capacity) {
            return fail(LSL_INVALID_ARGUMENT, "%s is null", cell_count ? "row_capacity" : "cell_count");
        }
        *cell_count = static_cast<int32_t>(llama_n_ctx(asked.native));
        *row_capacity = asked.row_capacity;
        return static_cast<int32_t>(LSL_OK);
    });
}

int32_t lsl_context_set_fast_rows(lsl_context handle, int32_t first, int32_t last) {
    return with_context(handle, [&](context & asked) {
        const int32_t status = check_fast_rows(first, last);
        if (status == LSL_OK) {
            asked.products.take(first, last);
        }
        return status;
    });
}

int32_t lsl_context_fast_product_count(lsl_context handle, int64_t * count) {
    return with_context(handle, [&](context & asked) {
        if (!count) {
            return fail(LSL_INVALID_ARGUMENT, "count is null");
        }
        *count = asked.products.count();
        return static_cast<int32_t>(LSL_OK);
    });
}

int32_t lsl_context_set_threads(lsl_context handle, int32_t thread_count) {
    return with_context(handle, [&](context & asked) {
        const int32_t status = check_range("thread_count", thread_count, 1, thread_limit);
        if (status == LSL_OK) {
            asked.threads.attach(asked.native, thread_count);
        }
        return status;
    });
}
