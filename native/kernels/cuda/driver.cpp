#include "driver.h"

#include "../llamaspec_kernels.h"
#include "exports.h"

#include <cstdarg>
#include <cstdio>

#if defined(_WIN32)
#  define WIN32_LEAN_AND_MEAN
#  define NOMINMAX
#  include <windows.h>
#else
#  include <dlfcn.h>
#endif

#if defined(_WIN32)
const char * const cuda_driver_library = "nvcuda.dll";

static void * open_library(const char * name) { return reinterpret_cast<void *>(LoadLibraryA(name)); }
static void * find_symbol(void * library, const char * name) {
    return reinterpret_cast<void *>(GetProcAddress(reinterpret_cast<HMODULE>(library), name));
}
static const char * library_error() { return "LoadLibrary failed"; }
#else
const char * const cuda_driver_library = "libcuda.so.1";

static void *       open_library(const char * name) { return dlopen(name, RTLD_NOW | RTLD_LOCAL); }
static void *       find_symbol(void * library, const char * name) { return dlsym(library, name); }
static const char * library_error() {
    const char * error = dlerror();
    return error ? error : "dlopen failed";
}
#endif

template <class Function>
static bool find_function(void * library, const char * symbol, Function & function) {
    function = reinterpret_cast<Function>(find_symbol(library, symbol));
    return function != nullptr;
}

int32_t load_cuda_driver(const char * name, cuda_driver & driver) {
    void * library = open_library(name);
    if (!library) {
        return llamaspec::fail(LSK_UNSUPPORTED, "no NVIDIA driver: %s (%s)", name, library_error());
    }
#define LSK_CUDA_FIND(member, symbol, parameters)                                                    \
    if (!find_function(library, symbol, driver.member)) {                                            \
        return llamaspec::fail(LSK_UNSUPPORTED, "the NVIDIA driver is too old: %s lacks %s", name, symbol); \
    }
    LSK_CUDA_FUNCTIONS(LSK_CUDA_FIND)
#undef LSK_CUDA_FIND
    return LSK_OK;
}
