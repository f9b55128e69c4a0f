/* Random batches in one instruction set: what must hold of any verdict, agreement with the scalar kernels, and arguments
 * spoiled at random, which must be refused or harmless. */
#include "../tree_verification.h"
#include "check.h"
#include "exported_kernels.h"
#include "random_trees.h"

#include <algorithm>
#include <climits>
#include <cmath>

namespace {

constexpr int32_t most_printed_failures = 20;

bool is_same(const lsk_tree_verdict & a, const lsk_tree_verdict & b) {
    return a.accepted_count == b.accepted_count && a.last_node == b.last_node && a.next_token == b.next_token && a.kind == b.kind;
}

bool is_close(double a, double b, double tolerance) { return a == b || std::fabs(a - b) <= tolerance; }

std::vector<int32_t> path_to(const tree_case & one, const lsk_tree_request & request, int32_t node) {
    std::vector<int32_t> path = {node};
    while (path.back() >= 0) {
        path.push_back(one.parents[(size_t) (request.first_node + path.back())]);
    }
    std::reverse(path.begin(), path.end());
    return path; /* from the anchor token */
}

bool has_child(const tree_case & one, const lsk_tree_request & request, int32_t parent, int32_t token, bool certain_only) {
    for (int32_t i = request.first_node; i < request.first_node + request.node_count; i++) {
        const size_t node = (size_t) i;
        if (one.parents[node] == parent && (token < 0 || one.tokens[node] == token) && !(certain_only && one.is_sampled[node])) {
            return true;
        }
    }
    return false;
}

/* before: the batch as it was. */
void check_request(tree_case & before, const tree_case & after, int32_t r) {
    const lsk_tree_request & request = after.requests[(size_t) r];
    const lsk_tree_verdict & verdict = after.verdicts[(size_t) r];
    CHECK(verdict.last_node >= -1 && verdict.last_node < request.node_count, "last node %d of %d", verdict.last_node, request.node_count);
    const std::vector<int32_t> path = path_to(after, request, verdict.last_node);
    CHECK((int32_t) path.size() == verdict.accepted_count + 1, "accepted %d on a path of %d", verdict.accepted_count, (int) path.size() - 1);
    bool is_valid = true;
    for (int32_t node = -1; node < request.node_count; node++) {
        const size_t       state      = (size_t) after.state(r, node);
        const bool         is_visited = std::find(path.begin(), path.end(), node) != path.end();
        lsk_row_statistics wanted     = {};
        if (!is_visited) {
            CHECK(after.statistics[state].argmax == -7, "state %d was not visited, but written", (int) state);
            CHECK(after.proposals[state] == before.proposals[state], "proposal %d was not needed, but changed", (int) state);
        } else if (exported_kernels.row_statistics(before.row(r, node), after.column_count, request.is_greedy ? 1 : request.inverse_temperature, 0, nullptr, nullptr, &wanted)) {
            CHECK(after.statistics[state].argmax == wanted.argmax && is_close(after.statistics[state].entropy, wanted.entropy, 1e-5),
                "state %d: entropy %g, wanted %g", (int) state, (double) after.statistics[state].entropy, (double) wanted.entropy);
        } else {
            is_valid = false;
        }
    }
    CHECK(is_valid == (verdict.next_token >= 0), "next token %d, rows valid: %d", verdict.next_token, is_valid);
    if (is_valid) {
        CHECK(verdict.next_token < after.column_count && before.row(r, verdict.last_node)[verdict.next_token] != -INFINITY, "next token %d is masked", verdict.next_token);
        CHECK(!has_child(after, request, verdict.last_node, verdict.next_token, !request.is_greedy), "next token %d is a child", verdict.next_token);
        CHECK((verdict.kind == LSK_BONUS) == !has_child(after, request, verdict.last_node, -1, false), "kind %d", verdict.kind);
    }
}

/* By the scalar kernels with all uniforms moved a little: near a border between two tokens rounding decides. */
bool is_near_border(const tree_case & before, const tree_case & after, int32_t instructions) {
    bool is_explained = false;
    lsk_choose_instructions(LSK_INSTRUCTIONS_SCALAR);
    for (const double shift : {1e-8, -1e-8, 1e-7, -1e-7, 1e-6, -1e-6, 1e-5, -1e-5}) {
        tree_case moved = before;
        for (std::vector<double> * uniforms : {&moved.accept_uniforms, &moved.next_uniforms}) {
            for (double & each : *uniforms) {
                each = std::min(std::max(each + shift, 0.0), 1 - 0x1p-53);
            }
        }
        moved.verify();
        is_explained |= std::equal(moved.verdicts.begin(), moved.verdicts.end(), after.verdicts.begin(), is_same);
    }
    lsk_choose_instructions(instructions);
    return is_explained;
}

/* 0 chooses the first token with any weight, and below 2^-126 weights may differ; the largest uniform chooses the last one, or
 * that at which rounding lets the running sum reach the total. */
bool has_extreme_uniform(const tree_case & one) {
    return std::any_of(one.next_uniforms.begin(), one.next_uniforms.end(), [](double u) { return u == 0 || u == 1 - 0x1p-53; });
}

void check_against_scalar(const tree_case & before, const tree_case & after, int32_t instructions) {
    tree_case scalar = before;
    lsk_choose_instructions(LSK_INSTRUCTIONS_SCALAR);
    CHECK(scalar.verify() == LSK_OK, "%s", lsk_last_message());
    lsk_choose_instructions(instructions);
    const bool is_equal = std::equal(scalar.verdicts.begin(), scalar.verdicts.end(), after.verdicts.begin(), is_same);
    CHECK(is_equal || has_extreme_uniform(before) || is_near_border(before, after, instructions), "the scalar kernels decide otherwise");
}

/* Any field, any value: memory errors are for the sanitizer to see. */
void spoil(tree_case one, random_trees & random) {
    const int32_t    numbers[] = {-1, 0, 1, INT_MAX, INT_MIN, random.below(70)};
    const int32_t    number    = numbers[random.below(6)];
    const size_t     request   = (size_t) random.below((int32_t) one.requests.size());
    lsk_tree_batch   batch     = one.batch();
    lsk_tree_request & r       = one.requests[request];
    int32_t * const  fields[]  = {&r.first_node, &r.node_count, &r.first_row, &r.is_greedy, &r.top_k};
    float * const    floats[]  = {&r.inverse_temperature, &r.top_p, &r.min_p};
    const size_t     node      = one.tokens.empty() ? 0 : (size_t) random.below((int32_t) one.tokens.size());
    switch (random.below(one.tokens.empty() ? 4 : 8)) {
        case 0: *fields[random.below(5)] = number; break;
        case 1: *floats[random.below(3)] = random.percent(50) ? (float) number : NAN; break;
        case 2: one.next_uniforms[(size_t) random.below((int32_t) one.next_uniforms.size())] = number; break;
        case 3: batch.node_count = std::min(number, batch.node_count); break;
        case 4: one.tokens[node] = number; break;
        case 5: one.parents[node] = number; break;
        case 6: one.is_sampled[node] = (uint8_t) number; break;
        default: one.proposal_pointers[(size_t) random.below((int32_t) one.proposal_pointers.size())] = nullptr; break;
    }
    const int32_t status = lsk_verify_trees_f32(one.logits.data(), one.row_count(), one.column_count, &batch);
    CHECK(status == LSK_OK || (status == LSK_INVALID_ARGUMENT && lsk_last_message()[0] != '\0'), "status %d", status);
}

} // namespace

void fuzz(int32_t instructions, int32_t case_count, uint64_t seed) {
    for (int32_t i = 0; i < case_count; i++) {
        const int32_t earlier = failure_count;
        random_trees  random(seed + (uint64_t) i);
        tree_case     before = random.next();
        tree_case     after  = before;
        CHECK(after.verify() == LSK_OK, "%s", lsk_last_message());
        for (int32_t request = 0; request < (int32_t) after.requests.size(); request++) {
            check_request(before, after, request);
        }
        check_against_scalar(before, after, instructions);
        spoil(before, random);
        if (failure_count != earlier && failure_count <= most_printed_failures) {
            fprintf(stderr, "again with 1 case, seed %llu\n", (unsigned long long) (seed + (uint64_t) i));
        }
    }
}
