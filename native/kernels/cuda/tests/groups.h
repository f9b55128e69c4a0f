/* The test groups that main.cpp lists, and what they share. */
#ifndef LLAMASPEC_CUDA_TEST_GROUPS_H
#define LLAMASPEC_CUDA_TEST_GROUPS_H

#include "check.h"
#include "fake_driver.h"
#include "llamaspec_cuda.h"
#include "session.h"

void exponentials();
void statistics();
void invalid_rows();
void greedy_trees();
void drawn_trees();
void truncated_trees();
void edge_trees();
void threaded_trees();
void draw_frequencies();
void bad_arguments();
void opening();
void failing_calls();
void ptx();

/* The fake driver's file. */
extern const char * fake_driver_path;

/* What lsk_last_message of the library would say. */
const char * last_cuda_message();

/* Ends the run, as skipped. */
void skip(const char * reason);

/* The ways in which every result must be the same: few threads and many, in some orders. */
constexpr emulation emulations[] = {{1, 1}, {32, 7}, {256, 255}, {1024, 1}, {1024, 389}};

/* A session on the fake driver; closed at the end, when nothing of it may be left. */
class fake_session {
public:
    fake_session();
    ~fake_session();
    fake_session(const fake_session &)             = delete;
    fake_session & operator=(const fake_session &) = delete;

    lsk_cuda * get() const { return session_; }

private:
    lsk_cuda * session_ = nullptr;
};

#endif
