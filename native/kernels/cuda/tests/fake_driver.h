/* A driver library without a GPU: device memory is host memory, and launches run the kernels' source through the emulator.
 * It checks what it is called with, and fails where a test wants it to.
 */
#ifndef LLAMASPEC_CUDA_FAKE_DRIVER_H
#define LLAMASPEC_CUDA_FAKE_DRIVER_H

#include "emulator.h"

#if defined(_WIN32)
#  define FAKE_API extern "C" __declspec(dllexport)
#else
#  define FAKE_API extern "C" __attribute__((visibility("default")))
#endif

struct fake_driver {
    int          init_result  = 0;
    int          device_count = 1;
    int          major = 8, minor = 6;
    const char * failing      = nullptr; /* name of a function that fails .. */
    int          failing_call = 0;       /* .. at this call of it, from 0; -1 = at each */
    emulation    run;

    int  call_count       = 0; /* of the failing function */
    int  context_count    = 0; /* retained */
    int  pushed_count     = 0;
    int  allocation_count = 0; /* memory of both kinds, streams, modules */
    int  misuse_count     = 0; /* a call without a current context, a copy out of bounds, a free of what is not there */
};

/* The state, for the test to set and to look at. */
FAKE_API fake_driver * fake_driver_state();

/* The PTX that it takes, beside the kernels' own. */
constexpr const char * fake_ptx = "emulated";

#endif
