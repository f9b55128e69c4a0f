#include "team.h"

#include <algorithm>
#include <chrono>

team::team(int thread_count) : thread_count_(thread_count) {
    for (int thread = 1; thread < thread_count; thread++) {
        others_.emplace_back([this, thread] { follow(thread); });
    }
}

team::~team() {
    work_ = nullptr;
    round_++;
    for (std::thread & other : others_) {
        other.join();
    }
}

void team::follow(int thread) {
    for (int seen = 0;; seen++) {
        while (round_.load(std::memory_order_acquire) == seen) {
        }
        if (!work_) {
            return;
        }
        (*work_)(thread);
        done_++;
    }
}

void team::run(const std::function<void(int)> & work) {
    work_ = &work;
    done_ = 0;
    round_++;
    work(0);
    while (done_.load(std::memory_order_acquire) < thread_count_ - 1) {
    }
}

double team::seconds(int repetitions, const std::function<void(int)> & work) {
    using clock = std::chrono::steady_clock;
    double best = 1e30;
    for (int i = 0; i < repetitions; i++) {
        const auto start = clock::now();
        run(work);
        best = std::min(best, std::chrono::duration<double>(clock::now() - start).count());
    }
    return best;
}
