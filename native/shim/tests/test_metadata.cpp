#include "check.h"
#include "fixture.h"

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
