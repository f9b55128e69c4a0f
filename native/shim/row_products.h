// Hands the matrix products of a decode to the kernels of native/rows.
//
// llama.cpp shows every node of a graph to its evaluation callback before it computes the graph. There a product that our
// kernels take is turned into a custom operation, which ggml then runs in place, on its own threads, between its own
// barriers: no split of the graph, no second thread pool, no copy. (Measured against a backend of its own: docs/decisions.md.)
#pragma once

#include <array>
#include <cstdint>

#include <llama.h>
#include <row_product.h>

namespace lsl {

class row_products {
public:
    row_products();
    row_products(const row_products &) = delete;
    row_products & operator=(const row_products &) = delete;

    // Before the context is created, with its parameters. Without the instructions this changes nothing.
    void attach(llama_context_params & params);

    // Which numbers of columns are taken: from first to last; 0, 0 for none. Not during a decode.
    void take(int32_t first, int32_t last);

    // Before every decode.
    void begin();

    // Products computed here since the context was made.
    int64_t count() const { return count_; }

private:
    // What a custom operation is told: how its weights lie, and whether it has to convert the activations first.
    struct mode {
        row_products * owner = nullptr;
        llamaspec::rows::weight_layout layout = {};
        bool converts_input = false;
        std::array<int32_t, GGML_MAX_OP_PARAMS / sizeof(int32_t)> op_params = {};
    };

    static bool on_node(ggml_tensor * node, bool is_question, void * owner);
    static void compute(ggml_tensor * node, int thread, int thread_count, void * mode);

    void visit(ggml_tensor * node);
    bool is_ours(const ggml_tensor * node) const;
    bool wants(const ggml_tensor * node, llamaspec::rows::weight_layout & layout) const;
    bool reserve(const ggml_tensor * node);

    const llamaspec::rows::kernel_set * const kernels_;
    std::array<std::array<mode, 2>, llamaspec::rows::weight_layout_count> modes_;
    llamaspec::rows::workspace workspace_;
    int32_t first_ = 0;
    int32_t last_ = 0;
    int64_t count_ = 0;

    // The activations that the workspace will hold at this point of the graph.
    const ggml_tensor * converted_ = nullptr;
    llamaspec::rows::weight_layout converted_for_ = {};
    bool has_computed_ = false;  // since the last question: the next question opens a new graph
};

// The instructions in use, or null.
const char * row_kernels_name();

}  // namespace lsl
