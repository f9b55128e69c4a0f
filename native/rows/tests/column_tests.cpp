/* A column's result does not depend on the other columns, to the last bit. Greedy speculative decoding gives the text of
 * plain decoding only because of this: a token is verified among others, yet must get the logits it would get alone. */
#include "check.h"
#include "products.h"

namespace {

std::vector<result> each_alone(const target & kernels, const matrix & weights, const activations & input) {
    std::vector<result> alone;
    for (int c = 0; c < input.count; c++) {
        how options;
        options.first_column = c;
        options.column_count = 1;
        alone.push_back(multiply(kernels, weights, input, options));
    }
    return alone;
}

void check_columns(const target & kernels, const matrix & weights, const activations & input, const how & options,
                   const std::vector<result> & alone) {
    const result together = multiply(kernels, weights, input, options);
    for (int c = 0; c < options.column_count; c++) {
        CHECK(together.has_same_bits(c, alone[(size_t) (options.first_column + c)], 0),
            "%s, %d threads: column %d differs from itself alone", describe(kernels, weights, options.column_count).c_str(),
            options.thread_count, c);
    }
}

void check_sharing(const target & first, const target & second, uint64_t seed) {
    constexpr int64_t length = 1120;
    generator         random(seed);
    matrix            first_weights(first.layout, 2 * first.tile_rows(), length);
    matrix            second_weights(second.layout, 3 * second.tile_rows() + 8, length);
    activations       input(most_columns, length, 7);
    first_weights.fill(random);
    second_weights.fill(random);
    input.fill(random);
    for (const int columns : {1, 4, 5, 9, 16, 17, 32, most_columns}) {
        workspace shared;
        how       options;
        options.column_count = columns;
        const result wanted  = multiply(second, second_weights, input, options);
        options.thread_count = 3;
        options.shared       = &shared;
        multiply(first, first_weights, input, options);
        options.converts_input = false;
        const result seen      = multiply(second, second_weights, input, options);
        CHECK(seen.elements == wanted.elements, "%s after %s: differs from converting again",
            describe(second, second_weights, columns).c_str(), describe(first, first_weights, columns).c_str());
    }
}

} // namespace

void same_for_any_columns(instructions set) {
    uint64_t seed = 1;
    for (const target & kernels : targets_of(set)) {
        for (const int64_t length : {96, 1184}) {
            generator   random(seed++);
            matrix      weights(kernels.layout, 3 * kernels.tile_rows() + (kernels.layout == weight_layout::q4_0x8 ? 8 : 7), length);
            activations input(prompt_columns, length);
            weights.fill(random);
            input.fill(random);
            const std::vector<result> alone     = each_alone(kernels, weights, input);
            const int                 several[] = {2, 3, 7};
            const auto                check     = [&](int columns, int threads) {
                how options;
                options.column_count = columns;
                options.thread_count = threads;
                /* So that a column is the first, the last and in the midst of others. */
                options.first_column = (int) random.below(input.count - columns + 1);
                check_columns(kernels, weights, input, options, alone);
            };
            for (int columns = 1; columns <= most_columns; columns++) {
                check(columns, 1);
                check(columns, several[columns % 3]);
            }
            for (const int columns : {64, 65, 101, prompt_columns}) {
                check(columns, 2);
            }
        }
    }
}

void shares_activations(instructions set) {
    const auto targets = targets_of(set);
    int        pairs   = 0;
    uint64_t   seed    = 1;
    for (const target & first : targets) {
        CHECK(same_activation_form(*first.kernels, first.layout, first.layout), "layout %d", (int) first.layout);
        for (const target & second : targets) {
            if (first.kernels == second.kernels && same_activation_form(*first.kernels, first.layout, second.layout)) {
                check_sharing(first, second, seed++);
                pairs++;
            }
        }
    }
    CHECK(pairs >= (int) targets.size(), "%d pairs", pairs);
}
