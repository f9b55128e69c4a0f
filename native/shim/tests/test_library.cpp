#include <cstring>
#include <filesystem>
#include <thread>

#if !defined(_WIN32)
#  include <dlfcn.h>
#endif

#include "check.h"
#include "fixture.h"
#include "library.h"
#include "message.h"
#include "module_folder.h"

TEST(library, loading_before_initializing_is_refused) {
    lsl_model model = 0;
    CHECK_STATUS(LSL_FAILED, lsl_model_load(synthetic_path().c_str(), 0, 1, 0, &model));
    CHECK_MESSAGE("lsl_initialize");
}

TEST(library, initializing_needs_a_directory_with_a_backend) {
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_initialize(nullptr));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_initialize(""));
    CHECK_STATUS(LSL_LOAD_FAILED, lsl_initialize(work_directory.c_str()));
    CHECK_MESSAGE("no CPU backend");
}

TEST(library, initializes_more_than_once) {
    start_library();
    start_library();
    char text[4096];
    int32_t length = 0;
    CHECK_OK(lsl_system_info(text, sizeof(text), &length));
    CHECK(std::string(text, static_cast<size_t>(length)).find("devices: ") != std::string::npos);
    CHECK_STATUS(LSL_BUFFER_TOO_SMALL, lsl_system_info(text, 3, &length));
}

TEST(library, gpus_are_among_the_devices) {
    start_library();
    char gpus[4096], system[4096];
    int32_t length = -1;
    CHECK_OK(lsl_system_info(system, sizeof(system), &length));
    const std::string devices(system, static_cast<size_t>(length));
    CHECK_OK(lsl_gpus(gpus, sizeof(gpus), &length));
    const std::string first = std::string(gpus, static_cast<size_t>(length)).substr(0, std::string(gpus, static_cast<size_t>(length)).find('\t'));
    CHECK(devices.find(first) != std::string::npos);
    CHECK(first != "CPU");
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_gpus(gpus, sizeof(gpus), nullptr));
}

TEST(library, tells_its_versions) {
    CHECK(lsl_abi_version() == LSL_ABI_VERSION);
    CHECK(std::strcmp(lsl_built_against_version(), "v0.5.0") == 0);
    CHECK(std::strstr(lsl_llama_version(), "0.5.0") != nullptr);
}

TEST(library, spellings_of_one_release_agree) {
    CHECK(lsl::check_version("0.5.0-dev", "v0.5.0") == LSL_OK);
    CHECK(lsl::check_version("v0.5.0", "0.5.0") == LSL_OK);
}

TEST(library, another_release_is_refused_with_both_named) {
    for (const char * other : {"0.5.1", "v0.4.0", "0.5", "0.5.0.1", "b8123", ""}) {
        CHECK(lsl::check_version(other, "v0.5.0") == LSL_WRONG_VERSION);
        CHECK(std::strstr(lsl::last_message(), "v0.5.0") != nullptr);
        CHECK(std::strstr(lsl::last_message(), other) != nullptr);
    }
}

TEST(library, the_canary_passes_here_and_notices_shifted_members) {
    const llama_model_params model = llama_model_default_params();
    const llama_context_params context = llama_context_default_params();
    CHECK(lsl::check_canary(model, context) == LSL_OK);

    // What the caller would see if the library had one member more in front.
    llama_context_params shifted_context = context;
    std::memmove(reinterpret_cast<char *>(&shifted_context) + 4, &context, sizeof(context) - 4);
    CHECK(lsl::check_canary(model, shifted_context) == LSL_WRONG_VERSION);
    llama_model_params shifted_model = model;
    std::memmove(reinterpret_cast<char *>(&shifted_model) + 8, &model, sizeof(model) - 8);
    CHECK(lsl::check_canary(shifted_model, context) == LSL_WRONG_VERSION);
}

TEST(library, a_llama_in_another_folder_is_refused_with_both_named) {
    const std::filesystem::path own = in_work_directory("own");
    const std::filesystem::path other = in_work_directory("other");
    std::filesystem::create_directories(own);
    std::filesystem::create_directories(other);
    CHECK(lsl::check_same_folder(own, own / ".") == LSL_OK);
    CHECK(lsl::check_same_folder(own, other / ".." / "own") == LSL_OK);
    CHECK(lsl::check_same_folder(own, other) == LSL_WRONG_VERSION);
    CHECK_MESSAGE(own.string());
    CHECK_MESSAGE(other.string());
    CHECK(lsl::check_same_folder(own, in_work_directory("gone")) == LSL_WRONG_VERSION);
}

TEST(library, a_folder_that_is_not_known_passes) {
    CHECK(lsl::folder_of_module(nullptr).empty());
    CHECK(lsl::check_same_folder({}, work_directory) == LSL_OK);
    CHECK(lsl::check_same_folder(work_directory, {}) == LSL_OK);
}

TEST(library, llama_is_found_where_it_was_loaded_from) {
    CHECK(lsl::check_same_folder(backend_directory, lsl::folder_of_module(llama_version())) == LSL_OK);
    CHECK(!lsl::folder_of_module(llama_version()).empty());
}

#if !defined(_WIN32)  // where making links needs a privilege, and a library is loaded in another way
TEST(library, a_linked_folder_is_the_folder_itself) {
    const std::filesystem::path own = in_work_directory("linked-to");
    const std::filesystem::path link = in_work_directory("link");
    std::filesystem::create_directories(own);
    std::filesystem::remove(link);
    std::filesystem::create_directory_symlink(std::filesystem::absolute(own), link);
    CHECK(lsl::check_same_folder(own, link) == LSL_OK);
}

// This process has llama.cpp from another folder already, as with LD_LIBRARY_PATH.
TEST(library, the_shared_library_refuses_a_llama_that_is_not_beside_it) {
    void * const library = dlopen(LLAMASPEC_LLAMA_FILE, RTLD_NOW | RTLD_LOCAL);
    CHECK(library != nullptr);
    const auto initialize = reinterpret_cast<decltype(&lsl_initialize)>(dlsym(library, "lsl_initialize"));
    const auto message = reinterpret_cast<decltype(&lsl_last_message)>(dlsym(library, "lsl_last_message"));
    CHECK(initialize != nullptr && message != nullptr);
    CHECK(initialize(backend_directory.c_str()) == LSL_WRONG_VERSION);
    const std::string text = message();
    CHECK(text.find(lsl::folder_of_module(llama_version()).string()) != std::string::npos);
    CHECK(text.find(std::filesystem::path(LLAMASPEC_LLAMA_FILE).parent_path().string()) != std::string::npos);
}
#endif

static int32_t line_count = 0;
static void count_line(int32_t level, const char * text) { line_count += level >= 1 && level <= 4 && text != nullptr; }

TEST(library, logs_to_the_sink_until_it_is_removed) {
    CHECK_OK(lsl_set_log_sink(count_line));
    { const loaded_model model; }
    CHECK(line_count > 0);
    CHECK_OK(lsl_set_log_sink(nullptr));
    const int32_t before = line_count;
    { const loaded_model model; }
    CHECK(line_count == before);
}

TEST(library, messages_belong_to_their_thread) {
    CHECK_STATUS(LSL_INVALID_HANDLE, lsl_model_free(0));
    std::thread([] { lsl_initialize(nullptr); }).join();
    CHECK_MESSAGE("model handle");
    CHECK(lsl_set_log_sink(nullptr) == LSL_OK);
    CHECK(std::strlen(lsl_last_message()) == 0);
}
