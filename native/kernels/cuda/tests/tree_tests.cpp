/* Verdicts of the emulated GPU against the reference, on random trees and on the rows and trees at the edges. */
#include "groups.h"
#include "random_trees.h"
#include "reference.h"

#include <cmath>
#include <map>
#include <string>

namespace {

/* What the random trees came to: a test whose trees never get anywhere proves nothing. */
struct coverage {
    int32_t accepted = 0, kinds[3] = {0, 0, 0};
};

void compare(const char * name, uint32_t seed, const fake_session & session, test_batch & batch, coverage & seen) {
    lsk_tree_batch view = batch.view();
    verify_reference(batch.logits.data(), batch.column_count, view);
    const std::vector<lsk_tree_verdict>   wanted            = batch.verdicts;
    const std::vector<lsk_row_statistics> wanted_statistics = batch.statistics;
    view                                                    = batch.view();
    CHECK(lsk_cuda_verify_trees_f32(session.get(), LSK_CUDA_HOST, batch.logits.data(), batch.row_count(), batch.column_count, &view) == LSK_OK,
        "%s %u: %s", name, seed, last_cuda_message());
    for (size_t i = 0; i < wanted.size(); i++) {
        const lsk_tree_verdict & w = wanted[i];
        const lsk_tree_verdict & s = batch.verdicts[i];
        CHECK(s.accepted_count == w.accepted_count && s.last_node == w.last_node && s.next_token == w.next_token && s.kind == w.kind,
            "%s %u, request %d (%d nodes, top_k %d, top_p %g, min_p %g): %d accepted, last %d, next %d, kind %d; wanted %d, %d, %d, %d", name, seed,
            (int) i, batch.requests[i].node_count, batch.requests[i].top_k, (double) batch.requests[i].top_p, (double) batch.requests[i].min_p,
            s.accepted_count, s.last_node, s.next_token, s.kind, w.accepted_count, w.last_node, w.next_token, w.kind);
        seen.accepted += w.accepted_count;
        seen.kinds[w.kind]++;
        const size_t state = (size_t) batch.requests[i].first_node + i;
        CHECK(batch.statistics[state].argmax == wanted_statistics[state].argmax &&
                std::fabs(batch.statistics[state].log_sum_exp - wanted_statistics[state].log_sum_exp) < 1e-5,
            "%s %u, request %d: statistics of the anchor token", name, seed, (int) i);
    }
}

coverage compare_many(const char * name, const tree_options & options, uint32_t count) {
    lsk_choose_instructions(LSK_INSTRUCTIONS_SCALAR);
    const fake_session session;
    coverage           seen;
    for (uint32_t seed = 0; seed < count; seed++) {
        fake_driver_state()->run = emulations[seed % (sizeof emulations / sizeof *emulations)];
        test_batch batch         = random_batch(options, seed);
        compare(name, seed, session, batch, seen);
    }
    printf("%s: %d accepted; %d corrections, %d bonuses, %d fallbacks\n", name, seen.accepted, seen.kinds[0], seen.kinds[1], seen.kinds[2]);
    return seen;
}

tree_options with_columns(int32_t column_count) {
    tree_options options;
    options.column_count = column_count;
    return options;
}

} // namespace

void greedy_trees() {
    tree_options options  = with_columns(50);
    options.is_greedy     = true;
    const coverage seen   = compare_many("greedy", options, 400);
    options.has_ties      = true;
    compare_many("greedy, ties", options, 400);
    options.column_count  = 49152;
    options.request_count = 1;
    compare_many("greedy, 49152 columns", options, 10);
    CHECK(seen.accepted > 200 && seen.kinds[0] > 100 && seen.kinds[1] > 100, "too few of everything");
}

void drawn_trees() {
    tree_options options  = with_columns(50);
    const coverage seen   = compare_many("drawn", options, 2000);
    CHECK(seen.accepted > 2000 && seen.kinds[0] > 500 && seen.kinds[1] > 500, "too few of everything");
    options.has_sampled   = false;
    compare_many("sample and match", options, 500);
    options               = with_columns(3);
    options.deviation     = 1;
    compare_many("three columns", options, 500);
    compare_many("one column", with_columns(1), 100);
    options               = with_columns(5000);
    options.deviation     = 1;
    compare_many("flat", options, 30);
    options               = with_columns(49152);
    options.request_count = 2;
    compare_many("49152 columns", options, 5);
}

void truncated_trees() {
    tree_options options  = with_columns(50);
    options.is_truncated  = true;
    const coverage seen   = compare_many("truncated", options, 2000);
    CHECK(seen.accepted > 1500 && seen.kinds[0] > 500 && seen.kinds[1] > 500, "too few of everything");
    options.has_ties      = true;
    compare_many("truncated, ties", options, 1000);
    options.column_count  = 5000;
    compare_many("truncated, 5000 columns with ties", options, 40);
    options.deviation     = 0.2f;
    compare_many("truncated, nearly all equal", options, 30);
    options.has_ties      = false;
    compare_many("truncated, flat: more than a list", options, 40);
    options.deviation     = 30;
    compare_many("truncated, steep", options, 30);
    options               = with_columns(49152);
    options.is_truncated  = true;
    options.request_count = 1;
    compare_many("truncated, 49152 columns", options, 5);
}

void edge_trees() {
    const fake_session session;
    coverage           seen;
    tree_options       options;
    options.request_count = 2;
    for (uint32_t seed = 0; seed < 600; seed++) {
        fake_driver_state()->run = emulations[seed % 5];
        options.is_greedy        = seed % 2 == 0;
        options.is_truncated     = seed % 3 == 0;
        options.column_count     = seed % 7 == 0 ? 3000 : 40;
        test_batch   batch       = random_batch(options, seed);
        const size_t row         = seed % (uint32_t) batch.row_count();
        float *      logits      = &batch.logits[row * (size_t) options.column_count];
        for (int32_t column = 0; column < options.column_count; column++) {
            switch (seed / 7 % 5) {
                case 0: logits[column] = column == 5 ? NAN : logits[column]; break;
                case 1: logits[column] = -INFINITY; break;
                case 2: logits[column] = column % 9 ? -INFINITY : logits[column]; break;
                case 3: logits[column] = column == 11 ? 3e38f : -3e38f; break;
                default: logits[column] = column % 2 ? 0.0f : -0.0f; break;
            }
        }
        compare("edge rows", seed, session, batch, seen);
    }
    /* Proposals without weight, and ones that are the target itself: nothing is left after a rejection. */
    options              = tree_options();
    options.is_truncated = true;
    for (uint32_t seed = 0; seed < 600; seed++) {
        fake_driver_state()->run = emulations[seed % 5];
        test_batch batch         = random_batch(options, seed);
        for (std::vector<float> & proposal : batch.proposals) {
            for (float & weight : proposal) {
                weight = seed % 2 ? 0 : 1;
            }
        }
        for (double & uniform : batch.accept_uniforms) {
            uniform = seed % 3 ? 0.999999 : 0;
        }
        for (double & uniform : batch.next_uniforms) {
            uniform = seed % 5 ? uniform : seed % 2 ? 0 : 0.9999999999999999;
        }
        compare("edge proposals", seed, session, batch, seen);
    }
    CHECK(seen.kinds[2] > 50, "%d fallbacks", seen.kinds[2]);
}

/* Every thread of a block as a thread: what stands between phases runs in all of them, as on the GPU. */
void threaded_trees() {
    const fake_session session;
    coverage           seen;
    tree_options       options;
    fake_driver_state()->run = {8, 0};
    options.request_count    = 2;
    options.node_limit       = 6;
    for (uint32_t seed = 0; seed < 60; seed++) {
        options.is_greedy    = seed % 5 == 0;
        options.is_truncated = seed % 2 == 0;
        options.has_ties     = seed % 3 == 0;
        options.column_count = seed % 10 == 2 ? 2000 : 40; /* 2000 and ties: more than a list */
        test_batch batch     = random_batch(options, seed);
        compare("threads", seed, session, batch, seen);
    }
    CHECK(seen.accepted > 50 && seen.kinds[0] > 20 && seen.kinds[1] > 20, "too few of everything");
}

/* The same row many times: the committed token has the target's distribution whatever the draft was. */
void draw_frequencies() {
    constexpr int32_t  columns = 6, count = 20000;
    const float        row[columns] = {0.5f, -0.2f, 1.1f, -1, 0.3f, -INFINITY};
    tree_options       options      = with_columns(columns);
    std::map<int, int> seen;
    const fake_session session;
    fake_driver_state()->run = {8, 3};
    options.node_limit       = 3;
    options.request_count    = 1;
    options.deviation        = 1;
    for (int32_t round = 0; round < count; round++) {
        test_batch batch = random_batch(options, (uint32_t) round);
        std::copy(row, row + columns, batch.logits.begin());
        batch.requests[0].inverse_temperature = 1;
        lsk_tree_batch view                   = batch.view();
        lsk_cuda_verify_trees_f32(session.get(), LSK_CUDA_HOST, batch.logits.data(), batch.row_count(), columns, &view);
        int32_t first = batch.verdicts[0].last_node;
        while (first >= 0 && batch.parents[(size_t) first] >= 0) {
            first = batch.parents[(size_t) first];
        }
        seen[first >= 0 ? batch.tokens[(size_t) first] : batch.verdicts[0].next_token]++;
    }
    double total = 0, chi_square = 0;
    for (const float logit : row) {
        total += std::exp((double) logit);
    }
    for (int32_t column = 0; column < columns - 1; column++) {
        const double expected = count * std::exp((double) row[column]) / total;
        chi_square += (seen[column] - expected) * (seen[column] - expected) / expected;
    }
    CHECK(seen[columns - 1] == 0 && seen[-1] == 0, "a masked token was drawn %d times", seen[columns - 1]);
    CHECK(chi_square < 23.5, "chi square %g with 4 degrees of freedom", chi_square); /* 1e-4 */
}
