#include "library.h"

#include <cstring>
#include <mutex>
#include <string>

#include <ggml-backend.h>

#include "guard.h"
#include "log.h"
#include "module_folder.h"
#include "output.h"
#include "row_products.h"

#ifndef LLAMASPEC_LLAMA_VERSION
#  define LLAMASPEC_LLAMA_VERSION "v0.5.0"
#endif

namespace lsl {

static std::atomic<bool> is_initialized{false};
static std::mutex initialize_mutex;

static std::string release_of(const char * version) {
    const char * start = *version == 'v' ? version + 1 : version;
    return std::string(start, std::strspn(start, "0123456789."));
}

int32_t check_version(const char * loaded, const char * built_against) {
    if (release_of(loaded) == release_of(built_against)) {
        return LSL_OK;
    }
    return fail(LSL_WRONG_VERSION,
                "the llama.cpp library is version %s, but this build of llamaspec_llama needs %s: run the native build again",
                loaded, built_against);
}

int32_t check_canary(const llama_model_params & model, const llama_context_params & context) {
    const bool model_agrees = model.devices == nullptr && model.n_gpu_layers == -1 && model.split_mode == LLAMA_SPLIT_MODE_LAYER &&
                              model.load_mode == LLAMA_LOAD_MODE_AUTO && model.progress_callback == nullptr &&
                              !model.vocab_only && !model.check_tensors && model.use_extra_bufts && !model.load_mtp;
    const bool context_agrees = context.n_ctx == 512 && context.n_batch == 2048 && context.n_ubatch == 512 &&
                                context.n_seq_max == 1 && context.n_threads == context.n_threads_batch &&
                                context.flash_attn_type == LLAMA_FLASH_ATTN_TYPE_AUTO && context.defrag_thold == -1.0f &&
                                context.type_k == GGML_TYPE_F16 && context.type_v == GGML_TYPE_F16 &&
                                context.abort_callback == nullptr && context.cb_eval == nullptr && !context.embeddings && context.offload_kqv &&
                                context.no_perf && context.swa_full && !context.kv_unified && context.samplers == nullptr &&
                                context.n_samplers == 0 && context.ctx_other == nullptr;
    if (model_agrees && context_agrees) {
        return LSL_OK;
    }
    return fail(LSL_WRONG_VERSION,
                "the llama.cpp library lays out its %s parameters differently from the headers of %s: run the native build again",
                model_agrees ? "context" : "model", LLAMASPEC_LLAMA_VERSION);
}

int32_t require_initialized() {
    return is_initialized.load(std::memory_order_acquire) ? LSL_OK : fail(LSL_FAILED, "lsl_initialize() has not succeeded yet");
}

// Both addresses are of data: that of a function may be a stub in the calling module. llama_version() returns a literal.
static int32_t check_llama_is_beside() {
    return needs_llama_beside ? check_same_folder(folder_of_module(&is_initialized), folder_of_module(llama_version())) : LSL_OK;
}

static int32_t initialize(const char * backend_directory) {
    if (const int32_t status = check_llama_is_beside()) {
        return status;
    }
    hook_log();
    if (const int32_t status = check_version(llama_version(), LLAMASPEC_LLAMA_VERSION)) {
        return status;
    }
    if (const int32_t status = check_canary(llama_model_default_params(), llama_context_default_params())) {
        return status;
    }
    const std::lock_guard<std::mutex> lock(initialize_mutex);
    if (is_initialized) {
        return LSL_OK;
    }
    ggml_backend_load_all_from_path(backend_directory);
    if (!ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU)) {
        return fail(LSL_LOAD_FAILED, "no CPU backend of llama.cpp (ggml-cpu) was found in %s", backend_directory);
    }
    llama_backend_init();
    is_initialized.store(true, std::memory_order_release);
    return LSL_OK;
}

static std::string describe_system() {
    std::string text = llama_print_system_info();
    for (size_t i = 0; i < ggml_backend_dev_count(); ++i) {
        const ggml_backend_dev_t device = ggml_backend_dev_get(i);
        text.append(i == 0 ? " devices: " : ", ").append(ggml_backend_dev_name(device));
        text.append(" (").append(ggml_backend_dev_description(device)).append(")");
    }
    return text;
}

static std::string list_gpus() {
    std::string text;
    for (size_t i = 0; i < ggml_backend_dev_count(); ++i) {
        const ggml_backend_dev_t device = ggml_backend_dev_get(i);
        const enum ggml_backend_dev_type type = ggml_backend_dev_type(device);
        if (type == GGML_BACKEND_DEVICE_TYPE_GPU || type == GGML_BACKEND_DEVICE_TYPE_IGPU) {
            text.append(text.empty() ? "" : "\n").append(ggml_backend_dev_name(device));
            text.append("\t").append(ggml_backend_dev_description(device));
        }
    }
    return text;
}

}  // namespace lsl

using namespace lsl;

int32_t lsl_abi_version(void) { return LSL_ABI_VERSION; }

const char * lsl_last_message(void) { return last_message(); }

const char * lsl_llama_version(void) { return llama_version(); }

const char * lsl_built_against_version(void) { return LLAMASPEC_LLAMA_VERSION; }

int32_t lsl_initialize(const char * backend_directory) {
    return guard([&] {
        return backend_directory && *backend_directory ? initialize(backend_directory)
                                                       : fail(LSL_INVALID_ARGUMENT, "backend_directory is null or empty");
    });
}

int32_t lsl_system_info(char * buffer, int32_t capacity, int32_t * length) {
    return guard([&] { return copy_out(describe_system(), buffer, capacity, length); });
}

int32_t lsl_gpus(char * buffer, int32_t capacity, int32_t * length) {
    return guard([&] { return copy_out(list_gpus(), buffer, capacity, length); });
}

int32_t lsl_fast_rows(char * buffer, int32_t capacity, int32_t * length) {
    return guard([&] {
        const char * name = row_kernels_name();
        return copy_out(name ? name : "", buffer, capacity, length);
    });
}

int32_t lsl_set_log_sink(lsl_log_sink sink) {
    return guard([&] {
        hook_log();
        set_log_sink(sink);
        return LSL_OK;
    });
}
