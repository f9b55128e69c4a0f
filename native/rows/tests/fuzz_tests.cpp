/* Random products: any shape, padding, thread count and size of numbers that can_multiply allows. */
#include "check.h"
#include "tolerance.h"

#include <algorithm>
#include <cmath>

namespace {

struct random_case {
    target      kernels;
    generator   random;
    matrix      weights;
    activations input;
    how         options;

    random_case(const target & of, generator & from)
        : kernels(of), random(from), weights{of.layout, row_count(), length(), 2 * (size_t) padding()},
          input{1 + (int) random.below(random.percent(95) ? most_columns : prompt_columns), weights.length(), (size_t) padding()} {
        const int threads[]    = {1, 1, 1, 2, 2, 3, 4, 5, 9};
        options.thread_count   = random.one_of(threads);
        options.output_padding = (size_t) padding();
        options.first_column   = (int) random.below(input.count);
        options.column_count   = 1 + (int) random.below(input.count - options.first_column);
        for (int64_t row = 0; row < weights.row_count(); row++) {
            weights.fill_row(row, random, std::ldexp(1.0f, (int) random.below(16) - 10));
        }
        fill_input();
    }

    int64_t row_count() {
        const int64_t count = kernels.tile_rows() + random.below(4 * kernels.tile_rows());
        return kernels.layout == weight_layout::q4_0x8 ? (count + 7) / 8 * 8 : count;
    }

    int64_t length() { return block_length * (1 + random.below(random.percent(80) ? 24 : 80)); }
    int64_t padding() { return random.percent(50) ? 0 : random.below(70); }

    void fill_input() {
        input.fill(random);
        const int kind = (int) random.below(5);
        for (int c = 0; c < input.count; c++) {
            int exponent = 0;
            for (int64_t k = 0; k < input.length; k++) {
                if (k % block_length == 0) {
                    exponent = kind == 1 ? (int) random.below(80) - 40 : kind == 2 ? -100 - (int) random.below(48) : 0;
                }
                float & x = input.column(c)[k];
                x         = kind == 3 && random.percent(95) ? 0.0f : kind == 4 ? std::nearbyint(x) : std::ldexp(x, exponent);
                x *= kind == 0 && random.percent(2) ? 100.0f : 1.0f;
            }
        }
    }
};

void check_alone(const random_case & one, const result & together) {
    how options          = one.options;
    options.thread_count = 1;
    options.first_column += options.column_count / 2;
    options.column_count = 1;
    CHECK(together.has_same_bits(one.options.column_count / 2, multiply(one.kernels, one.weights, one.input, options), 0),
        "%s: a column differs from itself alone", describe(one.kernels, one.weights, one.options.column_count).c_str());
}

void check_case(const std::vector<target> & targets, uint64_t seed, workspace & shared) {
    generator         random(seed);
    const target      kernels = targets[(size_t) random.below((int64_t) targets.size())];
    const random_case one(kernels, random);
    how               options = one.options;
    options.shared            = &shared;
    const result seen         = multiply(kernels, one.weights, one.input, options);
    check_close(kernels, one.weights, options, seen, expect_float64(kernels, one.weights, one.input, input_kind::any));
    check_close(kernels, one.weights, options, seen, expect_reference(kernels, one.weights, one.input));
    check_alone(one, seen);
    options.converts_input = false;
    options.thread_count   = 2;
    CHECK(multiply(kernels, one.weights, one.input, options).elements == seen.elements, "%s: the workspace has changed",
        describe(kernels, one.weights, options.column_count).c_str());
}

} // namespace

void fuzz(instructions set, int case_count, uint64_t seed) {
    const std::vector<target> targets = targets_of(set);
    workspace                 shared; /* as in use: what earlier products left in it must not matter */
    for (int i = 0; i < case_count; i++) {
        const int earlier = failure_count;
        check_case(targets, seed + (uint64_t) i, shared);
        if (failure_count != earlier && failure_count <= most_printed_failures) {
            fprintf(stderr, "again with 1 case, seed %llu\n", (unsigned long long) (seed + (uint64_t) i));
        }
    }
}
