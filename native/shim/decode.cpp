// Running a context: decode, logits and sequences. Every check here replaces an assert or a silent refusal in llama.cpp.
#include <algorithm>
#include <cstring>

#include "guard.h"
#include "log.h"

namespace lsl {

struct rows {
    const int32_t * tokens;
    const int32_t * positions;
    const int32_t * sequences;        // of all rows, one after the other
    const int32_t * sequence_counts;  // null: one each
    const uint8_t * wants_logits;
    int32_t count;
    bool wants_hidden;
};

static int32_t length_of(const context & asked, int32_t sequence) {
    return llama_memory_seq_pos_max(llama_get_memory(asked.native), sequence) + 1;
}

static int32_t check_sequence(const context & asked, int32_t sequence) {
    return sequence >= 0 && sequence < asked.sequence_count
               ? LSL_OK
               : fail(LSL_INVALID_ARGUMENT, "sequence %d is not one of the context's %d", sequence, asked.sequence_count);
}

static int32_t sequences_of(const rows & batch, int32_t row) {
    return batch.sequence_counts ? batch.sequence_counts[row] : 1;
}

static int32_t check_position(context & asked, const rows & batch, int32_t row, int32_t sequence) {
    if (const int32_t status = check_sequence(asked, sequence)) {
        return status;
    }
    int32_t & expected = asked.next_positions[static_cast<size_t>(sequence)];
    if (expected < 0) {
        expected = length_of(asked, sequence);
    }
    if (batch.positions[row] != expected) {
        return fail(LSL_INVALID_ARGUMENT, "row %d: position %d of sequence %d leaves a gap or overlaps, the next one is %d", row,
                    batch.positions[row], sequence, expected);
    }
    ++expected;
    return LSL_OK;
}

// first_sequence is that of the row, and becomes that of the next.
static int32_t check_row(context & asked, const rows & batch, int32_t row, int32_t & first_sequence) {
    const int32_t token = batch.tokens[row];
    if (token < 0 || token >= asked.model_of->vocabulary_size) {
        return fail(LSL_INVALID_ARGUMENT, "row %d: token %d is outside the vocabulary of %d", row, token,
                    asked.model_of->vocabulary_size);
    }
    const int32_t count = sequences_of(batch, row);
    if (count < 1 || count > asked.sequence_count) {
        return fail(LSL_INVALID_ARGUMENT, "row %d: belongs to %d sequences and must to 1..%d", row, count, asked.sequence_count);
    }
    for (int32_t i = 0; i < count; ++i) {
        if (const int32_t status = check_position(asked, batch, row, batch.sequences[first_sequence + i])) {
            return status;
        }
    }
    first_sequence += count;
    return LSL_OK;
}

static int32_t check_rows(context & asked, const rows & batch) {
    if (!batch.tokens || !batch.positions || !batch.sequences || !batch.wants_logits) {
        return fail(LSL_INVALID_ARGUMENT, "a row array is null");
    }
    if (batch.count < 1 || batch.count > asked.row_capacity) {
        return fail(LSL_INVALID_ARGUMENT, "row_count is %d and must be 1..%d", batch.count, asked.row_capacity);
    }
    if (batch.wants_hidden) {
        const auto * end = batch.wants_logits + batch.count;
        const auto * unwanted = std::find(batch.wants_logits, end, uint8_t{0});
        if (unwanted != end) {
            return fail(LSL_INVALID_ARGUMENT, "row %d wants no logits: hidden rows are only given when every row wants them",
                        static_cast<int>(unwanted - batch.wants_logits));
        }
    }
    std::fill(asked.next_positions.begin(), asked.next_positions.end(), -1);
    int32_t first_sequence = 0;
    for (int32_t row = 0; row < batch.count; ++row) {
        if (const int32_t status = check_row(asked, batch, row, first_sequence)) {
            return status;
        }
    }
    return LSL_OK;
}

// llama_batch takes plain pointers but writes to none of these arrays.
static llama_batch to_native(context & asked, const rows & batch) {
    int32_t first_sequence = 0;
    for (int32_t row = 0; row < batch.count; ++row) {
        asked.sequence_pointers[static_cast<size_t>(row)] = const_cast<llama_seq_id *>(batch.sequences + first_sequence);
        asked.sequence_counts[static_cast<size_t>(row)] = sequences_of(batch, row);
        first_sequence += sequences_of(batch, row);
    }
    llama_batch native = {};
    native.n_tokens = batch.count;
    native.token = const_cast<llama_token *>(batch.tokens);
    native.pos = const_cast<llama_pos *>(batch.positions);
    native.n_seq_id = asked.sequence_counts.data();
    native.seq_id = asked.sequence_pointers.data();
    native.logits = reinterpret_cast<int8_t *>(const_cast<uint8_t *>(batch.wants_logits));
    return native;
}

// A change makes llama.cpp build another graph, so it is told of changes only.
static void set_hidden(context & asked, bool wanted) {
    if (asked.gives_hidden != wanted) {
        llama_set_embeddings(asked.native, wanted);
        asked.gives_hidden = wanted;
    }
}

static int32_t decode(context & asked, const rows & batch) {
    asked.logits_row_count = 0;
    asked.abort_requested.store(false, std::memory_order_relaxed);
    if (const int32_t status = check_rows(asked, batch)) {
        return status;
    }
    if (batch.wants_hidden && llama_model_n_embd_out(asked.model_of->native) != llama_model_n_embd(asked.model_of->native)) {
        return fail(LSL_FAILED, "llama.cpp gives no hidden rows for this model: its outputs have another width");
    }
    set_hidden(asked, batch.wants_hidden);
    asked.products.begin();
    const error_capture errors;
    switch (const int32_t result = llama_decode(asked.native, to_native(asked, batch))) {
        case 0:
            std::memcpy(asked.has_logits.data(), batch.wants_logits, static_cast<size_t>(batch.count));
            asked.logits_row_count = batch.count;
            asked.threads.release_replaced();
            return LSL_OK;
        case 1:
            return fail(LSL_NO_KV_SLOT, "the KV cache has no room for %d rows", batch.count);
        case 2:
            return fail(LSL_ABORTED, "the decode was aborted");
        case -2:
            return fail(LSL_OUT_OF_MEMORY, "no memory for a decode of %d rows: %s", batch.count, errors.text("no reason given"));
        default:
            return fail(LSL_FAILED, "llama_decode returned %d: %s", result, errors.text("no reason given"));
    }
}

static int32_t check_output(const context & asked, int32_t row, const char * name, const float ** values) {
    if (!values) {
        return fail(LSL_INVALID_ARGUMENT, "%s is null", name);
    }
    if (row < 0 || row >= asked.logits_row_count) {
        return fail(LSL_INVALID_ARGUMENT, "row %d is not one of the last successful decode's %d", row, asked.logits_row_count);
    }
    return LSL_OK;
}

static int32_t hidden_row(context & asked, int32_t row, const float ** values) {
    if (const int32_t status = check_output(asked, row, "values", values)) {
        return status;
    }
    if (!asked.gives_hidden) {
        return fail(LSL_INVALID_ARGUMENT, "row %d was decoded without asking for hidden rows", row);
    }
    *values = llama_get_embeddings_ith(asked.native, row);
    return *values ? LSL_OK : fail(LSL_FAILED, "llama.cpp gives no hidden rows for this model");
}

static int32_t logits_row(context & asked, int32_t row, const float ** logits) {
    if (const int32_t status = check_output(asked, row, "logits", logits)) {
        return status;
    }
    if (!asked.has_logits[static_cast<size_t>(row)]) {
        return fail(LSL_INVALID_ARGUMENT, "row %d was decoded without asking for its logits", row);
    }
    *logits = llama_get_logits_ith(asked.native, row);
    return *logits ? LSL_OK : fail(LSL_FAILED, "llama.cpp has no logits for row %d", row);
}

static int32_t logits_block(context & asked, const float ** logits, int32_t * row_count) {
    if (!logits || !row_count) {
        return fail(LSL_INVALID_ARGUMENT, "%s is null", logits ? "row_count" : "logits");
    }
    const auto * wanted = asked.has_logits.data();
    *row_count = static_cast<int32_t>(std::count(wanted, wanted + asked.logits_row_count, uint8_t{1}));
    *logits = *row_count > 0 ? llama_get_logits(asked.native) : nullptr;
    return *logits || *row_count == 0 ? LSL_OK : fail(LSL_FAILED, "llama.cpp has no logits");
}

static int32_t copy(context & asked, int32_t from, int32_t to, int32_t start, int32_t end) {
    int32_t status = check_sequence(asked, from);
    status = status ? status : check_sequence(asked, to);
    if (status) {
        return status;
    }
    if (from == to) {
        return fail(LSL_INVALID_ARGUMENT, "sequence %d cannot be copied to itself", from);
    }
    if (start != length_of(asked, to) || end < start || end > length_of(asked, from)) {
        return fail(LSL_INVALID_ARGUMENT, "positions %d to %d of sequence %d, which holds %d, do not continue sequence %d, which holds %d",
                    start, end, from, length_of(asked, from), to, length_of(asked, to));
    }
    llama_memory_seq_cp(llama_get_memory(asked.native), from, to, start, end);
    return LSL_OK;
}

static int32_t trim(context & asked, int32_t sequence, int32_t position) {
    if (const int32_t status = check_sequence(asked, sequence)) {
        return status;
    }
    if (position < 0) {
        return fail(LSL_INVALID_ARGUMENT, "position %d is negative", position);
    }
    if (position >= length_of(asked, sequence)) {
        return LSL_OK;
    }
    return llama_memory_seq_rm(llama_get_memory(asked.native), sequence, position, -1)
               ? LSL_OK
               : fail(LSL_FAILED, "the model cannot drop a part of sequence %d", sequence);
}

}  // namespace lsl

using namespace lsl;

int32_t lsl_decode(lsl_context handle, const int32_t * tokens, const int32_t * positions, const int32_t * sequences,
                   const int32_t * sequence_counts, const uint8_t * wants_logits, int32_t row_count, int32_t wants_hidden) {
    const rows batch = {tokens, positions, sequences, sequence_counts, wants_logits, row_count, wants_hidden != 0};
    return with_context(handle, [&](context & asked) { return decode(asked, batch); });
}

int32_t lsl_context_abort(lsl_context handle) {
    return with_object(contexts(), handle, "context", [](context & asked) {
        asked.abort_requested.store(true, std::memory_order_relaxed);
        return LSL_OK;
    });
}

int32_t lsl_logits_row(lsl_context handle, int32_t row, const float ** logits) {
    return with_context(handle, [&](context & asked) { return logits_row(asked, row, logits); });
}

int32_t lsl_hidden_row(lsl_context handle, int32_t row, const float ** values) {
    return with_context(handle, [&](context & asked) { return hidden_row(asked, row, values); });
}

int32_t lsl_logits_block(lsl_context handle, const float ** logits, int32_t * row_count) {
    return with_context(handle, [&](context & asked) { return logits_block(asked, logits, row_count); });
}

int32_t lsl_sequence_copy(lsl_context handle, int32_t from, int32_t to, int32_t start, int32_t end) {
    return with_context(handle, [&](context & asked) { return copy(asked, from, to, start, end); });
}

int32_t lsl_sequence_trim(lsl_context handle, int32_t sequence, int32_t position) {
    return with_context(handle, [&](context & asked) { return trim(asked, sequence, position); });
}

int32_t lsl_sequence_release(lsl_context handle, int32_t sequence) {
    return with_context(handle, [&](context & asked) { return trim(asked, sequence, 0); });
}

int32_t lsl_sequence_length(lsl_context handle, int32_t sequence, int32_t * length) {
    return with_context(handle, [&](context & asked) {
        if (!length) {
            return fail(LSL_INVALID_ARGUMENT, "length is null");
        }
        const int32_t status = check_sequence(asked, sequence);
        if (status == LSL_OK) {
            *length = length_of(asked, sequence);
        }
        return status;
    });
}
