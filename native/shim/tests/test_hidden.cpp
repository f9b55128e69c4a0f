// Hidden rows together with logits, switched on and off between decodes.
#include <cmath>
#include <cstring>

#include "check.h"
#include "fixture.h"
#include "synthetic_gguf.h"

namespace {

struct outputs {
    std::vector<float> logits;
    std::vector<float> hidden;
};

lsl_context_options options_with(int32_t fast_rows_last) {
    lsl_context_options options = small_options();
    options.flash_attention = 1;  // without it llama.cpp multiplies with the KV cache in other ways for one row and for many
    options.fast_rows_first = fast_rows_last > 0 ? 1 : 0;
    options.fast_rows_last = fast_rows_last;
    return options;
}

void append_row(lsl_context context, int32_t row, bool wants_hidden, outputs & all) {
    const float * values = nullptr;
    CHECK_OK(lsl_logits_row(context, row, &values));
    all.logits.insert(all.logits.end(), values, values + synthetic_row_count);
    if (wants_hidden) {
        CHECK_OK(lsl_hidden_row(context, row, &values));
        all.hidden.insert(all.hidden.end(), values, values + synthetic_width);
    }
}

// Twelve tokens from the start, in batches of that many rows. Bit i of the pattern: whether batch i gives hidden rows.
outputs decode_in_batches(lsl_context context, int32_t rows, uint32_t pattern) {
    outputs all;
    CHECK_OK(lsl_sequence_release(context, 0));
    for (int32_t from = 0; from < 12; from += rows) {
        std::vector<int32_t> tokens, positions;
        for (int32_t row = 0; row < rows; ++row) {
            tokens.push_back(((from + row) * 37 + 5) % synthetic_row_count);
            positions.push_back(from + row);
        }
        const std::vector<int32_t> sequences(tokens.size(), 0);
        const std::vector<uint8_t> wants_logits(tokens.size(), 1);
        const bool wants_hidden = (pattern >> (from / rows)) & 1;
        CHECK_OK(lsl_decode(context, tokens.data(), positions.data(), sequences.data(), nullptr, wants_logits.data(), rows, wants_hidden));
        for (int32_t row = 0; row < rows; ++row) {
            append_row(context, row, wants_hidden, all);
        }
    }
    return all;
}

bool same_bits(const std::vector<float> & left, const std::vector<float> & right) {
    return left.size() == right.size() && std::memcmp(left.data(), right.data(), left.size() * sizeof(float)) == 0;
}

const std::string & fast_path() {
    static const std::string path = [] {
        const std::string written = in_work_directory("synthetic-q8.gguf");
        write_synthetic_model(written, 1, GGML_TYPE_Q8_0);
        return written;
    }();
    return path;
}

}  // namespace

TEST(hidden, rows_leave_the_logits_bit_for_bit_as_they_are) {
    for (const int32_t fast_rows_last : {0, 65536}) {
        const loaded_model model(fast_path());
        const live_context plain(model.handle, options_with(fast_rows_last));
        const live_context context(model.handle, options_with(fast_rows_last));
        for (const int32_t rows : {1, 2, 3, 12}) {
            const outputs expected = decode_in_batches(plain.handle, rows, 0);
            for (const uint32_t pattern : {0xffffu, 0u, 0x5555u, 0x3333u}) {
                CHECK(same_bits(decode_in_batches(context.handle, rows, pattern).logits, expected.logits));
            }
        }
    }
}

TEST(hidden, rows_are_the_same_in_any_batch) {
    const loaded_model model(fast_path());
    const live_context context(model.handle, options_with(0));
    const outputs single = decode_in_batches(context.handle, 1, 0xffff);
    CHECK(single.hidden.size() == 12 * synthetic_width);
    for (const int32_t rows : {2, 3, 12}) {
        CHECK(largest_difference(decode_in_batches(context.handle, rows, 0xffff).hidden, single.hidden) < 0.1f);
    }
    const std::vector<float> first(single.hidden.begin(), single.hidden.begin() + synthetic_width);
    const std::vector<float> second(single.hidden.begin() + synthetic_width, single.hidden.begin() + 2 * synthetic_width);
    CHECK(largest_difference(first, second) > 0.5f);
}

// The row that the output matrix turns into the logits; the synthetic model uses its embeddings for that.
TEST(hidden, rows_give_the_logits_by_the_output_matrix) {
    const loaded_model model;
    const live_context context(model.handle, options_with(0));
    const outputs all = decode_in_batches(context.handle, 3, 0xffff);
    lsl_embeddings embeddings = 0;
    CHECK_OK(lsl_embeddings_open(synthetic_path().c_str(), &embeddings));
    for (int32_t row = 0; row < 12; ++row) {
        for (int32_t token = 0; token < synthetic_row_count; ++token) {
            float weights[synthetic_width];
            CHECK_OK(lsl_embeddings_row(embeddings, token, weights, synthetic_width));
            double sum = 0.0;
            for (int32_t i = 0; i < synthetic_width; ++i) {
                sum += static_cast<double>(weights[i]) * all.hidden[static_cast<size_t>(row * synthetic_width + i)];
            }
            CHECK(std::fabs(sum - all.logits[static_cast<size_t>(row * synthetic_row_count + token)]) < 1e-3);
        }
    }
    CHECK_OK(lsl_embeddings_free(embeddings));
}

TEST(hidden, rows_not_asked_for_are_refused) {
    const loaded_model model;
    const live_context context(model.handle);
    const float * values = nullptr;
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_hidden_row(context.handle, 0, &values));
    decode_in_batches(context.handle, 4, 0xffff);
    CHECK_OK(lsl_hidden_row(context.handle, 3, &values));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_hidden_row(context.handle, 4, &values));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_hidden_row(context.handle, -1, &values));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_hidden_row(context.handle, 0, nullptr));
    decode_in_batches(context.handle, 4, 0);
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_hidden_row(context.handle, 3, &values));
    CHECK_MESSAGE("without asking for hidden rows");
}

TEST(hidden, rows_need_the_logits_of_every_row) {
    const loaded_model model;
    const live_context context(model.handle);
    const int32_t tokens[] = {1, 2, 3};
    const int32_t positions[] = {0, 1, 2};
    const int32_t sequences[] = {0, 0, 0};
    const uint8_t wants_logits[] = {1, 0, 1};
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_decode(context.handle, tokens, positions, sequences, nullptr, wants_logits, 3, 1));
    CHECK_MESSAGE("row 1 wants no logits");
    CHECK(length_of(context.handle, 0) == 0);
    CHECK_OK(lsl_decode(context.handle, tokens, positions, sequences, nullptr, wants_logits, 3, 0));
}
