/* A product of a weight matrix and some columns of activations. Made for verification, where a handful of rows of the batch
 * meet every weight of the model; as good for one row, and for the many rows of a prompt.
 *
 *   output[c][r] = sum over k of weights[r][k] * input[c][k]        r < row_count, c < column_count, k < length
 *
 * The weights stay as llama.cpp stores them and are read once for all columns; that is what makes a further column nearly
 * free. A column's sums are the same bits whatever the number of columns and of threads. The work is split over threads
 * that the caller brings: it calls run() from each of them at the same time.
 */
#ifndef LLAMASPEC_ROW_PRODUCT_H
#define LLAMASPEC_ROW_PRODUCT_H

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace llamaspec {
namespace rows {

/* How weights lie in memory; formats of ggml. */
enum class weight_layout {
    q8_0,   /* blocks of 32: fp16 scale, 32 int8 */
    q4_0,   /* blocks of 32: fp16 scale, 16 bytes of two values each, less 8 */
    q4_0x8, /* ggml's repacked Q4_0: 8 rows interleaved, 8 bytes each, values signed */
    bf16,
    f16,
};

constexpr int weight_layout_count = 5;
constexpr int block_length        = 32; /* length is a multiple of it, whatever the layout */

enum class instructions { reference, neon, avx2, avx_vnni, avx512 };

/* The kernels of one processor family. Null kernels: that layout is left to llama.cpp. */
struct kernel_set;

/* The best set of this processor; null when it has none of the instructions. */
const kernel_set * best_kernels();
/* For tests and benchmarks: null when the processor lacks the instructions. The reference runs everywhere. */
const kernel_set * kernels_of(instructions wanted);
const char * name_of(const kernel_set & kernels);

/* True when run() can multiply weights of that layout and shape. */
bool can_multiply(const kernel_set & kernels, weight_layout layout, int64_t row_count, int64_t length, int column_count);

/* What products share: the activations in the form the kernels read, and the meeting point of the threads. */
class workspace {
public:
    /* Room for activations of that size. Not while a product runs. Throws std::bad_alloc. */
    void reserve(int64_t length, int column_count);

    /* All threads of a product meet here; returns once thread_count have arrived. */
    void meet(int thread_count);

    uint8_t * activations() const { return aligned_; }

private:
    std::unique_ptr<uint8_t[]> memory_;
    uint8_t *                  aligned_ = nullptr;
    size_t                     size_    = 0;
    std::atomic<int>           arrived_{0};
    std::atomic<unsigned>      round_{0}; /* wraps around */
};

struct row_product {
    const kernel_set * kernels;
    weight_layout      layout;
    const uint8_t *    weights;
    size_t             row_bytes; /* from one row of weights to the next; of 8 rows / 8 for q4_0x8 */
    int64_t            row_count;
    int64_t            length;
    int                column_count;
    const float *      input;
    size_t             input_stride;  /* floats from one column to the next */
    float *            output;
    size_t             output_stride; /* floats from one column to the next */
    workspace *        shared;
    bool               converts_input; /* false: an earlier product left the same input in the workspace, in the same form */

    /* The part of thread `thread` of `thread_count`. All threads must call it, at the same time. */
    void run(int thread, int thread_count) const;
};

/* True when both read their activations in the same form, so that the second may reuse those of the first. */
bool same_activation_form(const kernel_set & kernels, weight_layout a, weight_layout b);

} // namespace rows
} // namespace llamaspec

#endif
