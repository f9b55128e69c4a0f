/* Timing of short functions on a machine that others use too. */
#ifndef LLAMASPEC_KERNELS_TIMING_H
#define LLAMASPEC_KERNELS_TIMING_H

#include <algorithm>
#include <chrono>
#include <cstddef>

/* The best of short batches of calls run(i), i = 0, 1, ..: the others measure what else the machine was doing. */
template <class Run>
double best_microseconds(int batch_count, Run run) {
    using clock       = std::chrono::steady_clock;
    double      best  = 1e30;
    std::size_t calls = 1;
    for (int batch = 0; batch < batch_count;) {
        const auto start = clock::now();
        for (std::size_t i = 0; i < calls; i++) {
            run(i);
        }
        const double elapsed = std::chrono::duration<double, std::micro>(clock::now() - start).count();
        if (elapsed < 50) {
            calls *= 2;
            continue;
        }
        best = std::min(best, elapsed / (double) calls);
        batch++;
    }
    return best;
}

#endif
