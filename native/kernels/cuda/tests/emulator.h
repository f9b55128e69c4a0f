/* Runs the kernels' source on the host: blocks one after the other, each thread's part of a phase in a turn of its own; or each
 * thread as a thread, which shows what turns hide: code between phases that is not the same for all, and missing barriers
 * (with -fsanitize=thread).
 */
#ifndef LLAMASPEC_CUDA_EMULATOR_H
#define LLAMASPEC_CUDA_EMULATOR_H

#include "tree_walk.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

struct emulation {
    int32_t thread_count = cuda::thread_limit; /* a power of 2 */
    int32_t stride       = 1;                  /* order of the threads' turns, odd; 0 = threads */
};

class thread_barrier final : public cuda::meeting_point {
public:
    explicit thread_barrier(int32_t thread_count) : thread_count_(thread_count) {}

    void meet() override {
        std::unique_lock<std::mutex> lock(mutex_);
        const int64_t                round = round_;
        if (++arrived_ == thread_count_) {
            arrived_ = 0;
            round_++;
            all_here_.notify_all();
            return;
        }
        all_here_.wait(lock, [&] { return round_ != round; });
    }

private:
    std::mutex              mutex_;
    std::condition_variable all_here_;
    int32_t                 thread_count_;
    int32_t                 arrived_ = 0;
    int64_t                 round_   = 0;
};

template <class Kernel>
void emulate_block(const emulation & e, int32_t index, Kernel kernel) {
    if (e.stride != 0) {
        kernel(cuda::block{index, e.thread_count, e.stride});
        return;
    }
    thread_barrier           barrier(e.thread_count);
    std::vector<std::thread> threads;
    for (int32_t self = 0; self < e.thread_count; self++) {
        threads.emplace_back([&, self] { kernel(cuda::block{index, e.thread_count, 0, self, &barrier}); });
    }
    for (std::thread & thread : threads) {
        thread.join();
    }
}

inline void emulate(const emulation & e, int32_t block_count, const cuda::row_arguments & arguments) {
    const auto memory = std::make_unique<cuda::row_memory>();
    for (int32_t index = 0; index < block_count; index++) {
        emulate_block(e, index, [&](const cuda::block & b) { cuda::sum_row(b, *memory, arguments); });
    }
}

inline void emulate(const emulation & e, int32_t block_count, const cuda::tree_arguments & arguments) {
    const auto memory = std::make_unique<cuda::tree_memory>();
    for (int32_t index = 0; index < block_count; index++) {
        emulate_block(e, index, [&](const cuda::block & b) { cuda::verify_tree(b, *memory, arguments); });
    }
}

#endif
