/* One block verifies one request's tree: TreeVerifier, from the anchor token down. */
#ifndef LLAMASPEC_CUDA_TREE_WALK_H
#define LLAMASPEC_CUDA_TREE_WALK_H

#include "truncation.h"

namespace cuda {

struct tree_arguments {
    const float *            logits;
    const lsk_tree_request * requests; /* top_k is column_count where all are kept */
    const double *           lowest_offsets; /* by request: ln min_p */
    const int32_t *          tokens;
    const int32_t *          parents;
    const uint8_t *          is_sampled;
    const double *           accept_uniforms;
    const double *           next_uniforms;
    const int32_t *          proposal_rows; /* by state: its row of proposals, or -1 */
    float *                  proposals;     /* tested tokens lose their weight */
    const row_sums *         sums;          /* by state */
    float *                  scratch;       /* two rows for each request */
    lsk_tree_verdict *       verdicts;
    int32_t                  column_count;
};

/* SmallestMass of ResidualDistribution: below it a residual is rounding noise. */
constexpr double smallest_mass = 1e-7;

enum { kind_correction = 0, kind_bonus = 1, kind_fallback = 2 };

/* One request's nodes. Trees are small, so a child is searched among all nodes. */
struct tree {
    const tree_arguments & a;
    lsk_tree_request       request;
    int32_t                request_index;

    LSK_DEVICE int32_t state(int32_t node) const { return request.first_node + request_index + node + 1; }
    LSK_DEVICE int32_t token(int32_t node) const { return a.tokens[request.first_node + node]; }
    LSK_DEVICE bool    is_sampled(int32_t node) const { return a.is_sampled[request.first_node + node] != 0; }

    LSK_DEVICE const float * row(int32_t node) const { return a.logits + (int64_t) (request.first_row + node + 1) * a.column_count; }

    /* Of a node with sampled children. */
    LSK_DEVICE float * proposal(int32_t node) const { return a.proposals + (int64_t) a.proposal_rows[state(node)] * a.column_count; }

    /* The child of parent that comes after the child `previous`, or -1. */
    LSK_DEVICE int32_t next_child(int32_t parent, int32_t previous) const {
        for (int32_t node = previous + 1; node < request.node_count; node++) {
            if (a.parents[request.first_node + node] == parent) {
                return node;
            }
        }
        return -1;
    }

    LSK_DEVICE int32_t first_child(int32_t parent) const { return next_child(parent, parent); }

    LSK_DEVICE int32_t child_with(int32_t parent, int32_t wanted, bool is_any) const {
        int32_t child = first_child(parent);
        while (child >= 0 && (token(child) != wanted || (!is_any && is_sampled(child)))) {
            child = next_child(parent, child);
        }
        return child;
    }
};

struct step_outcome {
    int32_t child; /* -1: the walk ends with token */
    int32_t token;
    int32_t kind;
};

LSK_DEVICE step_outcome follow_largest(const tree & t, int32_t node) {
    const int32_t token = t.a.sums[t.state(node)].argmax;
    if (token < 0) {
        return step_outcome{-1, -1, kind_correction};
    }
    return step_outcome{t.child_with(node, token, true), token, t.first_child(node) < 0 ? kind_bonus : kind_correction};
}

LSK_DEVICE weights shape(const block & b, tree_memory & memory, const tree & t, int32_t node) {
    const tree_arguments & a       = t.a;
    const row_sums         sums    = a.sums[t.state(node)];
    float * const          scratch = a.scratch + (int64_t) t.request_index * 2 * a.column_count;
    weights                w       = {weight_form::softmax, a.column_count, 0, t.row(node), sums.maximum, t.request.inverse_temperature,
                         (float) (1 / (1 + sums.rest)), scratch, scratch + a.column_count};
    if (sums.argmax < 0) {
        w.form  = weight_form::list; /* of nothing */
        w.count = 0;
        return w;
    }
    if (t.request.top_k < a.column_count || t.request.top_p < 1 || t.request.min_p > 0) {
        const double lowest = (double) sums.maximum + a.lowest_offsets[t.request_index];
        truncate(b, memory,
            truncation{w.row, a.column_count, sums.minimum, sums.maximum, w.inverse_temperature, t.request.top_k, t.request.top_p, lowest}, w);
    }
    return w;
}

LSK_DEVICE step_outcome draw_step(const block & b, tree_memory & memory, const tree & t, int32_t node) {
    const tree_arguments & a     = t.a;
    const int32_t          state = t.state(node);
    /* What is left of the target is "left / mass"; what is left of the proposal is "proposal / proposal_mass". */
    weights left          = shape(b, memory, t, node);
    double  mass          = 1;
    bool    has_rejected  = false;
    int32_t kind          = t.first_child(node) < 0 ? kind_bonus : kind_correction;
    for (int32_t child = t.first_child(node); child >= 0; child = t.next_child(node, child)) {
        if (!t.is_sampled(child)) {
            continue;
        }
        float *       proposal    = t.proposal(node);
        const int32_t drawn       = t.token(child);
        const double  proposed    = proposal[drawn];
        /* Summed, as 1 less the tested tokens would be rounding noise where those had nearly everything. */
        const double  proposal_mass = has_rejected ? sum_of(b, memory, proposal, a.column_count) : 1;
        const double  numerator   = (double) weight_of(b, memory, left, drawn) * proposal_mass;
        const double  denominator = proposed * mass;
        if (a.accept_uniforms[t.request.first_node + child] * denominator < numerator) {
            return step_outcome{child, -1, kind};
        }
        const double residual_mass = write_residual(b, memory, left, proposal_mass / mass, proposal);
        if (residual_mass < smallest_mass * proposal_mass) {
            kind = kind_fallback;
            break;
        }
        /* Without replacement: the next draw was made from what this one left. */
        has_rejected = true;
        b.phase([&](int32_t thread) {
            if (thread == 0) {
                proposal[drawn] = 0;
            }
        });
        become_residual(left);
        mass = residual_mass;
    }
    const int32_t token = draw(b, memory, left, a.next_uniforms[state]);
    return step_outcome{t.child_with(node, token, false), token, kind};
}

LSK_DEVICE void verify_tree(const block & b, tree_memory & memory, const tree_arguments & a) {
    const tree   t        = {a, a.requests[b.index()], b.index()};
    int32_t      node     = -1;
    int32_t      accepted = 0;
    step_outcome step     = {};
    while (true) {
        step = t.request.is_greedy ? follow_largest(t, node) : draw_step(b, memory, t, node);
        if (step.child < 0) {
            break;
        }
        node = step.child;
        accepted++;
    }
    b.phase([&](int32_t thread) {
        if (thread == 0) {
            a.verdicts[b.index()] = lsk_tree_verdict{accepted, node, step.token, step.kind};
        }
    });
}

} // namespace cuda

#endif
