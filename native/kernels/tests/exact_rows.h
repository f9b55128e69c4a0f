/* Rows of tree_walk.h in double, where rounding cannot hide a small bias. */
#ifndef LLAMASPEC_KERNELS_EXACT_ROWS_H
#define LLAMASPEC_KERNELS_EXACT_ROWS_H

#include "../token_tree.h"
#include "../token_weights.h"
#include "tiny_models.h"

struct exact_rows {
    using weights = llamaspec::token_weights<double>;

    const tiny_model & model;
    const drafted_tree & tree;
    std::vector<row>     proposals;
    weights              target_weights, first, second;

    exact_rows(const tiny_model & of, const drafted_tree & drafted)
        : model(of), tree(drafted), proposals(drafted.proposals), target_weights(of.vocabulary_size), first(of.vocabulary_size),
          second(of.vocabulary_size) {}

    const weights & target(int32_t node) {
        target_weights.clear();
        for (int32_t token = 0; token < model.vocabulary_size; token++) {
            target_weights.add(token, model.at(tree.keys[(size_t) (node + 1)])[(size_t) token]);
        }
        return target_weights;
    }

    double * proposal(int32_t node) { return proposals[(size_t) (node + 1)].data(); }

    double mass_of(const double * proposal) const {
        double mass = 0;
        for (int32_t token = 0; token < model.vocabulary_size; token++) {
            mass += proposal[token];
        }
        return mass;
    }

    double subtract_proposal(const weights & left, double scale, const double * proposal, weights & residual) const {
        double mass = 0;
        residual.clear();
        for (const int32_t token : left) {
            residual.add(token, std::max(scale * left[token] - proposal[token], 0.0));
            mass += residual[token];
        }
        return mass;
    }
};

/* The links of a drafted tree. */
inline llamaspec::token_tree linked(const drafted_tree & tree, const std::vector<uint8_t> & is_sampled) {
    llamaspec::token_tree result;
    result.set(tree.count(), tree.tokens.data(), tree.parents.data(), is_sampled.data());
    return result;
}

#endif
