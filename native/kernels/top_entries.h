/* The best entries of a row seen so far: a heap inside the caller's two arrays, the worst entry at its root.
 * Higher logit is better; of equal logits the lower column.
 */
#ifndef LLAMASPEC_TOP_ENTRIES_H
#define LLAMASPEC_TOP_ENTRIES_H

#include <cmath>
#include <cstdint>

namespace {

class top_entries {
public:
    /* Starts with `count` placeholders that every logit above `floor` displaces. */
    top_entries(int32_t * columns, float * logits, int32_t count, float floor)
        : columns_(columns), logits_(logits), count_(count) {
        for (int32_t i = 0; i < count; i++) {
            columns_[i] = placeholder;
            logits_[i]  = floor;
        }
    }

    /* Columns come in ascending order, so one that ties with the worst is worse. */
    float threshold() const { return logits_[0]; }

    void offer(int32_t column, float logit) {
        if (logit > logits_[0]) {
            sift_down(count_, column, logit);
        }
    }

    /* Best first. Placeholders remain only over a floor of -infinity, where they stand for masked columns. */
    void finish(const float * row, int32_t column_count) {
        for (int32_t last = count_ - 1; last > 0; last--) {
            const int32_t column = columns_[last];
            const float   logit  = logits_[last];
            columns_[last]       = columns_[0];
            logits_[last]        = logits_[0];
            sift_down(last, column, logit);
        }
        int32_t masked = 0;
        for (int32_t i = 0; i < count_; i++) {
            if (columns_[i] == placeholder) {
                while (masked < column_count && row[masked] != -INFINITY) {
                    masked++;
                }
                columns_[i] = masked++;
            }
        }
    }

private:
    static constexpr int32_t placeholder = INT32_MAX;

    bool is_worse(int32_t a, int32_t b) const {
        return logits_[a] < logits_[b] || (logits_[a] == logits_[b] && columns_[a] > columns_[b]);
    }

    /* Puts an entry in the place of the root of the first `count` entries. */
    void sift_down(int32_t count, int32_t column, float logit) {
        int32_t hole = 0;
        while (hole < count / 2) {
            int32_t child = 2 * hole + 1;
            if (child + 1 < count && is_worse(child + 1, child)) {
                child++;
            }
            if (logits_[child] > logit || (logits_[child] == logit && columns_[child] <= column)) {
                break;
            }
            columns_[hole] = columns_[child];
            logits_[hole]  = logits_[child];
            hole           = child;
        }
        columns_[hole] = column;
        logits_[hole]  = logit;
    }

    int32_t * columns_;
    float *   logits_;
    int32_t   count_;
};

} // namespace

#endif
