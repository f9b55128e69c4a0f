/* A target and a draft over a tiny vocabulary, whose distributions depend on the whole prefix, and trees drafted from them. */
#ifndef LLAMASPEC_KERNELS_TINY_MODELS_H
#define LLAMASPEC_KERNELS_TINY_MODELS_H

#include "branching_chance.h"

#include <functional>
#include <random>
#include <vector>

using row = std::vector<double>;

/* Rows by prefix; the key of the empty prefix is 1. */
struct tiny_model {
    int32_t          vocabulary_size;
    std::vector<row> rows;

    const row & at(int32_t key) const { return rows[(size_t) key]; }
    int32_t     key(int32_t prefix, int32_t token) const { return prefix * vocabulary_size + token; }
};

tiny_model random_model(int32_t vocabulary_size, int32_t depth, std::mt19937 & random);

/* Children of each node at a depth. Growing children have children of their own: the first ones. */
struct layer {
    int32_t certain_count;
    int32_t sampled_count;
    int32_t growing_count = 8;
};

struct drafted_tree {
    std::vector<int32_t> tokens;
    std::vector<int32_t> parents;
    std::vector<uint8_t> is_sampled;
    std::vector<int32_t> keys;      /* by state: the prefix that ends there */
    std::vector<row>     proposals; /* by state: what its sampled children were drawn from; empty = none were */

    int32_t count() const { return (int32_t) tokens.size(); }
};

/* Certain children are the draft's most likely tokens, the others are drawn from the rest without replacement. */
drafted_tree draft_tree(const tiny_model & draft, const std::vector<layer> & layers, branching_chance & chance);

/* Probability of every text of a length. */
struct text_distribution {
    const tiny_model & target;
    int32_t            length;
    std::vector<double> probabilities;

    text_distribution(const tiny_model & of, int32_t text_length);

    /* A round gave these tokens; the target completes them. */
    void add(const std::vector<int32_t> & tokens, double probability);
};

double total_variation(const text_distribution & first, const text_distribution & second);

/* Total variation between the target's own text and text that begins with what `round` commits, over all that chance can do. */
double total_variation_of(
    const tiny_model & target, int32_t length, const std::function<std::vector<int32_t>(branching_chance & chance)> & round);

/* The tokens of the path from the anchor token to a node, then one more. */
std::vector<int32_t> committed(const drafted_tree & tree, int32_t last_node, int32_t next_token);

#endif
