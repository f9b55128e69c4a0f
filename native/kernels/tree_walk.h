/* Verification of one tree from the anchor token down, above temperature 0.
 *
 * At a node its sampled children are tested in the order in which they were drawn, each against what the rejections before
 * it left of the target; what is left then draws a token, and a certain child that has it is accepted. With one certain child
 * and more this is sample-and-match; with certain children and one sampled child the hybrid node; with sampled children
 * alone the rule for drawing without replacement (arXiv 2402.12374); for a sampled chain token-level verification.
 *
 *   Rows    the target and the proposal at a node, and their arithmetic:
 *             weights & target(int32_t node)                    after the node; valid until the next call
 *             Number * proposal(int32_t node)                   what its sampled children were drawn from
 *             double subtract_proposal(weights, scale, proposal, weights & residual)
 *             double mass_of(proposal)                          the sum of its weights
 *             weights   first, second                           overwritten
 *   Chance  where chance enters: the exported function takes it from the caller's uniforms, the tests explore all of it.
 *             bool accept(int32_t node, double numerator, double denominator)    with probability min(1, numerator / denominator)
 *             int32_t sample(int32_t node, const weights &)                      a token after the node, -1 = nothing has weight
 */
#ifndef LLAMASPEC_TREE_WALK_H
#define LLAMASPEC_TREE_WALK_H

#include "llamaspec_kernels.h"
#include "token_tree.h"

namespace llamaspec {

/* Below this mass the residual is rounding noise of float32 probabilities, and the target is sampled instead. It can only
 * be reached with a probability of about the same size. */
constexpr double smallest_residual_mass = 1e-7;

/* The accepted child of the verdict's last node; or -1, with the verdict's token. */
template <class Rows, class Chance>
int32_t step_down(const token_tree & tree, Rows & rows, Chance & chance, lsk_tree_verdict & verdict) {
    /* What is left of the target is "left / mass"; what is left of the proposal is "proposal / proposal_mass". */
    const int32_t node          = verdict.last_node;
    const auto *  left          = &rows.target(node);
    double        mass          = 1;
    bool          has_rejected  = false;
    verdict.kind                = tree.first_child(node) < 0 ? LSK_BONUS : LSK_CORRECTION;
    for (int32_t child = tree.first_child(node); child >= 0; child = tree.next_sibling(child)) {
        if (!tree.is_sampled(child)) {
            continue;
        }
        auto * const  proposal = rows.proposal(node);
        const int32_t drawn    = tree.token(child);
        /* Summed, as 1 less the tested tokens would be rounding noise where those had nearly everything. */
        const double proposal_mass = has_rejected ? rows.mass_of(proposal) : 1;
        if (chance.accept(child, (*left)[drawn] * proposal_mass, proposal[drawn] * mass)) {
            return child;
        }
        auto &       residual      = left == &rows.first ? rows.second : rows.first;
        const double residual_mass = rows.subtract_proposal(*left, proposal_mass / mass, proposal, residual);
        if (residual_mass < smallest_residual_mass * proposal_mass) {
            verdict.kind = LSK_FALLBACK;
            break;
        }
        /* Without replacement: the next draw was made from what this one left. */
        proposal[drawn] = 0;
        left            = &residual;
        mass            = residual_mass;
        has_rejected    = true;
    }
    verdict.next_token = chance.sample(node, *left);
    return tree.certain_child(node, verdict.next_token);
}

template <class Rows, class Chance>
lsk_tree_verdict walk_tree(const token_tree & tree, Rows & rows, Chance & chance) {
    lsk_tree_verdict verdict = {0, token_tree::anchor, -1, LSK_CORRECTION};
    for (int32_t child; (child = step_down(tree, rows, chance, verdict)) >= 0;) {
        verdict.last_node = child;
        verdict.accepted_count++;
    }
    return verdict;
}

} // namespace llamaspec

#endif
