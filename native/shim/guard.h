// Every exported function runs its body in guard(), so that nothing unwinds into the caller.
#pragma once

#include <exception>
#include <new>
#include <utility>

#include "handles.h"
#include "message.h"

namespace lsl {

template <typename Body>
int32_t guard(Body && body) noexcept {
    clear_message();
    try {
        return std::forward<Body>(body)();
    } catch (const std::bad_alloc &) {
        return fail(LSL_OUT_OF_MEMORY, "out of memory");
    } catch (const std::exception & error) {
        return fail(LSL_FAILED, "%s", error.what());
    } catch (...) {
        return fail(LSL_FAILED, "an unknown exception");
    }
}

// The object stays alive while the body runs, even when another thread frees its handle.
template <typename Table, typename Body>
int32_t with_object(Table & table, uint64_t handle, const char * what, Body && body) noexcept {
    return guard([&] {
        const auto object = table.find(handle);
        return object ? body(*object)
                      : fail(LSL_INVALID_HANDLE, "the %s handle is null, freed or of another kind", what);
    });
}

template <typename Body>
int32_t with_model(lsl_model handle, Body && body) noexcept {
    return with_object(models(), handle, "model", std::forward<Body>(body));
}

// For calls that touch llama.cpp's context: a second thread is refused, because llama.cpp would corrupt its state.
template <typename Body>
int32_t with_context(lsl_context handle, Body && body) noexcept {
    return with_object(contexts(), handle, "context", [&](context & object) {
        if (object.busy.test_and_set(std::memory_order_acquire)) {
            return fail(LSL_INVALID_ARGUMENT, "the context is in use by another thread");
        }
        struct release {
            std::atomic_flag & busy;
            ~release() { busy.clear(std::memory_order_release); }
        } releaser{object.busy};
        return body(object);
    });
}

template <typename Body>
int32_t with_monitor(lsl_monitor handle, Body && body) noexcept {
    return with_object(monitors(), handle, "monitor", std::forward<Body>(body));
}

}  // namespace lsl
