/* Top-k, top-p and min-p: the columns they keep are the first of the row sorted by logit, largest first, ties by lower column.
 *
 * Instead of sorting the row, a logit is searched below which nothing is kept: by halving, counting (and weighing) what lies
 * above. Once at most list_limit columns lie above it, they are sorted, and the same walk as Sampler's decides. If more are
 * kept than that, the search ends at the last logit that is kept.
 */
#ifndef LLAMASPEC_CUDA_TRUNCATION_H
#define LLAMASPEC_CUDA_TRUNCATION_H

#include "weights.h"

namespace cuda {

/* Orders as the logits do; both zeros are one. */
LSK_DEVICE uint32_t key_of(float logit) {
    const uint32_t bits = bits_of(logit + 0.0f);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

LSK_DEVICE float logit_of(uint32_t key) { return float_of(key & 0x80000000u ? key & 0x7FFFFFFFu : ~key); }

struct truncation {
    const float * row;
    int32_t       column_count;
    float         minimum; /* the smallest that is not masked */
    float         maximum;
    float         inverse_temperature;
    int32_t       top_k; /* column_count = all */
    float         top_p;
    double        lowest; /* logit by min-p */
};

/* What lies above a key. */
struct above {
    double count, mass; /* mass: sum of e^(logit - maximum) */
};

LSK_DEVICE above measure_above(const block & b, tree_memory & memory, const truncation & t, uint32_t key) {
    b.phase([&](int32_t thread) {
        double  mass  = 0;
        int32_t count = 0;
        for (int32_t column = thread; column < t.column_count; column += b.thread_count()) {
            const float logit = t.row[column];
            if (key_of(logit) > key) {
                count++;
                mass += t.top_p < 1 ? exponential((double) (logit - t.maximum)) : 0;
            }
        }
        memory.sums[0][thread] = count;
        memory.sums[1][thread] = mass;
    });
    above result;
    add_up(b, memory.sums, result.count, result.mass);
    return result;
}

/* By value, which suits the logits' density; at times by key, which ends after 32 times whatever the logits are. */
LSK_DEVICE uint32_t middle(uint32_t low, uint32_t high, int32_t tries) {
    const uint32_t by_value = key_of((float) (0.5 * ((double) logit_of(low) + (double) logit_of(high))));
    return tries % 3 < 2 && by_value > low && by_value < high ? by_value : low + (high - low) / 2;
}

/* Some of the ties at a logit may be kept: those of the lowest columns. */
struct cut {
    uint32_t key;        /* everything above it is kept */
    int32_t  tie_count;  /* kept at the key itself */
    int32_t  list_count; /* columns to put in a list; -1 = too many */
};

/* Without top-k, mass_wanted is set to what top-p wants. With it, top-p and min-p are left to the walk over its columns. */
LSK_DEVICE cut find_cut(const block & b, tree_memory & memory, const truncation & t, double & mass_wanted) {
    const bool is_top_k   = t.top_k < t.column_count;
    uint32_t   low        = key_of(t.minimum) - 1; /* nothing at or below it is kept */
    uint32_t   high       = key_of(t.maximum);     /* one at it is kept */
    above      beyond_low = measure_above(b, memory, t, low), beyond_high = {0, 0};
    mass_wanted           = !is_top_k && t.top_p < 1 ? (double) t.top_p * beyond_low.mass : (double) infinity;
    for (int32_t tries = 0; beyond_low.count > list_limit && high - low > 1; tries++) {
        const uint32_t key     = middle(low, high, tries);
        const above    it      = measure_above(b, memory, t, key);
        const bool     is_kept = it.count < t.top_k && it.mass < mass_wanted && (is_top_k || (double) logit_of(key) >= t.lowest);
        if (is_kept) {
            high        = key;
            beyond_high = it;
        } else {
            low        = key;
            beyond_low = it;
        }
    }
    if (beyond_low.count <= list_limit) {
        return cut{low, 0, (int32_t) beyond_low.count};
    }
    double ties = smaller(beyond_low.count, (double) t.top_k) - beyond_high.count;
    if (mass_wanted < (double) infinity) {
        const double each = exponential((double) (logit_of(high) - t.maximum));
        const double need = (mass_wanted - beyond_high.mass) / each;
        if (need < ties) {
            ties = (double) (int32_t) need;
            ties += ties < need ? 1 : 0;
        }
    }
    const double kept = beyond_high.count + ties;
    return cut{high, (int32_t) ties, kept <= list_limit ? (int32_t) kept : -1};
}

/* Calls visit(column, is_kept) for every column, once. */
template <class Visit>
LSK_DEVICE void visit_columns(const block & b, tree_memory & memory, const truncation & t, const cut & c, Visit visit) {
    b.phase([&](int32_t thread) {
        const share mine(b, thread, t.column_count);
        int32_t     ties = 0;
        for (int32_t column = mine.first; c.tie_count > 0 && column < mine.end; column++) {
            ties += key_of(t.row[column]) == c.key ? 1 : 0;
        }
        memory.sums[0][thread] = ties;
    });
    const double * ties_up_to = memory.sums[scan(b, memory)];
    b.phase([&](int32_t thread) {
        const share mine(b, thread, t.column_count);
        int32_t     ties = thread > 0 ? (int32_t) ties_up_to[thread - 1] : 0;
        for (int32_t column = mine.first; column < mine.end; column++) {
            const uint32_t key = key_of(t.row[column]);
            visit(column, key > c.key || (key == c.key && ties++ < c.tie_count));
        }
    });
}

/* Puts what the cut keeps into memory.columns and memory.logits, sorted. */
LSK_DEVICE void make_list(const block & b, tree_memory & memory, const truncation & t, const cut & c) {
    b.phase([&](int32_t thread) {
        if (thread == 0) {
            memory.count = 0;
        }
    });
    visit_columns(b, memory, t, c, [&](int32_t column, bool is_kept) {
        if (is_kept) {
            const int32_t i            = take_next(&memory.count);
            memory.unsorted_columns[i] = column;
            memory.unsorted_logits[i]  = t.row[column] + 0.0f;
        }
    });
    b.phase([&](int32_t thread) {
        for (int32_t i = thread; i < c.list_count; i += b.thread_count()) {
            const int32_t column = memory.unsorted_columns[i];
            const float   logit  = memory.unsorted_logits[i];
            int32_t       rank   = 0;
            for (int32_t j = 0; j < c.list_count; j++) {
                const float other = memory.unsorted_logits[j];
                rank += other > logit || (other == logit && memory.unsorted_columns[j] < column) ? 1 : 0;
            }
            memory.columns[rank] = column;
            memory.logits[rank]  = logit;
        }
    });
}

/* As Sampler's walk over its candidates. Leaves the number in memory.count and the sum of their e^(b (logit - maximum)) in memory.total. */
LSK_DEVICE void count_kept(const block & b, tree_memory & memory, const truncation & t, int32_t candidates, double mass_wanted) {
    b.phase([&](int32_t thread) {
        for (int32_t i = thread; i < candidates; i += b.thread_count()) {
            const float below = memory.logits[i] - memory.logits[0];
            memory.sums[0][i] = exponential((double) below);
            memory.sums[1][i] = exponential((double) (below * t.inverse_temperature));
        }
    });
    b.phase([&](int32_t thread) {
        if (thread != 0) {
            return;
        }
        if (t.top_k < t.column_count && t.top_p < 1) {
            double total = 0;
            for (int32_t i = 0; i < candidates; i++) {
                total += memory.sums[0][i];
            }
            mass_wanted = (double) t.top_p * total;
        }
        double  mass = 0, total = 0;
        int32_t kept = 0;
        while (kept < candidates && mass < mass_wanted && (double) memory.logits[kept] >= t.lowest) {
            mass += memory.sums[0][kept];
            total += memory.sums[1][kept];
            kept++;
        }
        memory.count = kept;
        memory.total = total;
    });
}

/* Turns w, a softmax, into what the truncation leaves of it. */
LSK_DEVICE void truncate(const block & b, tree_memory & memory, const truncation & t, weights & w) {
    double    mass_wanted;
    const cut c = find_cut(b, memory, t, mass_wanted);
    if (c.list_count >= 0) {
        make_list(b, memory, t, c);
        count_kept(b, memory, t, smaller(c.list_count, t.top_k), mass_wanted);
        w.form  = weight_form::list;
        w.count = memory.count;
        b.phase([&](int32_t thread) {
            for (int32_t i = thread; i < w.count; i += b.thread_count()) {
                memory.list[w.version][i] = (float) (memory.sums[1][i] / memory.total);
            }
        });
        return;
    }
    float * dense = w.dense(w.version);
    visit_columns(b, memory, t, c, [&](int32_t column, bool is_kept) {
        dense[column] = is_kept ? exponential(scaled_logit(t.row[column], t.maximum, t.inverse_temperature)) : 0;
    });
    b.phase([&](int32_t thread) {
        double total = 0;
        for (int32_t column = thread; column < t.column_count; column += b.thread_count()) {
            total += dense[column];
        }
        memory.sums[0][thread] = total;
        memory.sums[1][thread] = 0;
    });
    double total, unused;
    add_up(b, memory.sums, total, unused);
    b.phase([&](int32_t thread) {
        for (int32_t column = thread; column < t.column_count; column += b.thread_count()) {
            dense[column] = (float) (dense[column] / total);
        }
    });
    w.form = weight_form::dense;
}

} // namespace cuda

#endif
