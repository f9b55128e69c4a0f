/* lsk_verify_trees_f32 on trees written by hand: paths, kinds, invalid rows, and what is left alone. */
#include "check.h"
#include "tree_cases.h"

#include <algorithm>
#include <cmath>

namespace {

void expect(const tree_case & one, size_t request, const lsk_tree_verdict & wanted, const char * what) {
    const lsk_tree_verdict & seen = one.verdicts[request];
    CHECK(seen.accepted_count == wanted.accepted_count && seen.last_node == wanted.last_node && seen.next_token == wanted.next_token && seen.kind == wanted.kind,
        "%s: accepted %d, last %d, next %d, kind %d", what, seen.accepted_count, seen.last_node, seen.next_token, seen.kind);
}

/* 0 and 1 after the anchor token, 2 after 1, 3 after 2; the largest logits go 1, 3, 0. */
tree_case branching(const lsk_tree_request & sampling) {
    tree_case one(40);
    one.add_request(sampling);
    one.add_node(-1, 5, false);
    one.add_node(-1, 1, false);
    one.add_node(1, 3, false);
    one.add_node(2, 4, false);
    one.row(0, -1)[1] = 60;
    one.row(0, 0)[2]  = 60;
    one.row(0, 1)[3]  = 60;
    one.row(0, 2)[0]  = 60;
    return one;
}

void a_path_is_followed() {
    for (const lsk_tree_request & sampling : {greedy_sampling, plain_sampling}) {
        tree_case one = branching(sampling);
        CHECK(one.verify() == LSK_OK, "%s", lsk_last_message());
        expect(one, 0, {2, 2, 0, LSK_CORRECTION}, "a correction after two");
        CHECK(one.statistics[0].argmax == 1 && one.statistics[2].argmax == 3 && one.statistics[3].argmax == 0, "statistics of visited states");
        CHECK(one.statistics[1].argmax == -7 && one.statistics[4].argmax == -7, "states that were not visited are left alone");

        one.row(0, 2)[4] = 70;
        one.row(0, 3)[9] = 60;
        CHECK(one.verify() == LSK_OK, "%s", lsk_last_message());
        expect(one, 0, {3, 3, 9, LSK_BONUS}, "a bonus after three");
    }
}

void no_draft_draws_a_bonus() {
    tree_case one(3);
    one.add_request(greedy_sampling);
    one.add_request(plain_sampling);
    one.row(0, -1)[2]    = 1;
    one.next_uniforms[1] = 0.5;
    CHECK(one.verify() == LSK_OK, "%s", lsk_last_message());
    expect(one, 0, {0, -1, 2, LSK_BONUS}, "greedy");
    expect(one, 1, {0, -1, 1, LSK_BONUS}, "drawn");
}

void a_rejected_token_loses_its_weight() {
    tree_case one(4);
    one.add_request(plain_sampling);
    one.add_node(-1, 0, true);
    one.add_node(-1, 1, true);
    one.proposals[0]       = {0.5f, 0.25f, 0.25f, 0};
    one.accept_uniforms[0] = 0.9; /* 0.25 / 0.5 */
    one.accept_uniforms[1] = 0.9; /* certain: (0.25 - 0.25 + ..) */
    one.next_uniforms[0]   = 0.5;
    CHECK(one.verify() == LSK_OK, "%s", lsk_last_message());
    /* p - q = (0, 0, 0, 1/4): nothing is left for token 1, and 3 is drawn. */
    expect(one, 0, {0, -1, 3, LSK_CORRECTION}, "both rejected");
    CHECK(one.proposals[0] == std::vector<float>({0, 0, 0.25f, 0}), "tested tokens are used up, others are not");
}

void nothing_left_falls_back_to_the_target() {
    tree_case one(2);
    one.add_request(plain_sampling);
    one.add_node(-1, 0, true);
    one.proposals[0]       = {0.5f, 0.5f};
    one.row(0, -1)[0]      = -2.4e-7f; /* rejected by rounding only */
    one.accept_uniforms[0] = 1 - 0x1p-53;
    one.next_uniforms[0]   = 0.75;
    CHECK(one.verify() == LSK_OK, "%s", lsk_last_message());
    expect(one, 0, {0, -1, 1, LSK_FALLBACK}, "no residual");
}

void an_invalid_row_ends_its_request_alone() {
    for (const float bad : {(float) NAN, (float) INFINITY}) {
        for (const lsk_tree_request & sampling : {greedy_sampling, plain_sampling}) {
            tree_case one = branching(sampling);
            one.row(0, 1)[39] = bad;
            one.row(0, 0)[0]  = NAN; /* not visited, does not matter */
            one.add_request(sampling);
            one.row(1, -1)[7] = 60;
            CHECK(one.verify() == LSK_OK, "%s", lsk_last_message());
            expect(one, 0, {1, 1, -1, LSK_CORRECTION}, "invalid after one");
            expect(one, 1, {0, -1, 7, LSK_BONUS}, "its neighbour");
        }
    }
}

void scratch_follows_the_columns() {
    for (const int32_t column_count : {3000, 5, 3000, 70}) {
        for (const float top_p : {1.0f, 0.99f, 1.0f}) {
            tree_case one(column_count);
            one.add_request(plain_sampling);
            one.requests[0].top_p = top_p;
            one.row(0, -1)[4]     = 60;
            one.next_uniforms[0]  = 1 - 0x1p-53;
            CHECK(one.verify() == LSK_OK, "%s", lsk_last_message());
            expect(one, 0, {0, -1, 4, LSK_BONUS}, "a peak");
        }
    }
}

} // namespace

void trees_by_hand(int32_t) {
    a_path_is_followed();
    no_draft_draws_a_bonus();
    a_rejected_token_loses_its_weight();
    nothing_left_falls_back_to_the_target();
    an_invalid_row_ends_its_request_alone();
    scratch_follows_the_columns();
}

void many_rows_match_one(int32_t) {
    std::vector<float> logits;
    for (int32_t i = 0; i < 5 * 1030; i++) {
        logits.push_back((float) (i * 7919 % 1000) / 100);
    }
    logits[1 * 1030 + 3] = NAN;
    std::vector<lsk_row_statistics> all(5);
    std::vector<uint8_t>            is_valid(5, 7);
    CHECK(lsk_rows_statistics_f32(logits.data(), 5, 1030, 0.7f, all.data(), is_valid.data()) == LSK_OK, "%s", lsk_last_message());
    CHECK(is_valid == std::vector<uint8_t>({1, 0, 1, 1, 1}), "the second row has a NaN");
    for (const size_t row : {0, 2, 3, 4}) {
        lsk_row_statistics one;
        lsk_row_statistics_f32(logits.data() + row * 1030, 1030, 0.7f, 0, nullptr, nullptr, &one);
        CHECK(one.argmax == all[row].argmax && one.maximum == all[row].maximum && one.log_sum_exp == all[row].log_sum_exp && one.entropy == all[row].entropy,
            "row %d", (int) row);
    }
}

void ancestor_masks(int32_t) {
    const int32_t parents[] = {-1, 0, 0, 2, -1, 3};
    uint64_t      masks[64];
    CHECK(lsk_ancestor_masks(parents, 6, masks) == LSK_OK, "%s", lsk_last_message());
    CHECK(std::vector<uint64_t>(masks, masks + 6) == std::vector<uint64_t>({1, 3, 5, 13, 16, 45}), "%llu", (unsigned long long) masks[5]);
    int32_t chain[64];
    for (int32_t node = 0; node < 64; node++) {
        chain[node] = node - 1;
    }
    CHECK(lsk_ancestor_masks(chain, 64, masks) == LSK_OK && masks[63] == UINT64_MAX && masks[31] == UINT32_MAX, "a chain of 64");
}
