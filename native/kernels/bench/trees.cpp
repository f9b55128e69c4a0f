/* lsk_verify_trees_f32 for a step of 8 requests with 16 nodes each, 49,152 columns.
 *
 * A tree has a trunk of 5 nodes, which the target follows with a probability of 0.7 each, and siblings beside it. The cost is
 * that of the rows that verification comes to, 3 or 4 of 17; the table says how many.
 */
#include "bench.h"

#include <cmath>
#include <cstdio>
#include <random>

namespace {

constexpr int32_t request_count = 8;
constexpr int32_t node_count    = 16;
constexpr int32_t trunk_length  = 5;
constexpr int32_t column_count  = 49152;
constexpr int32_t state_count   = request_count * (node_count + 1);
constexpr size_t  row_size      = column_count;

enum class kind { greedy, sample_and_match, truncated, hybrid };

struct step {
    std::vector<float>              logits = normal_logits(state_count * row_size);
    std::vector<float>              draft; /* of every trunk node's parent */
    std::vector<lsk_tree_request>   requests;
    std::vector<int32_t>            tokens, parents;
    std::vector<uint8_t>            is_sampled;
    std::vector<float *>            proposals;
    std::vector<double>             accept_uniforms, next_uniforms;
    std::vector<lsk_tree_verdict>   verdicts{request_count};
    std::vector<lsk_row_statistics> statistics{state_count};
    std::vector<std::pair<float *, float>> tested; /* weights that a test may take away */

    explicit step(kind of) : proposals(state_count) {
        std::mt19937                           random(5);
        std::uniform_real_distribution<double> uniform(0, 1);
        for (int32_t request = 0; request < request_count; request++) {
            requests.push_back({request * node_count, node_count, request * (node_count + 1), of == kind::greedy, 1,
                of == kind::truncated ? 40 : 0, of == kind::truncated ? 0.95f : 1, of == kind::truncated ? 0.05f : 0});
            int32_t trunk = -1;
            for (int32_t depth = 0; depth < trunk_length; depth++) {
                trunk = add_children(request, trunk, of == kind::hybrid, uniform(random) < 0.7);
            }
            add_node(trunk, 9, false); /* the 16th */
        }
        for (int32_t i = 0; i < state_count; i++) {
            accept_uniforms.push_back(uniform(random));
            next_uniforms.push_back(uniform(random));
        }
    }

    void run() {
        for (const auto & weight : tested) {
            *weight.first = weight.second;
        }
        const lsk_tree_batch batch = {requests.data(), request_count, tokens.data(), parents.data(), is_sampled.data(), request_count * node_count,
            proposals.data(), accept_uniforms.data(), next_uniforms.data(), verdicts.data(), statistics.data()};
        sink = (float) lsk_verify_trees_f32(logits.data(), state_count, column_count, &batch);
    }

    int32_t visited_rows() const {
        int32_t count = 0;
        for (const lsk_tree_verdict & verdict : verdicts) {
            count += verdict.accepted_count + 1;
        }
        return count;
    }

private:
    int32_t add_node(int32_t parent, int32_t token, bool sampled) {
        tokens.push_back(token);
        parents.push_back(parent);
        is_sampled.push_back(sampled);
        return (int32_t) tokens.size() - 1 - requests.back().first_node;
    }

    /* Two siblings and the node of the trunk. */
    int32_t add_children(int32_t request, int32_t parent, bool is_sampled_trunk, bool is_followed) {
        const int32_t state = requests.back().first_node + request + parent + 1;
        float *       row   = logits.data() + (size_t) state * row_size;
        add_node(parent, 7, false);
        add_node(parent, 8, false);
        row[is_followed ? 5 : 6] = 18; /* ln 49,152 + 9/2 = 15.3 is the weight of the others together */
        if (is_sampled_trunk) {
            static std::vector<float> kept[request_count * trunk_length];
            static size_t             next = 0;
            std::vector<float> &      q    = kept[next++ % (request_count * trunk_length)];
            lsk_row_statistics        s;
            q = normal_logits(row_size);
            q[5] = 17;
            q[7] = q[8] = -INFINITY;
            lsk_row_statistics_f32(q.data(), column_count, 1, 0, nullptr, nullptr, &s);
            lsk_softmax_f32(q.data(), column_count, 1, s.log_sum_exp, q.data());
            proposals[(size_t) state] = q.data();
            tested.push_back({&q[5], q[5]});
        }
        return add_node(parent, 5, is_sampled_trunk);
    }
};

} // namespace

void print_trees() {
    struct {
        const char * name;
        kind         of;
    } const kinds[] = {{"greedy", kind::greedy}, {"sample and match", kind::sample_and_match},
        {"the same, top-k 40, top-p 0.95, min-p 0.05", kind::truncated}, {"hybrid", kind::hybrid}};
    printf("\n| %d requests x %d nodes x %d columns | instructions | rows visited | us | us a visited row |\n|---|---|---:|---:|---:|\n",
        request_count, node_count, column_count);
    for (const auto & each : kinds) {
        step all(each.of);
        for (int32_t instructions = LSK_INSTRUCTIONS_SCALAR; instructions < instruction_count; instructions++) {
            if (lsk_choose_instructions(instructions) != LSK_OK) {
                continue;
            }
            const double  time = best_microseconds(40, [&](size_t) { all.run(); });
            const int32_t rows = all.visited_rows();
            printf("| %s | %s | %d | %.0f | %.1f |\n", each.name, instruction_names[instructions], rows, time, time / rows);
        }
    }
}
