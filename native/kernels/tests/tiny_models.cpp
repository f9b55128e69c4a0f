#include "tiny_models.h"

#include <cmath>
#include <numeric>

static row random_row(int32_t vocabulary_size, std::mt19937 & random) {
    row result((size_t) vocabulary_size);
    for (double & probability : result) {
        probability = random() % 4 == 0 ? 0 : 1 + random() % 16;
    }
    result[random() % result.size()] += 1;
    const double total = std::accumulate(result.begin(), result.end(), 0.0);
    for (double & probability : result) {
        probability /= total;
    }
    return result;
}

tiny_model random_model(int32_t vocabulary_size, int32_t depth, std::mt19937 & random) {
    tiny_model model     = {vocabulary_size, {}};
    int32_t    key_count = 2; /* keys of prefixes of `depth` tokens end below 2 * size^depth */
    for (int32_t i = 0; i < depth; i++) {
        key_count *= vocabulary_size;
    }
    for (int32_t key = 0; key < key_count; key++) {
        model.rows.push_back(random_row(vocabulary_size, random));
    }
    return model;
}

static int32_t add_node(drafted_tree & tree, int32_t parent, int32_t token, bool is_sampled, int32_t vocabulary_size) {
    tree.tokens.push_back(token);
    tree.parents.push_back(parent);
    tree.is_sampled.push_back(is_sampled);
    tree.keys.push_back(tree.keys[(size_t) (parent + 1)] * vocabulary_size + token);
    tree.proposals.emplace_back();
    return tree.count() - 1;
}

static int32_t take_largest(row & rest) {
    const auto largest = std::max_element(rest.begin(), rest.end());
    if (*largest <= 0) {
        return -1;
    }
    *largest = 0;
    return (int32_t) (largest - rest.begin());
}

/* False when no weight is left. */
static bool normalise(row & rest) {
    const double total = std::accumulate(rest.begin(), rest.end(), 0.0);
    for (double & probability : rest) {
        probability = total > 0 ? probability / total : 0;
    }
    return total > 0;
}

static void grow(
    drafted_tree & tree, int32_t node, const tiny_model & draft, const std::vector<layer> & layers, size_t depth, branching_chance & chance) {
    if (depth == layers.size()) {
        return;
    }
    const layer &        wanted = layers[depth];
    const int32_t        size   = draft.vocabulary_size;
    row                  rest   = draft.at(tree.keys[(size_t) (node + 1)]);
    std::vector<int32_t> children;
    for (int32_t i = 0; i < wanted.certain_count; i++) {
        const int32_t token = take_largest(rest);
        if (token >= 0) {
            children.push_back(add_node(tree, node, token, false, size));
        }
    }
    if (wanted.sampled_count > 0 && normalise(rest)) {
        tree.proposals[(size_t) (node + 1)] = rest;
        for (int32_t i = 0; i < wanted.sampled_count && normalise(rest); i++) {
            const int32_t token = chance.choose(rest.data(), size);
            children.push_back(add_node(tree, node, token, true, size));
            rest[(size_t) token] = 0;
        }
    }
    for (int32_t i = 0; i < wanted.growing_count && i < (int32_t) children.size(); i++) {
        grow(tree, children[(size_t) i], draft, layers, depth + 1, chance);
    }
}

drafted_tree draft_tree(const tiny_model & draft, const std::vector<layer> & layers, branching_chance & chance) {
    drafted_tree tree;
    tree.keys.push_back(1);
    tree.proposals.emplace_back();
    grow(tree, -1, draft, layers, 0, chance);
    return tree;
}

text_distribution::text_distribution(const tiny_model & of, int32_t text_length) : target(of), length(text_length) {
    probabilities.resize((size_t) std::lround(std::pow(of.vocabulary_size, length)));
}

void text_distribution::add(const std::vector<int32_t> & tokens, double probability) {
    const auto append = [this](int32_t key, int32_t token) { return target.key(key, token); };
    const int32_t key = std::accumulate(tokens.begin(), tokens.end(), 1, append);
    if ((int32_t) tokens.size() == length) {
        probabilities[(size_t) key - probabilities.size()] += probability;
        return;
    }
    std::vector<int32_t> longer = tokens;
    longer.push_back(0);
    for (int32_t token = 0; token < target.vocabulary_size; token++) {
        longer.back() = token;
        if (target.at(key)[(size_t) token] > 0) {
            add(longer, probability * target.at(key)[(size_t) token]);
        }
    }
}

double total_variation(const text_distribution & first, const text_distribution & second) {
    double sum = 0;
    for (size_t text = 0; text < first.probabilities.size(); text++) {
        sum += std::fabs(first.probabilities[text] - second.probabilities[text]);
    }
    return sum / 2;
}

double total_variation_of(
    const tiny_model & target, int32_t length, const std::function<std::vector<int32_t>(branching_chance & chance)> & round) {
    text_distribution seen(target, length), wanted(target, length);
    wanted.add({}, 1);
    branching_chance::explore([&](branching_chance & chance) {
        const std::vector<int32_t> tokens = round(chance);
        seen.add(tokens, chance.probability());
    });
    return total_variation(seen, wanted);
}

std::vector<int32_t> committed(const drafted_tree & tree, int32_t last_node, int32_t next_token) {
    std::vector<int32_t> tokens = {next_token};
    for (int32_t node = last_node; node >= 0; node = tree.parents[(size_t) node]) {
        tokens.insert(tokens.begin(), tree.tokens[(size_t) node]);
    }
    return tokens;
}
