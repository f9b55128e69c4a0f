#include "row_product.h"

#include "kernel_set.h"

#include <algorithm>
#include <cstring>
#include <thread>

#if defined(_M_X64) || defined(__x86_64__)
#include <immintrin.h>
#endif

namespace llamaspec {
namespace rows {

namespace {

constexpr int64_t most_tile_rows     = 16;
constexpr int     most_pass_columns  = 16;
constexpr size_t  least_pass_columns = 4; /* of layout_kernels::pass_columns */
constexpr size_t  cache_line         = 64;

/* Some 100 us, longer than the threads of a product are ever apart when each has a processor. */
constexpr int spins_before_yielding = 5000;

size_t padded(size_t bytes) { return (bytes + cache_line - 1) / cache_line * cache_line; }

bool is_integer(activation_form form) { return form < activation_form::float32; }

int offset_of(activation_form form) {
    return form == activation_form::int8_minus_8 ? 8 : form == activation_form::int8_minus_128 ? 128 : 0;
}

/* The columns are dealt out evenly over as few passes as possible. */
struct pass_plan {
    int count;
    int columns;

    pass_plan(const layout_kernels & kernels, int columns)
        : count((columns + kernels.pass_columns - 1) / kernels.pass_columns), columns(columns) {}

    int first_of(int pass) const { return static_cast<int>(static_cast<int64_t>(columns) * pass / count); }
};

/* Where the activations of a pass lie in the workspace. */
struct pass_area {
    int8_t *  quants;
    float *   scales;
    int32_t * corrections;
    uint8_t * values;

    static size_t integer_bytes(int64_t length, int columns) {
        const auto blocks = static_cast<size_t>(length / block_length) * static_cast<size_t>(columns);
        return padded(blocks * block_length) + 2 * padded(blocks * sizeof(float));
    }

    static size_t float_bytes(int64_t length, int columns) {
        const int  slice_length = slice_length_of(columns);
        const auto slices       = static_cast<size_t>((length + slice_length - 1) / slice_length);
        return slices * slice_length * sizeof(float) * static_cast<size_t>(columns);
    }

    pass_area(uint8_t * start, int64_t length, int columns) : values(start) {
        const auto blocks = static_cast<size_t>(length / block_length) * static_cast<size_t>(columns);
        quants            = reinterpret_cast<int8_t *>(start);
        scales            = reinterpret_cast<float *>(start + padded(blocks * block_length));
        corrections       = reinterpret_cast<int32_t *>(start + padded(blocks * block_length) + padded(blocks * sizeof(float)));
    }

    pass_input as_input() const { return {quants, scales, corrections, values}; }
};

size_t area_bytes(activation_form form, int64_t length, int columns) {
    return is_integer(form) ? pass_area::integer_bytes(length, columns) : pass_area::float_bytes(length, columns);
}

const layout_kernels & kernels_for(const row_product & product) {
    return product.kernels->layouts[static_cast<int>(product.layout)];
}

/* Share `part` of `parts` of the items. */
struct share {
    int64_t first;
    int64_t last;

    share(int64_t items, int part, int parts) : first(items * part / parts), last(items * (part + 1) / parts) {}
};

void quantise_share(const row_product & product, const pass_area & area, int first_column, int columns, share blocks) {
    const int offset = offset_of(kernels_for(product).form);
    for (int c = 0; c < columns; ++c) {
        const int64_t to = blocks.first * columns + c;
        product.kernels->quantise(
            product.input + static_cast<size_t>(first_column + c) * product.input_stride + blocks.first * block_length,
            blocks.last - blocks.first, columns, offset, area.quants + to * block_length, area.scales + to, area.corrections + to);
    }
}

/* Blocks divide the slices, so no block lies in two of them. */
void copy_share(const row_product & product, const pass_area & area, int first_column, int columns, share blocks) {
    const int  slice_length = slice_length_of(columns);
    const bool is_rounded   = kernels_for(product).form == activation_form::bfloat16;
    for (int64_t k = blocks.first * block_length, next; k < blocks.last * block_length; k = next) {
        next = std::min((k / slice_length + 1) * slice_length, blocks.last * block_length);
        for (int c = 0; c < columns; ++c) {
            const float * from = product.input + static_cast<size_t>(first_column + c) * product.input_stride + k;
            const int64_t to   = (k / slice_length * columns + c) * slice_length + k % slice_length;
            if (is_rounded) {
                product.kernels->to_bfloat16(from, next - k, reinterpret_cast<uint16_t *>(area.values) + to);
            } else {
                std::memcpy(reinterpret_cast<float *>(area.values) + to, from, static_cast<size_t>(next - k) * sizeof(float));
            }
        }
    }
}

void convert_share(const row_product & product, const pass_plan & plan, int thread, int thread_count) {
    const activation_form form   = kernels_for(product).form;
    const share           blocks(product.length / block_length, thread, thread_count);
    uint8_t *             start = product.shared->activations();
    for (int pass = 0; pass < plan.count; ++pass) {
        const int first   = plan.first_of(pass);
        const int columns = plan.first_of(pass + 1) - first;
        const pass_area area(start, product.length, columns);
        (is_integer(form) ? quantise_share : copy_share)(product, area, first, columns, blocks);
        start += area_bytes(form, product.length, columns);
    }
}

class tile_walk {
public:
    tile_walk(const row_product & product, const pass_plan & plan)
        : product_(product), kernels_(kernels_for(product)), plan_(plan), full_tiles_(product.row_count / kernels_.tile_rows) {}

    /* All tiles of a share, for the passes of one group after the other: the activations of a group stay in the second-level
     * cache while the weights go by. */
    void run(share tiles) const {
        uint8_t * activations = product_.shared->activations();
        for (int first = 0; first < plan_.count; first += passes_of_a_group) {
            const int last = std::min(first + passes_of_a_group, plan_.count);
            for (int64_t tile = tiles.first; tile < tiles.last; ++tile) {
                run_tile(tile, first, last, activations);
            }
            for (int pass = first; pass < last; ++pass) {
                activations += area_bytes(kernels_.form, product_.length, columns_of(pass));
            }
        }
    }

    int64_t tile_count() const { return full_tiles_ + (product_.row_count % kernels_.tile_rows != 0); }

private:
    static constexpr int passes_of_a_group = 4;

    int columns_of(int pass) const { return plan_.first_of(pass + 1) - plan_.first_of(pass); }

    const uint8_t * row(int64_t index) const { return product_.weights + static_cast<size_t>(index) * product_.row_bytes; }

    float * output_of(int column) const { return product_.output + static_cast<size_t>(column) * product_.output_stride; }

    void run_tile(int64_t tile, int first_pass, int last_pass, uint8_t * activations) const {
        const int64_t first_row = tile * kernels_.tile_rows;
        for (int pass = first_pass; pass < last_pass; ++pass) {
            const int columns = columns_of(pass), column = plan_.first_of(pass);
            const pass_area area(activations, product_.length, columns);
            if (tile < full_tiles_) {
                const int64_t next = std::min(tile + 1, full_tiles_ - 1) * kernels_.tile_rows;
                kernels_.tiles[columns - 1]({row(first_row), row(next), product_.row_bytes, product_.length, area.as_input(),
                                             output_of(column) + first_row, product_.output_stride});
            } else {
                run_left_over(first_row, column, columns, area);
            }
            activations += area_bytes(kernels_.form, product_.length, columns);
        }
    }

    /* The last rows, as the end of a full tile of which the others were done before. */
    void run_left_over(int64_t first_row, int first_column, int columns, const pass_area & area) const {
        const int64_t tile_row = product_.row_count - kernels_.tile_rows;
        float         all[most_tile_rows * most_pass_columns];
        kernels_.tiles[columns - 1]({row(tile_row), row(tile_row), product_.row_bytes, product_.length, area.as_input(), all, most_tile_rows});
        for (int c = 0; c < columns; ++c) {
            std::memcpy(output_of(first_column + c) + first_row, all + c * most_tile_rows + (first_row - tile_row),
                        static_cast<size_t>(product_.row_count - first_row) * sizeof(float));
        }
    }

    const row_product &    product_;
    const layout_kernels & kernels_;
    const pass_plan &      plan_;
    const int64_t          full_tiles_;
};

} // namespace

static void pause_briefly() {
#if defined(_M_X64) || defined(__x86_64__)
    _mm_pause();
#elif defined(__aarch64__) && !defined(_MSC_VER)
    __asm__ volatile("yield" ::: "memory");
#endif
}

void workspace::reserve(int64_t length, int column_count) {
    /* Float32 is the widest form. What a pass pads is less than its slice, or three cache lines in the integer forms. */
    const auto   columns = static_cast<size_t>(column_count);
    const size_t passes  = columns / least_pass_columns + 1;
    const size_t size    = static_cast<size_t>(length) * columns * sizeof(float) + passes * slice_length_of(1) * sizeof(float);
    if (size > size_) {
        memory_.reset(new uint8_t[size + cache_line]);
        aligned_ = memory_.get() + (cache_line - reinterpret_cast<uintptr_t>(memory_.get()) % cache_line) % cache_line;
        size_    = size;
    }
}

void workspace::meet(int thread_count) {
    if (thread_count == 1) {
        return;
    }
    const unsigned round = round_.load(std::memory_order_relaxed);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) == thread_count - 1) {
        arrived_.store(0, std::memory_order_relaxed);
        round_.store(round + 1, std::memory_order_release);
        return;
    }
    for (int spins = 0; round_.load(std::memory_order_acquire) == round; ++spins) {
        if (spins < spins_before_yielding) {
            pause_briefly();
        } else {
            std::this_thread::yield(); /* the others have no processor: more threads than processors, or a busy machine */
        }
    }
}

void row_product::run(int thread, int thread_count) const {
    const pass_plan plan(kernels_for(*this), column_count);
    if (converts_input) {
        convert_share(*this, plan, thread, thread_count);
        shared->meet(thread_count);
    }
    const tile_walk walk(*this, plan);
    walk.run(share(walk.tile_count(), thread, thread_count));
}

bool can_multiply(const kernel_set & kernels, weight_layout layout, int64_t row_count, int64_t length, int column_count) {
    const layout_kernels & tiles_of = kernels.layouts[static_cast<int>(layout)];
    return tiles_of.tile_rows && row_count >= tiles_of.tile_rows && length > 0 && length % block_length == 0 && column_count >= 1
        && (layout != weight_layout::q4_0x8 || row_count % 8 == 0);
}

bool same_activation_form(const kernel_set & kernels, weight_layout a, weight_layout b) {
    const layout_kernels & first  = kernels.layouts[static_cast<int>(a)];
    const layout_kernels & second = kernels.layouts[static_cast<int>(b)];
    return first.form == second.form && first.pass_columns == second.pass_columns;
}

} // namespace rows
} // namespace llamaspec
