/* What a token is drawn from, at one state of a tree: weights over all columns, or over a short list of them. */
#ifndef LLAMASPEC_CUDA_WEIGHTS_H
#define LLAMASPEC_CUDA_WEIGHTS_H

#include "row_sums.h"

namespace cuda {

/* TokenDistribution's limit for a list; it is also the order of a draw, so it must be the same. */
constexpr int32_t list_limit = 1024;
static_assert(list_limit >= thread_limit, "memory of threads and of the list is shared");

struct tree_memory {
    double   sums[2][list_limit];
    int32_t  columns[list_limit];
    float    logits[list_limit];
    int32_t  unsorted_columns[list_limit];
    float    unsorted_logits[list_limit];
    float    list[2][list_limit];
    int32_t  votes[thread_limit];
    double   total;
    int32_t  count;
    int32_t  drawn;
    float    found;
};

enum class weight_form { softmax, dense, list };

struct weights {
    weight_form   form;
    int32_t       count; /* columns, or entries of the list */
    int32_t       version; /* which of two memories holds it; the other one is for what is left of it */
    const float * row;
    float         maximum, inverse_temperature, inverse_sum;
    float *       first_dense, *second_dense;

    LSK_DEVICE float * dense(int32_t which) const { return which == 0 ? first_dense : second_dense; }

    LSK_DEVICE float softmax(int32_t column) const {
        return exponential(scaled_logit(row[column], maximum, inverse_temperature)) * inverse_sum;
    }

    /* Of a column; of an entry, if it is a list. */
    LSK_DEVICE float at(const tree_memory & memory, int32_t i) const {
        return form == weight_form::softmax ? softmax(i) : form == weight_form::dense ? dense(version)[i] : memory.list[version][i];
    }

    LSK_DEVICE int32_t column(const tree_memory & memory, int32_t i) const { return form == weight_form::list ? memory.columns[i] : i; }
};

LSK_DEVICE float weight_of(const block & b, tree_memory & memory, const weights & w, int32_t token) {
    if (w.form != weight_form::list) {
        return w.at(memory, token);
    }
    b.phase([&](int32_t thread) {
        if (thread == 0) {
            memory.found = 0;
        }
    });
    b.phase([&](int32_t thread) {
        for (int32_t i = thread; i < w.count; i += b.thread_count()) {
            if (memory.columns[i] == token) {
                memory.found = w.at(memory, i);
            }
        }
    });
    const float found = memory.found;
    b.phase([](int32_t) {});
    return found;
}

/* Writes max(scale * weight - proposal, 0) to the other memory and returns the sum. */
LSK_DEVICE double write_residual(const block & b, tree_memory & memory, const weights & w, double scale, const float * proposal) {
    float * residual = w.form == weight_form::list ? memory.list[1 - w.version] : w.dense(1 - w.version);
    b.phase([&](int32_t thread) {
        double mass = 0;
        for (int32_t i = thread; i < w.count; i += b.thread_count()) {
            const double positive = larger(0.0, scale * (double) w.at(memory, i) - (double) proposal[w.column(memory, i)]); /* 0 for a NaN too */
            residual[i]           = (float) positive;
            mass += positive;
        }
        memory.sums[0][thread] = mass;
        memory.sums[1][thread] = 0;
    });
    double mass, unused;
    add_up(b, memory.sums, mass, unused);
    return mass;
}

/* The sum of a dense row. */
LSK_DEVICE double sum_of(const block & b, tree_memory & memory, const float * row, int32_t count) {
    b.phase([&](int32_t thread) {
        double mass = 0;
        for (int32_t i = thread; i < count; i += b.thread_count()) {
            mass += (double) row[i];
        }
        memory.sums[0][thread] = mass;
        memory.sums[1][thread] = 0;
    });
    double mass, unused;
    add_up(b, memory.sums, mass, unused);
    return mass;
}

LSK_DEVICE void become_residual(weights & w) {
    w.form    = w.form == weight_form::list ? weight_form::list : weight_form::dense;
    w.version = 1 - w.version;
}

/* A thread's share of count things in a row. */
struct share {
    int32_t first, end;

    LSK_DEVICE share(const block & b, int32_t thread, int32_t count) {
        const int32_t length = (count + b.thread_count() - 1) / b.thread_count();
        first                = smaller(thread * length, count);
        end                  = smaller(first + length, count);
    }
};

/* Running sums over the threads of memory.sums[0], each with its own included. Returns the row of memory.sums that has them. */
LSK_DEVICE int32_t scan(const block & b, tree_memory & memory) {
    int32_t from = 0;
    for (int32_t distance = 1; distance < b.thread_count(); distance *= 2, from = 1 - from) {
        b.phase([&](int32_t thread) {
            const double before          = thread >= distance ? memory.sums[from][thread - distance] : 0;
            memory.sums[1 - from][thread] = before + memory.sums[from][thread];
        });
    }
    return from;
}

/* The first column (entry of the list) at which the running sum exceeds uniform * total; never one of weight 0; -1 if all are. */
LSK_DEVICE int32_t draw(const block & b, tree_memory & memory, const weights & w, double uniform) {
    int32_t * last_positive = memory.unsorted_columns; /* of each thread's share */
    b.phase([&](int32_t thread) {
        const share mine(b, thread, w.count);
        double      sum = 0;
        last_positive[thread] = -1;
        for (int32_t i = mine.first; i < mine.end; i++) {
            const float weight = w.at(memory, i);
            sum += weight;
            last_positive[thread] = weight > 0 ? i : last_positive[thread];
        }
        memory.sums[0][thread] = sum;
    });
    const double * running = memory.sums[scan(b, memory)];
    const double   wanted  = uniform * running[b.thread_count() - 1];
    /* The first thread whose sum exceeds; where rounding leaves none, the last one that has weight. */
    b.phase([&](int32_t thread) {
        const int32_t vote   = running[thread] > wanted ? thread : 2 * thread_limit - thread;
        memory.votes[thread] = last_positive[thread] < 0 ? INT32_MAX : vote;
    });
    const int32_t vote = combine_parts(b, memory.votes, [](int32_t x, int32_t y) { return smaller(x, y); });
    if (vote == INT32_MAX) {
        return -1;
    }
    const int32_t owner = vote < thread_limit ? vote : 2 * thread_limit - vote;
    b.phase([&](int32_t thread) {
        if (thread != owner) {
            return;
        }
        double sum   = thread > 0 ? running[thread - 1] : 0;
        memory.drawn = last_positive[thread];
        for (int32_t i = share(b, thread, w.count).first; i < last_positive[thread]; i++) {
            const float weight = w.at(memory, i);
            sum += weight;
            if (weight > 0 && sum > wanted) {
                memory.drawn = i;
                return;
            }
        }
    });
    const int32_t drawn = memory.drawn;
    b.phase([](int32_t) {});
    return w.column(memory, drawn);
}

} // namespace cuda

#endif
