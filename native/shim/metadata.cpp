// Metadata straight from a file, without loading the weights.
#include <climits>
#include <cstring>

#include "gguf_file.h"
#include "gguf_values.h"
#include "guard.h"
#include "output.h"

namespace lsl {

static int32_t find_key(const char * path, const char * key, gguf_file & file, int64_t & id) {
    if (!path || !key) {
        return fail(LSL_INVALID_ARGUMENT, "%s is null", path ? "key" : "path");
    }
    if (const int32_t status = open_gguf(path, file)) {
        return status;
    }
    id = gguf_find_key(file.get(), key);
    return id >= 0 ? LSL_OK : fail(LSL_NOT_FOUND, "%s has no metadata key %s", path, key);
}

static int32_t read_array(const gguf_context * file, int64_t id, const char * key, int32_t * values, int32_t capacity,
                          int32_t * length) {
    if (gguf_get_kv_type(file, id) != GGUF_TYPE_ARRAY || gguf_get_arr_type(file, id) != GGUF_TYPE_INT32) {
        return fail(LSL_FAILED, "%s is not an array of int32", key);
    }
    const size_t count = gguf_get_arr_n(file, id);
    if (count > static_cast<size_t>(INT_MAX)) {
        return fail(LSL_FAILED, "%s has too many values", key);
    }
    *length = static_cast<int32_t>(count);
    if (*length > capacity) {
        return fail(LSL_BUFFER_TOO_SMALL, "%s has %d values, the buffer has room for %d", key, *length, capacity);
    }
    if (count > 0) {
        std::memcpy(values, gguf_get_arr_data(file, id), count * sizeof(int32_t));
    }
    return LSL_OK;
}

}  // namespace lsl

using namespace lsl;

int32_t lsl_gguf_int32_array(const char * path, const char * key, int32_t * values, int32_t capacity, int32_t * length) {
    return guard([&] {
        gguf_file file;
        int64_t id = -1;
        if (const int32_t status = check_buffer(values, capacity, length)) {
            return status;
        }
        const int32_t status = find_key(path, key, file, id);
        return status ? status : read_array(file.get(), id, key, values, capacity, length);
    });
}

int32_t lsl_gguf_integer(const char * path, const char * key, int64_t * value) {
    return guard([&] {
        gguf_file file;
        int64_t id = -1;
        if (!value) {
            return fail(LSL_INVALID_ARGUMENT, "value is null");
        }
        if (const int32_t status = find_key(path, key, file, id)) {
            return status;
        }
        return read_integer(file.get(), id, *value) ? LSL_OK : fail(LSL_FAILED, "%s is not an integer of 64 signed bits", key);
    });
}
