/* One request's tree over the caller's arrays, with the links that the walk follows. */
#ifndef LLAMASPEC_TOKEN_TREE_H
#define LLAMASPEC_TOKEN_TREE_H

#include <stddef.h>

#include <cstdint>
#include <vector>

namespace llamaspec {

class token_tree {
public:
    static constexpr int32_t anchor = -1;

    /* The arrays must stay as they are until the next call. Parents come before their children. */
    void set(int32_t count, const int32_t * tokens, const int32_t * parents, const uint8_t * is_sampled) {
        tokens_     = tokens;
        is_sampled_ = is_sampled;
        first_children_.assign((size_t) count + 1, -1);
        next_siblings_.resize((size_t) count);
        for (int32_t node = count - 1; node >= 0; node--) {
            int32_t & first               = first_children_[(size_t) (parents[node] + 1)];
            next_siblings_[(size_t) node] = first;
            first                         = node;
        }
    }

    int32_t token(int32_t node) const { return tokens_[node]; }
    bool    is_sampled(int32_t node) const { return is_sampled_[node] != 0; }

    /* Children in the order of their numbers; -1 ends them. */
    int32_t first_child(int32_t node) const { return first_children_[(size_t) (node + 1)]; }
    int32_t next_sibling(int32_t node) const { return next_siblings_[(size_t) node]; }

    /* The first child of a node that has a token, sampled or certain; -1 = none. */
    int32_t child(int32_t node, int32_t token) const {
        int32_t child = first_child(node);
        while (child >= 0 && tokens_[child] != token) {
            child = next_sibling(child);
        }
        return child;
    }

    /* The certain child of a node that has a token; -1 = none. */
    int32_t certain_child(int32_t node, int32_t token) const {
        int32_t child = first_child(node);
        while (child >= 0 && (tokens_[child] != token || is_sampled(child))) {
            child = next_sibling(child);
        }
        return child;
    }

private:
    const int32_t *      tokens_     = nullptr;
    const uint8_t *      is_sampled_ = nullptr;
    std::vector<int32_t> first_children_; /* by node + 1 */
    std::vector<int32_t> next_siblings_;
};

} // namespace llamaspec

#endif
