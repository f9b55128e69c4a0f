/* Losslessness of the whole of lsk_verify_trees_f32, by enumeration: its rows, sampler chain and kernels, and only the chance
 * another. In float32, so the distance is of its size. */
#include "../tree_verification.h"
#include "check.h"
#include "exported_kernels.h"
#include "tiny_models.h"
#include "tree_cases.h"

#include <cmath>
#include <numeric>

namespace {

/* The definition of the sampler chain, in float64. */
row shaped(const row & logits, const lsk_tree_request & sampling) {
    std::vector<size_t> order(logits.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return logits[a] > logits[b]; });
    row          result(logits.size());
    const size_t most  = sampling.top_k > 0 ? std::min(order.size(), (size_t) sampling.top_k) : order.size();
    double       total = 0, mass = 0, kept = 0;
    for (size_t i = 0; i < most; i++) {
        total += std::exp(logits[order[i]] - logits[order[0]]);
    }
    for (size_t i = 0; i < most; i++) {
        const double relative = std::exp(logits[order[i]] - logits[order[0]]);
        if ((sampling.top_p < 1 && mass >= sampling.top_p * total) || relative < sampling.min_p || relative == 0) {
            break;
        }
        mass += relative;
        kept += result[order[i]] = std::exp((logits[order[i]] - logits[order[0]]) * sampling.inverse_temperature);
    }
    for (double & probability : result) {
        probability /= kept;
    }
    return result;
}

/* Logits as floats: what the models are over is what the kernels see. */
tiny_model random_logits(int32_t vocabulary_size, int32_t depth, std::mt19937 & random) {
    tiny_model model = random_model(vocabulary_size, depth, random);
    for (row & logits : model.rows) {
        for (double & logit : logits) {
            logit = logit > 0 ? (float) (std::log(logit) + 0.01 * (double) (random() % 100)) : -INFINITY;
        }
    }
    return model;
}

tree_case to_case(const drafted_tree & tree, const tiny_model & logits, const lsk_tree_request & sampling) {
    tree_case result(logits.vocabulary_size);
    result.add_request(sampling);
    for (size_t node = 0; node < tree.tokens.size(); node++) {
        result.add_node(tree.parents[node], tree.tokens[node], tree.is_sampled[node] != 0);
    }
    for (int32_t node = -1; node < tree.count(); node++) {
        const size_t state = (size_t) (node + 1);
        std::copy(logits.at(tree.keys[state]).begin(), logits.at(tree.keys[state]).end(), result.row(0, node));
        result.proposals[state].assign(tree.proposals[state].begin(), tree.proposals[state].end());
    }
    return result;
}

void check_shape(const std::vector<layer> & layers, const lsk_tree_request & sampling, std::mt19937 & random) {
    constexpr int32_t vocabulary_size = 4;
    const int32_t     length          = (int32_t) layers.size() + 1;
    const tiny_model  logits          = random_logits(vocabulary_size, length, random);
    const tiny_model  draft           = random_model(vocabulary_size, length, random);
    tiny_model        target          = {vocabulary_size, {}};
    for (const row & each : logits.rows) {
        target.rows.push_back(shaped(each, sampling));
    }
    llamaspec::tree_verification verification(vocabulary_size);
    const double distance = total_variation_of(target, length, [&](branching_chance & chance) {
        const drafted_tree     tree    = draft_tree(draft, layers, chance);
        tree_case              one     = to_case(tree, logits, sampling);
        const lsk_tree_batch   batch   = one.batch();
        const lsk_tree_verdict verdict = verification.draw(exported_kernels, one.logits.data(), batch, 0, chance);
        return committed(tree, verdict.last_node, verdict.next_token);
    });
    CHECK(distance < 2e-6, "%d layers, first with %d certain and %d sampled, top-k %d, top-p %g, min-p %g, inverse temperature %g: total variation %g",
        (int) layers.size(), layers[0].certain_count, layers[0].sampled_count, sampling.top_k, (double) sampling.top_p, (double) sampling.min_p,
        (double) sampling.inverse_temperature, distance);
}

void check_chain(int32_t column_count, const lsk_tree_request & sampling, float spread, std::mt19937 & random) {
    std::normal_distribution<float> normal(0, spread);
    std::vector<float>              logits((size_t) column_count);
    for (float & logit : logits) {
        logit = random() % 50 == 0 ? -INFINITY : normal(random);
    }
    logits[0] = 0;
    llamaspec::row_sampler          sampler(column_count);
    llamaspec::token_weights<float> target(column_count);
    lsk_row_statistics              statistics;
    CHECK(sampler.shape(exported_kernels, logits.data(), sampling, target, statistics), "a valid row");
    const row wanted = shaped(row(logits.begin(), logits.end()), sampling);
    for (int32_t token = 0; token < column_count; token++) {
        const double probability = wanted[(size_t) token];
        CHECK(std::fabs(target[token] - probability) <= 3e-6 * probability + 1e-37, "%d columns, spread %g, top-k %d, top-p %g, min-p %g, token %d: %g, wanted %g",
            column_count, (double) spread, sampling.top_k, (double) sampling.top_p, (double) sampling.min_p, token, (double) target[token], probability);
    }
}

} // namespace

/* Few candidates, more than the first list has, and all. */
void sampler_chain_matches_definition(int32_t) {
    std::mt19937 random(9);
    for (const int32_t column_count : {5, 300, 2100}) {
        for (const int32_t top_k : {0, 3, 280, 2000}) {
            for (const float top_p : {1.0f, 0.97f, 0.6f}) {
                for (const float min_p : {0.0f, 0.2f, 0.001f}) {
                    for (const float spread : {0.1f, 3.0f}) {
                        check_chain(column_count, {0, 0, 0, 0, 1.25f, top_k, top_p, min_p}, spread, random);
                    }
                }
            }
        }
    }
}

void verification_is_lossless(int32_t) {
    const std::vector<layer> shapes[] = {
        {{0, 1}, {0, 1}, {0, 1}}, {{2, 0}, {2, 0}}, {{2, 1}, {1, 1}}, {{0, 3}, {0, 2, 1}}, {{1, 2}, {0, 1}},
    };
    const lsk_tree_request samplings[] = {
        {0, 0, 0, 0, 1, 0, 1, 0},        {0, 0, 0, 0, 1.6f, 0, 1, 0},   {0, 0, 0, 0, 0.7f, 2, 1, 0},  {0, 0, 0, 0, 1.25f, 3, 0.8f, 0},
        {0, 0, 0, 0, 0.5f, 0, 0.7f, 0},  {0, 0, 0, 0, 2, 0, 1, 0.2f},   {0, 0, 0, 0, 1, 4, 0.9f, 0.1f}, {0, 0, 0, 0, 1, 1, 1, 0},
    };
    std::mt19937 random(3);
    for (const std::vector<layer> & layers : shapes) {
        for (const lsk_tree_request & sampling : samplings) {
            for (int32_t i = 0; i < 2; i++) {
                check_shape(layers, sampling, random);
            }
        }
    }
}
