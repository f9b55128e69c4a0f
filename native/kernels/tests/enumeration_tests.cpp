/* Losslessness of the walk, by enumeration: over everything that chance can do, in drafting and in verification, the text that
 * a round begins has the target's distribution. And the faults that this must catch. */
#include "../tree_walk.h"
#include "check.h"
#include "exact_rows.h"


namespace {

struct shape {
    const char *       name;
    int32_t            vocabulary_size;
    std::vector<layer> layers;
};

const std::vector<shape> & shapes() {
    static const std::vector<shape> all = {
        {"no draft", 3, {}},
        {"chain", 2, {{0, 1}, {0, 1}, {0, 1}}},
        {"chain", 4, {{0, 1}, {0, 1}, {0, 1}}},
        {"certain chain", 4, {{1, 0}, {1, 0}, {1, 0}}},
        {"sample and match", 3, {{2, 0}, {2, 0}, {2, 0}}},
        {"sample and match", 4, {{3, 0}, {2, 0}, {1, 0}}},
        {"hybrid", 2, {{1, 1}, {1, 1}, {1, 1}}},
        {"hybrid", 3, {{1, 1}, {1, 1}, {1, 1}}},
        {"hybrid", 4, {{2, 1}, {1, 1}, {1, 1, 1}}},
        {"without replacement", 2, {{0, 2}, {0, 2}, {0, 2}}},
        {"without replacement", 3, {{0, 2}, {0, 2}}},
        {"without replacement", 4, {{0, 4, 2}, {0, 2, 1}}},
        {"without replacement", 4, {{0, 3, 1}, {0, 2, 1}, {0, 2}}},
        {"certain beside several sampled", 4, {{1, 2}, {1, 2, 1}}},
        {"mixed layers", 3, {{0, 3}, {1, 1}, {1, 0}}},
    };
    return all;
}

using round_rule = std::function<std::vector<int32_t>(const tiny_model & target, const tiny_model & draft, const shape & of, branching_chance & chance)>;

template <class Rows>
std::vector<int32_t> walk(const drafted_tree & tree, const std::vector<uint8_t> & is_sampled, Rows & rows, branching_chance & chance) {
    const llamaspec::token_tree links   = linked(tree, is_sampled);
    const lsk_tree_verdict      verdict = llamaspec::walk_tree(links, rows, chance);
    return committed(tree, verdict.last_node, verdict.next_token);
}

/* Production code over rows of a kind. */
template <class Rows>
std::vector<int32_t> round_with(const tiny_model & target, const tiny_model & draft, const shape & of, branching_chance & chance) {
    const drafted_tree tree = draft_tree(draft, of.layers, chance);
    Rows               rows(target, tree);
    return walk(tree, tree.is_sampled, rows, chance);
}

double largest_total_variation(const shape & of, int32_t model_count, const round_rule & rule) {
    std::mt19937 random(7);
    double       largest = 0;
    for (int32_t i = 0; i < model_count; i++) {
        const int32_t    length = (int32_t) of.layers.size() + 1;
        const tiny_model target = random_model(of.vocabulary_size, length, random);
        const tiny_model draft  = random_model(of.vocabulary_size, length, random);
        largest = std::max(largest, total_variation_of(target, length, [&](branching_chance & chance) { return rule(target, draft, of, chance); }));
    }
    return largest;
}

/* A rejection leaves the target as it was: the correction comes from it instead of the residual. */
struct no_residual : exact_rows {
    using exact_rows::exact_rows;
    double subtract_proposal(const weights & left, double, const double *, weights & residual) const {
        residual.clear();
        for (const int32_t token : left) {
            residual.add(token, left[token]);
        }
        return 1;
    }
};

/* The rule for several sampled children that forgets to zero tested tokens of the proposal and to renormalise it. */
struct whole_proposal : exact_rows {
    using exact_rows::exact_rows;
    double proposal_mass = 1, left_mass = 1;

    const weights & target(int32_t node) {
        proposal_mass = left_mass = 1;
        return exact_rows::target(node);
    }
    double subtract_proposal(const weights & left, double, double * proposal, weights & residual) {
        row whole(proposals[0].size());
        for (size_t state = 0; state < proposals.size(); state++) {
            whole = proposals[state].data() == proposal ? tree.proposals[state] : whole;
        }
        left_mass = exact_rows::subtract_proposal(left, 1 / left_mass, whole.data(), residual);
        return left_mass;
    }
};

struct forgetful_chance {
    branching_chance &     chance;
    const whole_proposal & rows;
    const drafted_tree &   tree;

    bool accept(int32_t node, double numerator, double denominator) {
        double earlier = 0;
        for (int32_t sibling = 0; sibling < node; sibling++) {
            const size_t i = (size_t) sibling;
            if (tree.parents[i] == tree.parents[(size_t) node] && tree.is_sampled[i]) {
                earlier += tree.proposals[(size_t) (tree.parents[i] + 1)][(size_t) tree.tokens[i]];
            }
        }
        return chance.accept(node, numerator / (1 - earlier), denominator);
    }
    int32_t sample(int32_t node, const exact_rows::weights & weights) { return chance.sample(node, weights); }
};

std::vector<int32_t> without_zeroing(const tiny_model & target, const tiny_model & draft, const shape & of, branching_chance & chance) {
    const drafted_tree          tree = draft_tree(draft, of.layers, chance);
    whole_proposal              rows(target, tree);
    forgetful_chance            forgetful{chance, rows, tree};
    const llamaspec::token_tree links   = linked(tree, tree.is_sampled);
    const lsk_tree_verdict      verdict = llamaspec::walk_tree(links, rows, forgetful);
    return committed(tree, verdict.last_node, verdict.next_token);
}

/* The draft's most likely tokens, tested as if they had been drawn from it. */
std::vector<int32_t> certain_by_ratio(const tiny_model & target, const tiny_model & draft, const shape & of, branching_chance & chance) {
    drafted_tree tree = draft_tree(draft, of.layers, chance);
    for (size_t state = 0; state < tree.proposals.size(); state++) {
        tree.proposals[state] = (size_t) tree.keys[state] < draft.rows.size() ? draft.at(tree.keys[state]) : row();
    }
    exact_rows rows(target, tree);
    return walk(tree, std::vector<uint8_t>(tree.tokens.size(), 1), rows, chance);
}

/* Each path draws its own tokens, and the longest acceptance wins. */
std::vector<int32_t> sampling_per_candidate(const tiny_model & target, const tiny_model & draft, const shape & of, branching_chance & chance) {
    const drafted_tree   tree = draft_tree(draft, of.layers, chance);
    std::vector<int32_t> longest;
    for (int32_t leaf = 0; leaf < tree.count(); leaf++) {
        if (std::find(tree.parents.begin(), tree.parents.end(), leaf) != tree.parents.end()) {
            continue;
        }
        drafted_tree path;
        for (const int32_t token : committed(tree, tree.parents[(size_t) leaf], tree.tokens[(size_t) leaf])) {
            path.parents.push_back(path.count() - 1);
            path.tokens.push_back(token);
            path.is_sampled.push_back(0);
        }
        path.keys.push_back(1);
        for (const int32_t token : path.tokens) {
            path.keys.push_back(target.key(path.keys.back(), token));
        }
        path.proposals.resize(path.keys.size());
        exact_rows                 rows(target, path);
        const std::vector<int32_t> tokens = walk(path, path.is_sampled, rows, chance);
        longest                           = tokens.size() > longest.size() ? tokens : longest;
    }
    return longest;
}

/* A sampled token that the draft itself finds unlikely is taken out of the tree again. */
std::vector<int32_t> dropping_unlikely(const tiny_model & target, const tiny_model & draft, const shape & of, branching_chance & chance) {
    drafted_tree tree = draft_tree(draft, of.layers, chance);
    if (tree.count() > 0 && tree.proposals[0][(size_t) tree.tokens[0]] < 0.4) {
        tree = draft_tree(draft, {}, chance);
    }
    exact_rows rows(target, tree);
    return walk(tree, tree.is_sampled, rows, chance);
}

/* The row after the anchor token, read again after the last node. */
struct row_before : exact_rows {
    using exact_rows::exact_rows;
    const weights & target(int32_t node) {
        const bool is_leaf = std::find(tree.parents.begin(), tree.parents.end(), node) == tree.parents.end();
        return exact_rows::target(is_leaf && node >= 0 ? tree.parents[(size_t) node] : node);
    }
};

void seen(const char * fault, const shape & of, const round_rule & rule) {
    const double distance = largest_total_variation(of, 20, rule);
    CHECK(distance > 1e-3, "%s, %s: total variation %g, the enumeration must see it", fault, of.name, distance);
}

} // namespace

void trees_are_lossless(int32_t) {
    for (const shape & each : shapes()) {
        const double distance = largest_total_variation(each, each.layers.size() < 3 ? 30 : 10, round_with<exact_rows>);
        CHECK(distance < 1e-12, "%s over %d tokens: total variation %g", each.name, each.vocabulary_size, distance);
    }
}

void tree_faults_are_seen(int32_t) {
    const shape chain       = {"chain", 3, {{0, 1}, {0, 1}}};
    const shape certain     = {"sample and match", 3, {{2, 0}, {2, 0}}};
    const shape replacement = {"without replacement", 4, {{0, 3}}};
    seen("correction from the target", chain, round_with<no_residual>);
    seen("tested tokens keep their weight", replacement, without_zeroing);
    seen("certain child accepted by a ratio", certain, certain_by_ratio);
    seen("sampling per candidate", certain, sampling_per_candidate);
    seen("unlikely sampled token dropped", chain, dropping_unlikely);
    seen("bonus from the row before", chain, round_with<row_before>);
    seen("target and draft swapped", chain, [](const tiny_model & target, const tiny_model & draft, const shape & of, branching_chance & chance) {
        return round_with<exact_rows>(draft, target, of, chance);
    });
}
