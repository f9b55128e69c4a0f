// Loading a model and asking it about itself.
#include <climits>
#include <string>

#include "gguf_file.h"
#include "guard.h"
#include "hyperparameters.h"
#include "library.h"
#include "log.h"
#include "output.h"

namespace lsl {

static bool on_progress(float fraction, void * user_data) {
    auto & watched = *static_cast<monitor *>(user_data);
    watched.progress.store(fraction, std::memory_order_relaxed);
    return !watched.cancelled.load(std::memory_order_relaxed);
}

static int32_t check_usable(const model & loaded, const char * path) {
    if (llama_model_has_encoder(loaded.native) || !llama_model_has_decoder(loaded.native)) {
        return fail(LSL_LOAD_FAILED, "%s is an encoder model: only decoder models generate text here", path);
    }
    if (loaded.vocabulary_size < 1) {
        return fail(LSL_LOAD_FAILED, "%s has no vocabulary and no vocab_size", path);
    }
    return LSL_OK;
}

static int32_t load(const char * path, int32_t gpu_layers, bool use_mmap, monitor & watched, lsl_model * handle) {
    gguf_file file;
    if (const int32_t status = open_gguf(path, file)) {
        return status;
    }
    if (const int32_t status = check_not_truncated(path, file.get())) {
        return status;
    }
    if (const int32_t status = check_hyperparameters(path, file.get())) {
        return status;
    }
    file.reset();

    ggml_backend_dev_t no_device = nullptr;
    llama_model_params params = llama_model_default_params();
    params.n_gpu_layers = gpu_layers;
    params.devices = gpu_layers == 0 ? &no_device : nullptr;
    params.load_mode = use_mmap && llama_supports_mmap() ? LLAMA_LOAD_MODE_MMAP : LLAMA_LOAD_MODE_NONE;
    params.progress_callback = on_progress;
    params.progress_callback_user_data = &watched;

    const error_capture errors;
    llama_model * native = watched.cancelled ? nullptr : llama_model_load_from_file(path, params);
    if (!native) {
        if (watched.cancelled) {
            return fail(LSL_CANCELLED, "loading %s was cancelled", path);
        }
        const bool is_memory = errors.contains("unable to allocate") || errors.contains("failed to allocate");
        return fail(is_memory ? LSL_OUT_OF_MEMORY : LSL_LOAD_FAILED, "%s could not be loaded: %s", path,
                    errors.text("llama.cpp gave no reason"));
    }
    auto loaded = std::make_shared<model>(native);
    const int32_t status = check_usable(*loaded, path);
    if (status == LSL_OK) {
        *handle = models().add(std::move(loaded));
    }
    return status;
}

static void describe(const model & asked, lsl_model_info & info) {
    info = {};
    info.vocabulary_size = asked.vocabulary_size;
    info.trained_context_length = llama_model_n_ctx_train(asked.native);
    info.layer_count = llama_model_n_layer(asked.native);
    info.hidden_size = llama_model_n_embd(asked.native);
    info.parameter_count = static_cast<int64_t>(llama_model_n_params(asked.native));
    info.size_bytes = static_cast<int64_t>(llama_model_size(asked.native));
    info.has_vocabulary = asked.has_vocabulary;
    info.is_recurrent = llama_model_is_recurrent(asked.native) || llama_model_is_hybrid(asked.native);
    info.begin_token = asked.has_vocabulary ? llama_vocab_bos(asked.vocab) : -1;
    info.end_token = asked.has_vocabulary ? llama_vocab_eos(asked.vocab) : -1;
    info.end_of_turn_token = asked.has_vocabulary ? llama_vocab_eot(asked.vocab) : -1;
    info.adds_begin_token = asked.has_vocabulary && llama_vocab_get_add_bos(asked.vocab);
}

}  // namespace lsl

using namespace lsl;

int32_t lsl_model_load(const char * path, int32_t gpu_layers, int32_t use_mmap, lsl_monitor monitor_handle, lsl_model * handle) {
    return guard([&] {
        if (!path || !handle) {
            return fail(LSL_INVALID_ARGUMENT, "%s is null", path ? "model" : "path");
        }
        if (gpu_layers < -1) {
            return fail(LSL_INVALID_ARGUMENT, "gpu_layers is %d: use -1 for all, 0 for the CPU, or a number of layers", gpu_layers);
        }
        const auto watched = monitor_handle ? monitors().find(monitor_handle) : std::make_shared<monitor>();
        if (!watched) {
            return fail(LSL_INVALID_HANDLE, "the monitor handle is freed or of another kind");
        }
        const int32_t status = require_initialized();
        return status ? status : load(path, gpu_layers, use_mmap != 0, *watched, handle);
    });
}

int32_t lsl_model_free(lsl_model handle) {
    return guard([&] {
        return models().remove(handle) ? LSL_OK : fail(LSL_INVALID_HANDLE, "the model handle is null, freed or of another kind");
    });
}

int32_t lsl_model_get_info(lsl_model handle, lsl_model_info * info) {
    return with_model(handle, [&](model & asked) {
        if (!info) {
            return fail(LSL_INVALID_ARGUMENT, "info is null");
        }
        describe(asked, *info);
        return static_cast<int32_t>(LSL_OK);
    });
}

int32_t lsl_model_description(lsl_model handle, char * buffer, int32_t capacity, int32_t * length) {
    return with_model(handle, [&](model & asked) {
        char text[256];
        llama_model_desc(asked.native, text, sizeof(text));
        return copy_out(text, buffer, capacity, length);
    });
}

int32_t lsl_model_metadata(lsl_model handle, const char * key, char * buffer, int32_t capacity, int32_t * length) {
    return with_model(handle, [&](model & asked) {
        if (!key) {
            return fail(LSL_INVALID_ARGUMENT, "key is null");
        }
        char nothing = '\0';
        const int32_t needed = llama_model_meta_val_str(asked.native, key, &nothing, 1);
        if (needed < 0) {
            return fail(LSL_NOT_FOUND, "the model has no metadata key %s", key);
        }
        std::string text(static_cast<size_t>(needed) + 1, '\0');
        llama_model_meta_val_str(asked.native, key, text.data(), text.size());
        text.pop_back();
        return copy_out(text, buffer, capacity, length);
    });
}

int32_t lsl_monitor_create(lsl_monitor * handle) {
    return guard([&] {
        if (!handle) {
            return fail(LSL_INVALID_ARGUMENT, "monitor is null");
        }
        *handle = monitors().add(std::make_shared<monitor>());
        return static_cast<int32_t>(LSL_OK);
    });
}

int32_t lsl_monitor_progress(lsl_monitor handle, float * fraction) {
    return with_monitor(handle, [&](monitor & watched) {
        if (!fraction) {
            return fail(LSL_INVALID_ARGUMENT, "fraction is null");
        }
        *fraction = watched.progress;
        return static_cast<int32_t>(LSL_OK);
    });
}

int32_t lsl_monitor_cancel(lsl_monitor handle) {
    return with_monitor(handle, [&](monitor & watched) {
        watched.cancelled = true;
        return static_cast<int32_t>(LSL_OK);
    });
}

int32_t lsl_monitor_free(lsl_monitor handle) {
    return guard([&] {
        return monitors().remove(handle) ? LSL_OK : fail(LSL_INVALID_HANDLE, "the monitor handle is null, freed or of another kind");
    });
}
