/* Threads that wait spinning, as those of llama.cpp do within a decode. */
#ifndef LLAMASPEC_ROWS_TEAM_H
#define LLAMASPEC_ROWS_TEAM_H

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

class team {
public:
    explicit team(int thread_count);
    ~team();

    int thread_count() const { return thread_count_; }

    /* Calls work(thread) on every thread, the caller's as 0; returns when all are done. */
    void run(const std::function<void(int)> & work);

    /* The shortest of several runs, in seconds: the others measure what else the machine was doing. */
    double seconds(int repetitions, const std::function<void(int)> & work);

private:
    void follow(int thread);

    int                              thread_count_;
    std::vector<std::thread>         others_;
    const std::function<void(int)> * work_ = nullptr; /* null: the end */
    std::atomic<int>                 round_{0};
    std::atomic<int>                 done_{0};
};

#endif
