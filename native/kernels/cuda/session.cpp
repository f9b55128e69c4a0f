#include "session.h"

#include "exports.h"

#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <new>

int32_t check_cuda(const lsk_cuda & session, cuda_result result, const char * what) {
    if (result == cuda_success) {
        return LSK_OK;
    }
    const char * name = nullptr;
    session.driver.error_name(result, &name);
    return llamaspec::fail(LSK_UNSUPPORTED, "%s failed on the GPU: %s", what, name ? name : "unknown error");
}

static int32_t find_device(lsk_cuda & session, int32_t ordinal) {
    int       count  = 0;
    const int result = session.driver.init(0);
    if (result == cuda_success) {
        session.driver.device_count(&count);
    }
    if (count == 0) {
        const char * name = nullptr;
        session.driver.error_name(result, &name);
        return llamaspec::fail(LSK_UNSUPPORTED, "the NVIDIA driver is there, but no GPU (%s)", name ? name : "unknown error");
    }
    if (ordinal >= count) {
        return llamaspec::fail(LSK_UNSUPPORTED, "there is no GPU %d: the highest number is %d", ordinal, count - 1);
    }
    LSK_CUDA_TRY(check_cuda(session, session.driver.device(&session.device, ordinal), "cuDeviceGet"));
    LSK_CUDA_TRY(check_cuda(session, session.driver.device_name(session.name, sizeof session.name - 1, session.device), "cuDeviceGetName"));
    int major = 0, minor = 0;
    session.driver.device_attribute(&major, cuda_capability_major, session.device);
    session.driver.device_attribute(&minor, cuda_capability_minor, session.device);
    if (major * 10 + minor < 75) {
        return llamaspec::fail(LSK_UNSUPPORTED, "%s has compute capability %d.%d, 7.5 is needed", session.name, major, minor);
    }
    return LSK_OK;
}

static int32_t load_kernels(lsk_cuda & session, const char * ptx) {
    char   log[160]  = "";
    int    options[] = {cuda_jit_error_log, cuda_jit_error_log_size};
    void * values[]  = {log, reinterpret_cast<void *>(sizeof log - 1)};
    if (session.driver.load_module(&session.module, ptx, 2, options, values) != cuda_success) {
        return llamaspec::fail(LSK_UNSUPPORTED, "the NVIDIA driver could not translate the kernels: %s", log[0] ? log : "no reason given");
    }
    LSK_CUDA_TRY(check_cuda(session, session.driver.find_function(&session.sum_rows, session.module, "lsk_cuda_sum_rows"), "cuModuleGetFunction"));
    LSK_CUDA_TRY(check_cuda(session, session.driver.find_function(&session.verify_trees, session.module, "lsk_cuda_verify_trees"), "cuModuleGetFunction"));
    return check_cuda(session, session.driver.create_stream(&session.stream, cuda_stream_non_blocking), "cuStreamCreate");
}

static int32_t open_device(lsk_cuda & session, const char * driver_library, const char * ptx, int32_t ordinal) {
    LSK_CUDA_TRY(load_cuda_driver(driver_library, session.driver));
    LSK_CUDA_TRY(find_device(session, ordinal));
    LSK_CUDA_TRY(check_cuda(session, session.driver.retain_context(&session.context, session.device), "cuDevicePrimaryCtxRetain"));
    session.is_retained = true;
    const current_context current(session);
    LSK_CUDA_TRY(current.status());
    return load_kernels(session, ptx);
}

int32_t open_session(const char * driver_library, const char * ptx, int32_t ordinal, lsk_cuda ** session) {
    *session = nullptr;
    if (!ptx) {
        return llamaspec::fail(LSK_UNSUPPORTED, "this llamaspec_kernels was built without GPU kernels: no clang++ with the nvptx target was there");
    }
    lsk_cuda * opened = new (std::nothrow) lsk_cuda();
    if (!opened) {
        return llamaspec::fail(LSK_UNSUPPORTED, "out of memory");
    }
    const int32_t status = open_device(*opened, driver_library, ptx, ordinal);
    if (status != LSK_OK) {
        close_session(opened);
        return status;
    }
    *session = opened;
    return LSK_OK;
}

void close_session(lsk_cuda * session) {
    if (session && session->is_retained) {
        const cuda_driver & driver = session->driver;
        if (driver.push_context(session->context) == cuda_success) {
            for (const device_memory & memory : {session->logits, session->proposals, session->scratch, session->arguments}) {
                if (memory.address) {
                    driver.free(memory.address);
                }
            }
            if (session->staging.data) {
                driver.free_host(session->staging.data);
            }
            if (session->stream) {
                driver.destroy_stream(session->stream);
            }
            if (session->module) {
                driver.unload_module(session->module);
            }
            void * previous;
            driver.pop_context(&previous);
        }
        driver.release_context(session->device);
    }
    delete session;
}

int32_t grow(lsk_cuda & session, device_memory & memory, size_t size) {
    if (size <= memory.size) {
        return LSK_OK;
    }
    if (memory.address) {
        session.driver.free(memory.address);
        memory = {};
    }
    LSK_CUDA_TRY(check_cuda(session, session.driver.allocate(&memory.address, size), "cuMemAlloc"));
    memory.size = size;
    return LSK_OK;
}

int32_t grow(lsk_cuda & session, host_memory & memory, size_t size) {
    if (size <= memory.size) {
        return LSK_OK;
    }
    if (memory.data) {
        session.driver.free_host(memory.data);
        memory = {};
    }
    LSK_CUDA_TRY(check_cuda(session, session.driver.allocate_host(&memory.data, size, 0), "cuMemHostAlloc"));
    memory.size = size;
    return LSK_OK;
}

int32_t launch(lsk_cuda & session, void * kernel, int32_t block_count, void * arguments) {
    void * parameters[] = {arguments};
    return check_cuda(session,
        session.driver.launch(kernel, (unsigned) block_count, 1, 1, cuda::thread_limit, 1, 1, 0, session.stream, parameters, nullptr), "cuLaunchKernel");
}
