#include "gguf_values.h"

namespace lsl {

// False when the value is no integer or does not fit 64 signed bits.
static bool read_integer(const gguf_context * file, int64_t key_id, int64_t & value) {
    switch (gguf_get_kv_type(file, key_id)) {
        case GGUF_TYPE_UINT8:  value = gguf_get_val_u8(file, key_id); return true;
        case GGUF_TYPE_INT8:   value = gguf_get_val_i8(file, key_id); return true;
        case GGUF_TYPE_UINT16: value = gguf_get_val_u16(file, key_id); return true;
        case GGUF_TYPE_INT16:  value = gguf_get_val_i16(file, key_id); return true;
        case GGUF_TYPE_UINT32: value = gguf_get_val_u32(file, key_id); return true;
        case GGUF_TYPE_INT32:  value = gguf_get_val_i32(file, key_id); return true;
        case GGUF_TYPE_INT64:  value = gguf_get_val_i64(file, key_id); return true;
        case GGUF_TYPE_UINT64:
            value = static_cast<int64_t>(gguf_get_val_u64(file, key_id));
            return value >= 0;
        default:
            return false;
    }
}

std::optional<std::string> string_value(const gguf_context * file, const std::string & key) {
    const int64_t id = gguf_find_key(file, key.c_str());
    return id >= 0 && gguf_get_kv_type(file, id) == GGUF_TYPE_STRING ? std::optional<std::string>(gguf_get_val_str(file, id)) : std::nullopt;
}

std::optional<double> real_value(const gguf_context * file, const std::string & key) {
    const int64_t id = gguf_find_key(file, key.c_str());
    return id >= 0 && gguf_get_kv_type(file, id) == GGUF_TYPE_FLOAT32 ? std::optional<double>(gguf_get_val_f32(file, id)) : std::nullopt;
}

std::vector<int64_t> integer_values(const gguf_context * file, const std::string & key) {
    const int64_t id = gguf_find_key(file, key.c_str());
    int64_t one = 0;
    if (id < 0) {
        return {};
    }
    if (gguf_get_kv_type(file, id) != GGUF_TYPE_ARRAY) {
        return read_integer(file, id, one) ? std::vector<int64_t>{one} : std::vector<int64_t>{};
    }
    const size_t count = gguf_get_arr_n(file, id);
    switch (gguf_get_arr_type(file, id)) {
        case GGUF_TYPE_INT32: {
            const auto * items = static_cast<const int32_t *>(gguf_get_arr_data(file, id));
            return {items, items + count};
        }
        case GGUF_TYPE_UINT32: {
            const auto * items = static_cast<const uint32_t *>(gguf_get_arr_data(file, id));
            return {items, items + count};
        }
        default:
            return {};
    }
}

}  // namespace lsl
