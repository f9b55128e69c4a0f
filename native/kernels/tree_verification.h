/* Verification of the requests of a batch whose arguments have been checked. Owns its scratch memory: one thread at a time. */
#ifndef LLAMASPEC_TREE_VERIFICATION_H
#define LLAMASPEC_TREE_VERIFICATION_H

#include "row_sampler.h"
#include "tree_walk.h"

namespace llamaspec {

class tree_verification {
public:
    explicit tree_verification(int32_t column_count)
        : column_count_(column_count), sampler_(column_count), target_(column_count), first_(column_count), second_(column_count) {}

    int32_t column_count() const { return column_count_; }

    /* The path that the largest logits take. */
    lsk_tree_verdict follow_largest(const row_kernels & kernels, const float * logits, const lsk_tree_batch & batch, int32_t request) {
        request_view     view    = open(kernels, logits, batch, request);
        lsk_tree_verdict verdict = {0, token_tree::anchor, -1, LSK_CORRECTION};
        while (true) {
            lsk_row_statistics & statistics = view.statistics(verdict.last_node);
            if (!kernels.row_statistics(view.row(verdict.last_node), column_count_, 1, 0, nullptr, nullptr, &statistics)) {
                return verdict;
            }
            const int32_t child = tree_.child(verdict.last_node, statistics.argmax);
            if (child < 0) {
                verdict.next_token = statistics.argmax;
                verdict.kind       = tree_.first_child(verdict.last_node) < 0 ? LSK_BONUS : LSK_CORRECTION;
                return verdict;
            }
            verdict.last_node = child;
            verdict.accepted_count++;
        }
    }

    /* By chance: tree_walk.h. */
    template <class Chance>
    lsk_tree_verdict draw(const row_kernels & kernels, const float * logits, const lsk_tree_batch & batch, int32_t request, Chance & chance) {
        sampled_rows     rows{open(kernels, logits, batch, request), sampler_, target_, first_, second_, true};
        lsk_tree_verdict verdict = walk_tree(tree_, rows, chance);
        verdict.next_token       = rows.is_valid ? verdict.next_token : -1;
        return verdict;
    }

private:
    /* Where things of one request are. */
    struct request_view {
        const row_kernels &    kernels;
        const float *          logits;
        const lsk_tree_batch & batch;
        int32_t                index;
        int32_t                column_count;

        const lsk_tree_request & request() const { return batch.requests[index]; }
        int32_t                  state(int32_t node) const { return request().first_node + index + node + 1; }
        const float *            row(int32_t node) const { return logits + (size_t) (request().first_row + node + 1) * (size_t) column_count; }
        lsk_row_statistics &     statistics(int32_t node) const { return batch.statistics[state(node)]; }
    };

    /* Rows of tree_walk.h over logits. */
    struct sampled_rows {
        request_view           view;
        row_sampler &          sampler;
        token_weights<float> & target_weights;
        token_weights<float> & first;
        token_weights<float> & second;
        bool                   is_valid;

        const token_weights<float> & target(int32_t node) {
            if (!sampler.shape(view.kernels, view.row(node), view.request(), target_weights, view.statistics(node))) {
                is_valid = false;
                target_weights.clear();
            }
            return target_weights;
        }

        float * proposal(int32_t node) const { return view.batch.proposals[view.state(node)]; }

        double mass_of(const float * proposal) const {
            double mass = 0;
            for (int32_t token = 0; token < view.column_count; token++) {
                mass += proposal[token];
            }
            return mass;
        }

        double subtract_proposal(
            const token_weights<float> & weights, double scale, const float * proposal, token_weights<float> & residual) const {
            return llamaspec::subtract_proposal(view.kernels, weights, scale, proposal, residual);
        }
    };

    request_view open(const row_kernels & kernels, const float * logits, const lsk_tree_batch & batch, int32_t request) {
        const lsk_tree_request & r = batch.requests[request];
        tree_.set(r.node_count, batch.tokens + r.first_node, batch.parents + r.first_node, batch.is_sampled + r.first_node);
        return {kernels, logits, batch, request, column_count_};
    }

    int32_t              column_count_;
    row_sampler          sampler_;
    token_weights<float> target_;
    token_weights<float> first_;
    token_weights<float> second_;
    token_tree           tree_;
};

/* Chance drawn beforehand, by the caller. */
class given_chance {
public:
    given_chance(const row_kernels & kernels, const lsk_tree_batch & batch, int32_t request)
        : kernels_(kernels), accept_(batch.accept_uniforms + batch.requests[request].first_node),
          next_(batch.next_uniforms + batch.requests[request].first_node + request) {}

    bool    accept(int32_t node, double numerator, double denominator) const { return accept_[node] * denominator < numerator; }
    int32_t sample(int32_t node, const token_weights<float> & weights) const { return llamaspec::sample(kernels_, weights, next_[node + 1]); }

private:
    const row_kernels & kernels_;
    const double *      accept_;
    const double *      next_;
};

} // namespace llamaspec

#endif
