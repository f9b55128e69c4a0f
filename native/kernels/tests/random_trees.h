/* Random batches: any tree, rows, sampling and proposals that the arguments allow. */
#ifndef LLAMASPEC_KERNELS_RANDOM_TREES_H
#define LLAMASPEC_KERNELS_RANDOM_TREES_H

#include "tree_cases.h"

#include <random>

class random_trees {
public:
    explicit random_trees(uint64_t seed) : random_(seed) {}

    tree_case next();

    int32_t below(int32_t limit) { return (int32_t) (random_() % (uint64_t) limit); }
    bool    percent(int32_t share) { return below(100) < share; }
    double  uniform() { return (double) (random_() >> 11) * 0x1p-53; }

private:
    void  add_request(tree_case & one);
    void  fill_row(float * row, int32_t count);
    void  grow(tree_case & one, int32_t parent, int32_t node_limit);
    std::vector<float> proposal_beside(const std::vector<int32_t> & certain, int32_t column_count);

    std::mt19937_64 random_;
};

#endif
