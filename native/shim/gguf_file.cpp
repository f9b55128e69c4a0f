#include "gguf_file.h"

#include <algorithm>
#include <cctype>
#include <cinttypes>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "log.h"
#include "message.h"

namespace lsl {

namespace fs = std::filesystem;

static int32_t check_magic(const char * path, const fs::path & file) {
    char magic[4] = {};
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return fail(LSL_LOAD_FAILED, "%s cannot be read: check its permissions", path);
    }
    stream.read(magic, sizeof(magic));
    if (stream.gcount() == 4 && std::memcmp(magic, GGUF_MAGIC, 4) == 0) {
        return LSL_OK;
    }
    const auto count = static_cast<int>(stream.gcount());
    std::replace_if(magic, magic + count, [](char c) { return !std::isprint(static_cast<unsigned char>(c)); }, '?');
    return fail(LSL_LOAD_FAILED, "%s is not a GGUF file: it starts with \"%.*s\", not with \"GGUF\"", path, count, magic);
}

int32_t open_gguf(const char * path, gguf_file & file) {
    hook_log();
    const fs::path native_path = fs::u8path(path);
    std::error_code error;
    const fs::file_status status = fs::status(native_path, error);
    if (status.type() == fs::file_type::not_found) {
        return fail(LSL_LOAD_FAILED, "%s does not exist", path);
    }
    if (error) {
        return fail(LSL_LOAD_FAILED, "%s cannot be read: %s", path, error.message().c_str());
    }
    if (fs::is_directory(status)) {
        return fail(LSL_LOAD_FAILED, "%s is a directory, not a GGUF file", path);
    }
    if (fs::file_size(native_path) == 0) {
        return fail(LSL_LOAD_FAILED, "%s is empty (0 bytes)", path);
    }
    if (const int32_t magic_status = check_magic(path, native_path)) {
        return magic_status;
    }
    const error_capture errors;
    file.reset(gguf_init_from_file(path, {true, nullptr}));
    return file ? LSL_OK : fail(LSL_LOAD_FAILED, "%s is corrupt: %s", path, errors.text("its header cannot be read"));
}

int32_t check_not_truncated(const char * path, const gguf_context * file) {
    const uint64_t size = fs::file_size(fs::u8path(path));
    const uint64_t data_offset = gguf_get_data_offset(file);
    uint64_t end = data_offset;
    for (int64_t i = 0; i < gguf_get_n_tensors(file); ++i) {
        end = std::max(end, data_offset + gguf_get_tensor_offset(file, i) + gguf_get_tensor_size(file, i));
    }
    if (end <= size) {
        return LSL_OK;
    }
    return fail(LSL_LOAD_FAILED, "%s is truncated: tensor data ends at byte %" PRIu64 " but the file has %" PRIu64 " bytes",
                path, end, size);
}

}  // namespace lsl
