#include "log.h"

#include <atomic>
#include <cstring>
#include <mutex>

#include <llama.h>

namespace lsl {

static std::atomic<lsl_log_sink> log_sink{nullptr};

// The first lines name the cause and the later ones only its consequences, so a full buffer drops the later ones.
static thread_local char captured[1024];
static thread_local size_t captured_length = 0;
static thread_local bool is_capturing = false;
static thread_local int32_t line_level = 0;

static void capture(const char * text) noexcept {
    if (captured_length > 0 && captured_length + 2 < sizeof(captured)) {
        std::memcpy(captured + captured_length, "; ", 2);
        captured_length += 2;
    }
    while (*text != '\0' && *text != '\n' && captured_length + 1 < sizeof(captured)) {
        captured[captured_length++] = *text++;
    }
    captured[captured_length] = '\0';
}

static void on_log(ggml_log_level level, const char * text, void *) noexcept {
    if (level != GGML_LOG_LEVEL_CONT) {
        line_level = static_cast<int32_t>(level);
    }
    if (is_capturing && level == GGML_LOG_LEVEL_ERROR) {
        capture(text);
    }
    if (const lsl_log_sink sink = log_sink.load(std::memory_order_acquire)) {
        sink(line_level, text);
    }
}

void hook_log() {
    static std::once_flag once;
    std::call_once(once, [] { llama_log_set(on_log, nullptr); });
}

void set_log_sink(lsl_log_sink sink) noexcept { log_sink.store(sink, std::memory_order_release); }

error_capture::error_capture() noexcept {
    captured[0] = '\0';
    captured_length = 0;
    is_capturing = true;
}

error_capture::~error_capture() { is_capturing = false; }

const char * error_capture::text(const char * otherwise) const noexcept {
    return captured_length > 0 ? captured : otherwise;
}

bool error_capture::contains(const char * words) const noexcept { return std::strstr(captured, words) != nullptr; }

}  // namespace lsl
