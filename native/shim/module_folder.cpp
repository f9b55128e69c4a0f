#include "module_folder.h"

#include <system_error>

#include "message.h"

#if defined(_WIN32)
#  define WIN32_LEAN_AND_MEAN
#  define NOMINMAX
#  include <windows.h>
#else
#  include <dlfcn.h>
#endif

namespace lsl {

#if defined(_WIN32)
static std::filesystem::path path_of_module(const void * address) {
    HMODULE module = nullptr;
    const DWORD flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    if (!GetModuleHandleExW(flags, static_cast<LPCWSTR>(address), &module)) {
        return {};
    }
    std::wstring path(1 << 15, L'\0');  // the longest path that Windows knows
    path.resize(GetModuleFileNameW(module, path.data(), static_cast<DWORD>(path.size())));
    return path;
}
#else
static std::filesystem::path path_of_module(const void * address) {
    Dl_info module;
    return dladdr(address, &module) != 0 && module.dli_fname ? module.dli_fname : "";
}
#endif

// The folder of the name it was loaded by, not of the file behind a link: there its dependencies are looked for.
std::filesystem::path folder_of_module(const void * address) { return path_of_module(address).parent_path(); }

static bool is_same_folder(const std::filesystem::path & left, const std::filesystem::path & right) {
    std::error_code error;
    const bool is_same = std::filesystem::equivalent(left, right, error);
    return error ? left.lexically_normal() == right.lexically_normal() : is_same;
}

int32_t check_same_folder(const std::filesystem::path & own, const std::filesystem::path & llama) {
    if (own.empty() || llama.empty() || is_same_folder(own, llama)) {
        return LSL_OK;
    }
    return fail(LSL_WRONG_VERSION,
                "llama.cpp was loaded from %s and not from beside llamaspec_llama in %s: remove the former from the library search path "
                "(LD_LIBRARY_PATH, DYLD_LIBRARY_PATH or PATH)",
                llama.u8string().c_str(), own.u8string().c_str());
}

}  // namespace lsl
