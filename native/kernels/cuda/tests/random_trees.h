/* Batches of random trees over random rows, drawn as a drafter would: the draft's rows are the target's with noise. */
#ifndef LLAMASPEC_CUDA_RANDOM_TREES_H
#define LLAMASPEC_CUDA_RANDOM_TREES_H

#include "llamaspec_kernels.h"

#include <cstdint>
#include <random>
#include <vector>

struct tree_options {
    int32_t column_count  = 50;
    int32_t request_count = 3;
    int32_t node_limit    = 16;
    int32_t width_limit   = 3;
    float   deviation     = 3;
    bool    has_ties      = false; /* logits are few values */
    bool    is_greedy     = false;
    bool    has_sampled   = true;
    bool    is_truncated  = false;
};

/* Owns what an lsk_tree_batch points to. */
struct test_batch {
    int32_t                         column_count;
    std::vector<float>              logits;
    std::vector<lsk_tree_request>   requests;
    std::vector<int32_t>            tokens, parents;
    std::vector<uint8_t>            is_sampled;
    std::vector<std::vector<float>> proposals; /* by state; empty = none */
    std::vector<float *>            proposal_pointers;
    std::vector<double>             accept_uniforms, next_uniforms;
    std::vector<lsk_tree_verdict>   verdicts;
    std::vector<lsk_row_statistics> statistics;

    int32_t        row_count() const { return (int32_t) (logits.size() / (size_t) column_count); }
    lsk_tree_batch view();
};

test_batch random_batch(const tree_options & options, uint32_t seed);

#endif
