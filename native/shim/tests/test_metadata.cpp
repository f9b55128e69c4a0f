#include "check.h"
#include "fixture.h"

static int32_t read_array(const char * key, int32_t * values, int32_t capacity, int32_t * length) {
    return lsl_gguf_int32_array(synthetic_path().c_str(), key, values, capacity, length);
}

static int64_t read_integer(const char * key) {
    int64_t value = 0;
    CHECK_OK(lsl_gguf_integer(synthetic_path().c_str(), key, &value));
    return value;
}

TEST(metadata, an_int32_array_is_read) {
    int32_t values[3] = {};
    int32_t length = 0;
    CHECK_OK(read_array("test.integers", values, 3, &length));
    CHECK(length == 3 && values[0] == 7 && values[1] == -1 && values[2] == INT32_MAX);
}

TEST(metadata, an_empty_array_is_read) {
    int32_t length = -1;
    CHECK_OK(read_array("test.nothing", nullptr, 0, &length));
    CHECK(length == 0);
}

TEST(metadata, too_small_a_buffer_gives_the_length_needed) {
    int32_t values[2] = {5, 5};
    int32_t length = 0;
    CHECK_STATUS(LSL_BUFFER_TOO_SMALL, read_array("test.integers", nullptr, 0, &length));
    CHECK(length == 3);
    length = 0;
    CHECK_STATUS(LSL_BUFFER_TOO_SMALL, read_array("test.integers", values, 2, &length));
    CHECK(length == 3 && values[0] == 5 && values[1] == 5);
}

TEST(metadata, arrays_of_other_types_are_refused) {
    int32_t values[4] = {};
    int32_t length = 0;
    for (const char * key : {"test.floats", "test.strings", "test.i32", "general.name"}) {
        CHECK_STATUS(LSL_FAILED, read_array(key, values, 4, &length));
        CHECK_MESSAGE("is not an array of int32");
    }
}

TEST(metadata, a_missing_key_is_not_found) {
    int32_t values[4] = {};
    int32_t length = 0;
    int64_t value = 0;
    CHECK_STATUS(LSL_NOT_FOUND, read_array("test.missing", values, 4, &length));
    CHECK_MESSAGE("test.missing");
    CHECK_STATUS(LSL_NOT_FOUND, lsl_gguf_integer(synthetic_path().c_str(), "test.missing", &value));
    CHECK_STATUS(LSL_NOT_FOUND, lsl_gguf_integer(synthetic_path().c_str(), "", &value));
}

TEST(metadata, integers_of_every_width_are_read) {
    CHECK(read_integer("test.u8") == 200);
    CHECK(read_integer("test.i8") == -100);
    CHECK(read_integer("test.u16") == 60000);
    CHECK(read_integer("test.i16") == -30000);
    CHECK(read_integer("test.u32") == 4000000000);
    CHECK(read_integer("test.i32") == -2000000000);
    CHECK(read_integer("test.i64") == INT64_MIN);
}

TEST(metadata, values_that_are_no_integer_are_refused) {
    int64_t value = 0;
    for (const char * key : {"test.f32", "test.bool", "test.integers", "general.name"}) {
        CHECK_STATUS(LSL_FAILED, lsl_gguf_integer(synthetic_path().c_str(), key, &value));
        CHECK_MESSAGE("is not an integer");
    }
    CHECK_STATUS(LSL_FAILED, lsl_gguf_integer(synthetic_path().c_str(), "test.u64", &value));
    CHECK_MESSAGE("64 signed bits");
}

TEST(metadata, bad_arguments_are_refused) {
    int32_t values[1] = {};
    int32_t length = 0;
    int64_t value = 0;
    const char * path = synthetic_path().c_str();
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_gguf_int32_array(nullptr, "k", values, 1, &length));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_gguf_int32_array(path, nullptr, values, 1, &length));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_gguf_int32_array(path, "k", nullptr, 1, &length));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_gguf_int32_array(path, "k", values, -1, &length));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_gguf_int32_array(path, "k", values, 1, nullptr));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_gguf_integer(nullptr, "k", &value));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_gguf_integer(path, nullptr, &value));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_gguf_integer(path, "k", nullptr));
    CHECK_STATUS(LSL_LOAD_FAILED, lsl_gguf_integer(in_work_directory("missing.gguf").c_str(), "k", &value));
}

TEST(metadata, a_loaded_model_has_its_strings) {
    const loaded_model model;
    char text[64] = {};
    int32_t length = 0;
    CHECK_OK(lsl_model_metadata(model.handle, "general.name", text, 64, &length));
    CHECK(std::string(text, static_cast<size_t>(length)) == "synthetic");
    CHECK_STATUS(LSL_BUFFER_TOO_SMALL, lsl_model_metadata(model.handle, "general.name", text, 8, &length));
    CHECK(length == 9);
    CHECK_STATUS(LSL_NOT_FOUND, lsl_model_metadata(model.handle, "general.missing", text, 64, &length));
    CHECK_OK(lsl_model_description(model.handle, text, 64, &length));
    CHECK(std::string(text, static_cast<size_t>(length)).find("llama") == 0);
}
