// llama.cpp's log: forwarded to the caller's sink, and its error lines kept so that a failure can say why.
#pragma once

#include "llamaspec_llama.h"

namespace lsl {

// Takes over llama.cpp's log, which goes to stderr otherwise. Safe to call again.
void hook_log();
void set_log_sink(lsl_log_sink sink) noexcept;

// Collects the error lines that llama.cpp logs on this thread while it lives.
class error_capture {
public:
    error_capture() noexcept;
    ~error_capture();
    error_capture(const error_capture &) = delete;
    error_capture & operator=(const error_capture &) = delete;

    // The lines, joined; `otherwise` when there were none.
    const char * text(const char * otherwise) const noexcept;
    bool contains(const char * words) const noexcept;
};

}  // namespace lsl
