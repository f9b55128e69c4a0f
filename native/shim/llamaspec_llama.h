/* The llama.cpp backend of LlamaSpec: plain C ABI over llama.h, so that no managed code mirrors a llama.cpp struct.
 *
 * Rules
 *   - Handles are numbers from a table with generations: null (0), dead or foreign handles are refused, never dereferenced.
 *   - Every call but the obvious getters returns an lsl_status; lsl_last_message() of the same thread says why it failed.
 *   - Arguments are checked here, because llama.cpp's asserts abort the process.
 *   - Text is UTF-8 with an explicit byte count. Calls that fill a buffer always set the length needed,
 *     and return LSL_BUFFER_TOO_SMALL when the capacity is less.
 *   - A context is used by one thread at a time, except lsl_context_abort(); a second thread is refused. Models are safe from any thread.
 *   - Model files are checked before llama.cpp reads them, but only for what all architectures share: load files that you trust.
 */
#ifndef LLAMASPEC_LLAMA_H
#define LLAMASPEC_LLAMA_H

#include <stdint.h>

#if defined(_WIN32)
#  define LSL_API __declspec(dllexport)
#else
#  define LSL_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define LSL_ABI_VERSION 5

enum {
    LSL_OK               = 0,
    LSL_NO_KV_SLOT       = 1, /* expected: the KV cache has no room, nothing was written */
    LSL_ABORTED          = 2, /* expected: lsl_context_abort(); some rows may be in the KV cache */
    LSL_BUFFER_TOO_SMALL = 3, /* expected: call again with the length that was set */
    LSL_NOT_FOUND        = 4, /* expected: no such metadata key */
    LSL_CANCELLED        = 5, /* expected: loading was cancelled through its monitor */
    LSL_INVALID_ARGUMENT = 10,
    LSL_INVALID_HANDLE   = 11,
    LSL_WRONG_VERSION    = 12,
    LSL_LOAD_FAILED      = 13,
    LSL_OUT_OF_MEMORY    = 14,
    LSL_FAILED           = 15,
};

typedef uint64_t lsl_model;
typedef uint64_t lsl_context;
typedef uint64_t lsl_monitor;
typedef uint64_t lsl_embeddings;

/* ---- the library ---- */

LSL_API int32_t      lsl_abi_version(void);
LSL_API const char * lsl_last_message(void);

/* Version of the llama.cpp that was loaded, and the one this library was built against. Static strings. */
LSL_API const char * lsl_llama_version(void);
LSL_API const char * lsl_built_against_version(void);

/* Checks that llama.cpp was loaded from this library's folder (LD_LIBRARY_PATH may name another copy), its version and a canary
 * of its default parameters, then loads the compute backends from a directory (they are looked for beside the executable
 * otherwise, which is wrong under a managed host). Safe to call again. */
LSL_API int32_t lsl_initialize(const char * backend_directory);

/* Devices and instruction sets in use, for diagnostics. */
LSL_API int32_t lsl_system_info(char * buffer, int32_t capacity, int32_t * length);

/* The GPUs that the loaded backends offer, a line each: name, tab, description. Empty: the processor computes everything. */
LSL_API int32_t lsl_gpus(char * buffer, int32_t capacity, int32_t * length);

/* The instructions with which few rows are multiplied fast (native/rows). Empty when this processor has none of them:
 * llama.cpp's own kernels then do everything. */
LSL_API int32_t lsl_fast_rows(char * buffer, int32_t capacity, int32_t * length);

/* The only callback into the caller: log lines of llama.cpp. level: 1 debug, 2 info, 3 warning, 4 error. NULL = silent (the default). */
typedef void (*lsl_log_sink)(int32_t level, const char * text);
LSL_API int32_t lsl_set_log_sink(lsl_log_sink sink);

/* ---- loading ---- */

/* Progress and cancellation of a load that runs on another thread: read and cancel from any thread. */
LSL_API int32_t lsl_monitor_create(lsl_monitor * monitor);
LSL_API int32_t lsl_monitor_progress(lsl_monitor monitor, float * fraction);
LSL_API int32_t lsl_monitor_cancel(lsl_monitor monitor);
LSL_API int32_t lsl_monitor_free(lsl_monitor monitor);

/* Loads a GGUF file. monitor may be 0. gpu_layers: -1 = all, 0 = CPU only. */
LSL_API int32_t lsl_model_load(const char * path, int32_t gpu_layers, int32_t use_mmap, lsl_monitor monitor, lsl_model * model);
/* Frees the model once its last context is freed; the handle is dead at once. */
LSL_API int32_t lsl_model_free(lsl_model model);

typedef struct lsl_model_info {
    int32_t vocabulary_size;
    int32_t trained_context_length;
    int32_t layer_count;
    int32_t hidden_size;
    int64_t parameter_count;
    int64_t size_bytes;
    int32_t has_vocabulary;    /* 0 for tokenizer.ggml.model = no_vocab */
    int32_t is_recurrent;      /* 1 for recurrent and hybrid models: sequences cannot be trimmed in part */
    int32_t begin_token;       /* -1 = none, also below */
    int32_t end_token;
    int32_t end_of_turn_token;
    int32_t adds_begin_token;
} lsl_model_info;

LSL_API int32_t lsl_model_get_info(lsl_model model, lsl_model_info * info);
LSL_API int32_t lsl_model_description(lsl_model model, char * buffer, int32_t capacity, int32_t * length);
LSL_API int32_t lsl_model_metadata(lsl_model model, const char * key, char * buffer, int32_t capacity, int32_t * length);

/* ---- token embeddings ---- */

/* Reads rows of token_embd.weight straight from a file, one at a time, without loading the model. LSL_LOAD_FAILED for a file of
 * several parts, or without that tensor. Safe from any thread. */
LSL_API int32_t lsl_embeddings_open(const char * path, lsl_embeddings * embeddings);
LSL_API int32_t lsl_embeddings_size(lsl_embeddings embeddings, int32_t * width, int32_t * row_count);
/* One row as floats, as the file has it: some architectures scale it afterwards. capacity: floats, at least the width. */
LSL_API int32_t lsl_embeddings_row(lsl_embeddings embeddings, int32_t token, float * values, int32_t capacity);
LSL_API int32_t lsl_embeddings_free(lsl_embeddings embeddings);

/* ---- text ---- */

LSL_API int32_t lsl_tokenize(lsl_model model, const char * text, int32_t byte_count, int32_t add_special, int32_t parse_special,
                             int32_t * tokens, int32_t capacity, int32_t * length);
/* Bytes of one token; control tokens are rendered only when render_special is not 0. */
LSL_API int32_t lsl_token_bytes(lsl_model model, int32_t token, int32_t render_special, char * buffer, int32_t capacity, int32_t * length);
/* The token as the vocabulary spells it (for comparing vocabularies). */
LSL_API int32_t lsl_token_text(lsl_model model, int32_t token, char * buffer, int32_t capacity, int32_t * length);
LSL_API int32_t lsl_token_is_end_of_generation(lsl_model model, int32_t token, int32_t * is_end);
/* Formats messages by llama.cpp's built-in chat formats. template_text NULL = the model's own. roles and contents: message_count strings each. */
LSL_API int32_t lsl_chat_format(lsl_model model, const char * template_text, const char * const * roles, const char * const * contents,
                                int32_t message_count, int32_t add_assistant_turn, char * buffer, int32_t capacity, int32_t * length);

/* ---- contexts ---- */

typedef struct lsl_context_options {
    int32_t cell_count;      /* KV cache cells, shared by all sequences (unified cache) */
    int32_t row_capacity;    /* most rows of one decode: both the logical and the physical batch size */
    int32_t sequence_count;  /* 1..256 */
    int32_t thread_count;
    int32_t flash_attention; /* -1 auto, 0 off, 1 on */
    int32_t fast_rows_first; /* decodes of that many rows .. */
    int32_t fast_rows_last;  /* .. to that many use our own products (1..65536); 0 and 0: none do */
} lsl_context_options;

LSL_API int32_t lsl_context_create(lsl_model model, const lsl_context_options * options, lsl_context * context);
LSL_API int32_t lsl_context_free(lsl_context context);
/* Cells and rows as allocated (llama.cpp rounds up). */
LSL_API int32_t lsl_context_capacity(lsl_context context, int32_t * cell_count, int32_t * row_capacity);
LSL_API int32_t lsl_context_set_threads(lsl_context context, int32_t thread_count);

/* As in the options; not while a decode runs. Ignored on a processor without the instructions. */
LSL_API int32_t lsl_context_set_fast_rows(lsl_context context, int32_t first, int32_t last);
/* Matrix products computed by our own kernels so far. */
LSL_API int32_t lsl_context_fast_product_count(lsl_context context, int64_t * count);

/* One forward pass. Row i is tokens[i] at positions[i] of sequence_counts[i] sequences, which stand in sequences after those of the
 * rows before; sequence_counts NULL: one each. The row sees what the first of its sequences holds, so branches that share it must
 * hold the same until then. wants_logits[i] != 0 asks for its logits.
 * wants_hidden != 0 asks for the hidden rows too, and then every row must want its logits, because llama.cpp computes all outputs
 * with the hidden rows. Rows of one sequence must continue it without a gap. Forgets an abort that was requested before. */
LSL_API int32_t lsl_decode(lsl_context context, const int32_t * tokens, const int32_t * positions, const int32_t * sequences,
                           const int32_t * sequence_counts, const uint8_t * wants_logits, int32_t row_count, int32_t wants_hidden);
/* Asks a running decode to return LSL_ABORTED. Any thread. */
LSL_API int32_t lsl_context_abort(lsl_context context);
/* Logits of a row of the last decode: vocabulary_size floats, valid until the next decode. */
LSL_API int32_t lsl_logits_row(lsl_context context, int32_t row, const float ** logits);
/* All logits of the last decode: row_count rows, in the order of the batch's rows that wanted them. Same lifetime. */
LSL_API int32_t lsl_logits_block(lsl_context context, const float ** logits, int32_t * row_count);
/* Hidden state of a row of the last decode, after the final norm and before the output matrix: hidden_size floats, valid until
 * the next decode. */
LSL_API int32_t lsl_hidden_row(lsl_context context, int32_t row, const float ** values);

/* ---- sequences ---- */

/* Makes the cells of one sequence at positions start to end (not included) cells of another too, which ends at start. */
LSL_API int32_t lsl_sequence_copy(lsl_context context, int32_t from, int32_t to, int32_t start, int32_t end);
/* Drops the cells at position and after. LSL_FAILED when the model cannot drop a part. */
LSL_API int32_t lsl_sequence_trim(lsl_context context, int32_t sequence, int32_t position);
LSL_API int32_t lsl_sequence_release(lsl_context context, int32_t sequence);
/* Highest position plus one, or 0. */
LSL_API int32_t lsl_sequence_length(lsl_context context, int32_t sequence, int32_t * length);

#ifdef __cplusplus
}
#endif

#endif
