/* The functions of the NVIDIA driver that are used, looked up in its library when it is there. Declared here, not included. */
#ifndef LLAMASPEC_CUDA_DRIVER_H
#define LLAMASPEC_CUDA_DRIVER_H

#include <cstddef>
#include <cstdint>

#if defined(_WIN32)
#  define LSK_CUDA_CALL __stdcall
#else
#  define LSK_CUDA_CALL
#endif

using cuda_result  = int;
using cuda_address = uint64_t;

enum { cuda_success = 0 };
enum { cuda_capability_major = 75, cuda_capability_minor = 76 }; /* CUdevice_attribute */
enum { cuda_jit_error_log = 5, cuda_jit_error_log_size = 6 };    /* CUjit_option */
enum { cuda_stream_non_blocking = 1 };

/* name, the driver's symbol, parameters */
#define LSK_CUDA_FUNCTIONS(X)                                                                                                   \
    X(init, "cuInit", (unsigned flags))                                                                                         \
    X(error_name, "cuGetErrorName", (cuda_result, const char ** name))                                                          \
    X(device_count, "cuDeviceGetCount", (int * count))                                                                          \
    X(device, "cuDeviceGet", (int * device, int ordinal))                                                                       \
    X(device_name, "cuDeviceGetName", (char * name, int capacity, int device))                                                  \
    X(device_attribute, "cuDeviceGetAttribute", (int * value, int attribute, int device))                                       \
    X(retain_context, "cuDevicePrimaryCtxRetain", (void ** context, int device))                                                \
    X(release_context, "cuDevicePrimaryCtxRelease_v2", (int device))                                                            \
    X(push_context, "cuCtxPushCurrent_v2", (void * context))                                                                    \
    X(pop_context, "cuCtxPopCurrent_v2", (void ** context))                                                                     \
    X(load_module, "cuModuleLoadDataEx", (void ** module, const void * image, unsigned count, int * options, void ** values))   \
    X(unload_module, "cuModuleUnload", (void * module))                                                                         \
    X(find_function, "cuModuleGetFunction", (void ** function, void * module, const char * name))                               \
    X(allocate, "cuMemAlloc_v2", (cuda_address * address, size_t size))                                                         \
    X(free, "cuMemFree_v2", (cuda_address address))                                                                             \
    X(allocate_host, "cuMemHostAlloc", (void ** memory, size_t size, unsigned flags))                                           \
    X(free_host, "cuMemFreeHost", (void * memory))                                                                              \
    X(copy_to_device, "cuMemcpyHtoDAsync_v2", (cuda_address to, const void * from, size_t size, void * stream))                 \
    X(copy_to_host, "cuMemcpyDtoHAsync_v2", (void * to, cuda_address from, size_t size, void * stream))                         \
    X(create_stream, "cuStreamCreate", (void ** stream, unsigned flags))                                                        \
    X(destroy_stream, "cuStreamDestroy_v2", (void * stream))                                                                    \
    X(wait_for_stream, "cuStreamSynchronize", (void * stream))                                                                  \
    X(launch, "cuLaunchKernel",                                                                                                 \
        (void * function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x, unsigned block_y, unsigned block_z, \
            unsigned shared_size, void * stream, void ** arguments, void ** extra))

struct cuda_driver {
#define LSK_CUDA_MEMBER(name, symbol, parameters) cuda_result(LSK_CUDA_CALL * name) parameters = nullptr;
    LSK_CUDA_FUNCTIONS(LSK_CUDA_MEMBER)
#undef LSK_CUDA_MEMBER
};

/* The system's driver library. */
extern const char * const cuda_driver_library;

/* An lsk_status, with a message. The library stays loaded: the driver does not like to be unloaded. */
int32_t load_cuda_driver(const char * library, cuda_driver & driver);

#endif
