#include "fake_driver.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

namespace {

enum { success = 0, invalid_value = 1, no_device = 100, broken = 999 };

fake_driver                 state;
std::map<uintptr_t, size_t> allocations; /* start and size, of both kinds of memory */
int                         module_, context_, stream_;
int                         sum_rows_, verify_trees_;

bool fails(const char * name) {
    if (!state.failing || strcmp(state.failing, name) != 0) {
        return false;
    }
    return state.call_count++ == state.failing_call || state.failing_call < 0;
}

/* A call that needs a current context. */
int enter(const char * name) {
    state.misuse_count += state.pushed_count == 0;
    return fails(name) ? broken : success;
}

bool holds(uintptr_t address, size_t size) {
    auto it = allocations.upper_bound(address);
    if (it == allocations.begin()) {
        return false;
    }
    --it;
    return address - it->first + size <= it->second;
}

int allocate(const char * name, size_t size, uintptr_t & address) {
    const int result = enter(name);
    if (result != success || size == 0) {
        return result != success ? result : (int) invalid_value;
    }
    void * memory = malloc(size);
    memset(memory, 0xA5, size); /* device memory starts with anything */
    address              = (uintptr_t) memory;
    allocations[address] = size;
    state.allocation_count++;
    return success;
}

int release(uintptr_t address) {
    state.misuse_count += state.pushed_count == 0 || allocations.erase(address) == 0;
    state.allocation_count--;
    free((void *) address);
    return success;
}

int copy(const char * name, uintptr_t to, uintptr_t from, uintptr_t device, size_t size) {
    const int result = enter(name);
    if (result == success && !holds(device, size)) {
        state.misuse_count++;
        return invalid_value;
    }
    if (result == success) {
        memcpy((void *) to, (const void *) from, size);
    }
    return result;
}

template <class Handle>
int make(const char * name, Handle ** handle, Handle * value) {
    const int result = enter(name);
    if (result == success) {
        *handle = value;
        state.allocation_count++;
    }
    return result;
}

} // namespace

FAKE_API fake_driver * fake_driver_state() { return &state; }

FAKE_API int cuInit(unsigned) { return state.init_result; }

FAKE_API int cuGetErrorName(int result, const char ** name) {
    *name = result == broken ? "CUDA_ERROR_FAKE" : result == no_device ? "CUDA_ERROR_NO_DEVICE" : "CUDA_ERROR_INVALID_VALUE";
    return success;
}

FAKE_API int cuDeviceGetCount(int * count) {
    *count = state.device_count;
    return success;
}

FAKE_API int cuDeviceGet(int * device, int ordinal) {
    *device = ordinal + 40;
    return fails("cuDeviceGet") ? broken : success;
}

FAKE_API int cuDeviceGetName(char * name, int capacity, int) {
    snprintf(name, (size_t) capacity, "Emulated GPU");
    return fails("cuDeviceGetName") ? broken : success;
}

FAKE_API int cuDeviceGetAttribute(int * value, int attribute, int) {
    *value = attribute == 75 ? state.major : state.minor;
    return success;
}

FAKE_API int cuDevicePrimaryCtxRetain(void ** context, int) {
    if (fails("cuDevicePrimaryCtxRetain")) {
        return broken;
    }
    *context = &context_;
    state.context_count++;
    return success;
}

FAKE_API int cuDevicePrimaryCtxRelease_v2(int) {
    state.context_count--;
    return success;
}

FAKE_API int cuCtxPushCurrent_v2(void * context) {
    if (fails("cuCtxPushCurrent_v2") || context != &context_) {
        return broken;
    }
    state.pushed_count++;
    return success;
}

FAKE_API int cuCtxPopCurrent_v2(void ** context) {
    *context = &context_;
    state.pushed_count--;
    return success;
}

FAKE_API int cuModuleLoadDataEx(void ** module, const void * image, unsigned count, int * options, void ** values) {
    const char * const text     = (const char *) image;
    const bool         is_known = strcmp(text, fake_ptx) == 0 || strstr(text, ".entry lsk_cuda_verify_trees(");
    if (!is_known && count == 2 && options[0] == 5 && options[1] == 6) {
        snprintf((char *) values[0], (size_t) values[1], "not the fake PTX");
    }
    return is_known ? make("cuModuleLoadDataEx", (int **) module, &module_) : (int) invalid_value;
}

FAKE_API int cuModuleUnload(void *) {
    state.allocation_count--;
    return success;
}

FAKE_API int cuModuleGetFunction(void ** function, void *, const char * name) {
    *function = strcmp(name, "lsk_cuda_sum_rows") == 0 ? &sum_rows_ : strcmp(name, "lsk_cuda_verify_trees") == 0 ? &verify_trees_ : nullptr;
    const int result = enter("cuModuleGetFunction");
    return *function ? result : (int) invalid_value;
}

FAKE_API int cuMemAlloc_v2(uint64_t * address, size_t size) {
    uintptr_t memory = 0;
    const int result = allocate("cuMemAlloc_v2", size, memory);
    *address         = memory;
    return result;
}

FAKE_API int cuMemFree_v2(uint64_t address) { return release((uintptr_t) address); }

FAKE_API int cuMemHostAlloc(void ** memory, size_t size, unsigned) {
    uintptr_t address = 0;
    const int result  = allocate("cuMemHostAlloc", size, address);
    *memory           = (void *) address;
    return result;
}

FAKE_API int cuMemFreeHost(void * memory) { return release((uintptr_t) memory); }

FAKE_API int cuMemcpyHtoDAsync_v2(uint64_t to, const void * from, size_t size, void *) {
    return copy("cuMemcpyHtoDAsync_v2", (uintptr_t) to, (uintptr_t) from, (uintptr_t) to, size);
}

FAKE_API int cuMemcpyDtoHAsync_v2(void * to, uint64_t from, size_t size, void *) {
    return copy("cuMemcpyDtoHAsync_v2", (uintptr_t) to, (uintptr_t) from, (uintptr_t) from, size);
}

FAKE_API int cuStreamCreate(void ** stream, unsigned) { return make("cuStreamCreate", (int **) stream, &stream_); }

FAKE_API int cuStreamDestroy_v2(void *) {
    state.allocation_count--;
    return success;
}

FAKE_API int cuStreamSynchronize(void *) { return enter("cuStreamSynchronize"); }

FAKE_API int cuLaunchKernel(
    void * function, unsigned grid_x, unsigned, unsigned, unsigned block_x, unsigned, unsigned, unsigned, void *, void ** arguments, void **) {
    const int result = enter("cuLaunchKernel");
    if (result != success || block_x != cuda::thread_limit || grid_x == 0) {
        return result != success ? result : (int) invalid_value;
    }
    if (function == &sum_rows_) {
        emulate(state.run, (int32_t) grid_x, *(const cuda::row_arguments *) arguments[0]);
    } else {
        emulate(state.run, (int32_t) grid_x, *(const cuda::tree_arguments *) arguments[0]);
    }
    return success;
}
