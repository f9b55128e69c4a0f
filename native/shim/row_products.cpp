#include "row_products.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include <ggml-backend.h>
#include <ggml.h>

#include "weight_layouts.h"

namespace lsl {

using llamaspec::rows::weight_layout;

const char * row_kernels_name() {
    const auto * kernels = llamaspec::rows::best_kernels();
    return kernels ? llamaspec::rows::name_of(*kernels) : nullptr;
}

row_products::row_products() : kernels_(llamaspec::rows::best_kernels()) {}

// ggml keeps to itself how it writes a custom operation, so one of each mode is made by ggml and its parameters are kept.
void row_products::attach(llama_context_params & params) {
    if (!kernels_) {
        return;
    }
    const ggml_init_params size = {ggml_tensor_overhead() * llamaspec::rows::weight_layout_count * 2, nullptr, true};
    const std::unique_ptr<ggml_context, decltype(&ggml_free)> made(ggml_init(size), ggml_free);
    for (int layout = 0; layout < llamaspec::rows::weight_layout_count; ++layout) {
        for (int converts = 0; converts < 2; ++converts) {
            mode & each = modes_[static_cast<size_t>(layout)][static_cast<size_t>(converts)];
            each.owner = this;
            each.layout = static_cast<weight_layout>(layout);
            each.converts_input = converts != 0;
            const ggml_tensor * example = ggml_custom_4d(made.get(), GGML_TYPE_F32, 1, 1, 1, 1, nullptr, 0, compute, GGML_N_TASKS_MAX, &each);
            std::memcpy(each.op_params.data(), example->op_params, sizeof example->op_params);
        }
    }
    params.cb_eval = on_node;
    params.cb_eval_user_data = this;
}

void row_products::take(int32_t first, int32_t last) {
    first_ = first;
    last_ = last;
}

void row_products::begin() { converted_ = nullptr; }

bool row_products::on_node(ggml_tensor * node, bool is_question, void * owner) {
    if (is_question) {
        static_cast<row_products *>(owner)->visit(node);
        return false;  // nobody wants to look at the node once it is computed, so the graph stays whole
    }
    return true;
}

// Called for every node before its graph runs; a graph that llama.cpp uses again comes with the operations of the last time.
void row_products::visit(ggml_tensor * node) {
    if (has_computed_) {
        has_computed_ = false;
        converted_ = nullptr;
    }
    const bool was_taken = is_ours(node);
    if (!was_taken && node->op != GGML_OP_MUL_MAT) {
        return;
    }
    weight_layout layout;
    if (!wants(node, layout) || !reserve(node)) {
        if (was_taken) {
            node->op = GGML_OP_MUL_MAT;
            std::memset(node->op_params, 0, sizeof node->op_params);
        }
        return;
    }
    const bool has_input =
        converted_ == node->src[1] && llamaspec::rows::same_activation_form(*kernels_, converted_for_, layout);
    const mode & chosen = modes_[static_cast<size_t>(layout)][has_input ? 0 : 1];
    node->op = GGML_OP_CUSTOM;
    std::memcpy(node->op_params, chosen.op_params.data(), sizeof node->op_params);
    converted_ = node->src[1];
    converted_for_ = layout;
}

bool row_products::is_ours(const ggml_tensor * node) const {
    const auto wrote = [&](const mode & each) { return std::memcmp(each.op_params.data(), node->op_params, sizeof node->op_params) == 0; };
    return node->op == GGML_OP_CUSTOM && std::any_of(modes_.begin(), modes_.end(), [&](const auto & of_layout) {
               return std::any_of(of_layout.begin(), of_layout.end(), wrote);
           });
}

static bool is_matrix(const ggml_tensor * tensor) { return tensor->ne[2] == 1 && tensor->ne[3] == 1; }

static bool is_float_matrix(const ggml_tensor * tensor) {
    return tensor->type == GGML_TYPE_F32 && is_matrix(tensor) && tensor->nb[0] == sizeof(float) && tensor->nb[1] % sizeof(float) == 0 &&
           tensor->buffer && ggml_backend_buffer_is_host(tensor->buffer);
}

static bool has_default_parameters(const ggml_tensor * node) {
    return std::all_of(std::begin(node->op_params), std::end(node->op_params), [](int32_t word) { return word == 0; });
}

// All that the kernels take for granted; anything else stays with llama.cpp.
bool row_products::wants(const ggml_tensor * node, weight_layout & layout) const {
    const ggml_tensor * weights = node->src[0];
    const ggml_tensor * input = node->src[1];
    const int64_t columns = node->ne[1];
    return columns >= first_ && columns <= last_ && (node->op == GGML_OP_CUSTOM || has_default_parameters(node)) && is_matrix(weights) &&
           is_float_matrix(input) && is_float_matrix(node) && input->ne[1] == columns && find_layout(weights, layout) &&
           llamaspec::rows::can_multiply(*kernels_, layout, weights->ne[1], weights->ne[0], static_cast<int>(columns));
}

bool row_products::reserve(const ggml_tensor * node) {
    try {
        workspace_.reserve(node->src[0]->ne[0], static_cast<int>(node->ne[1]));
        return true;
    } catch (const std::bad_alloc &) {
        return false;
    }
}

void row_products::compute(ggml_tensor * node, int thread, int thread_count, void * user_data) {
    const mode & how = *static_cast<const mode *>(user_data);
    row_products & self = *how.owner;
    const ggml_tensor * weights = node->src[0];
    const ggml_tensor * input = node->src[1];
    const llamaspec::rows::row_product product = {
        self.kernels_,
        how.layout,
        static_cast<const uint8_t *>(weights->data),
        weights->nb[1],
        weights->ne[1],
        weights->ne[0],
        static_cast<int>(node->ne[1]),
        static_cast<const float *>(input->data),
        input->nb[1] / sizeof(float),
        static_cast<float *>(node->data),
        node->nb[1] / sizeof(float),
        &self.workspace_,
        how.converts_input,
    };
    product.run(thread, thread_count);
    if (thread == 0) {  // the thread that called llama_decode
        self.has_computed_ = true;
        ++self.count_;
    }
}

}  // namespace lsl
