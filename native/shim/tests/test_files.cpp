// Files that are not what they should be: each is named for what it is.
#include <atomic>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>

#include "check.h"
#include "fixture.h"
#include "synthetic_gguf.h"

static std::string written(const char * name, const std::vector<char> & bytes) {
    const std::string path = in_work_directory(name);
    write_bytes(path, bytes);
    return path;
}

static void refuse(const std::string & path, const char * part) {
    start_library();
    lsl_model model = 0;
    CHECK_STATUS(LSL_LOAD_FAILED, lsl_model_load(path.c_str(), 0, 1, 0, &model));
    CHECK_MESSAGE(part);
    CHECK_MESSAGE(path);
    CHECK(model == 0);
}

TEST(files, a_missing_one_is_named) { refuse(in_work_directory("missing.gguf"), "does not exist"); }

TEST(files, a_directory_is_named) { refuse(work_directory, "is a directory"); }

TEST(files, an_empty_one_is_named) { refuse(written("empty.gguf", {}), "is empty (0 bytes)"); }

TEST(files, a_foreign_one_shows_its_first_bytes) {
    refuse(written("foreign.gguf", {'P', 'K', 3, 4, 5}), "is not a GGUF file: it starts with \"PK??\"");
    refuse(written("short.gguf", {'G', 'G'}), "is not a GGUF file: it starts with \"GG\"");
}

TEST(files, a_truncated_header_is_corrupt) {
    std::vector<char> bytes = read_bytes(synthetic_path());
    for (const size_t size : {size_t{4}, size_t{12}, size_t{100}, header_size(synthetic_path()) - 200}) {
        bytes.resize(size);
        refuse(written("truncated-header.gguf", bytes), "is corrupt");
        bytes = read_bytes(synthetic_path());
    }
}

TEST(files, a_format_of_the_future_gives_ggufs_reason) {
    std::vector<char> bytes = read_bytes(synthetic_path());
    bytes[4] = 99;
    refuse(written("future.gguf", bytes), "is version 99 but this software only supports");
}

TEST(files, truncated_tensor_data_is_measured) {
    std::vector<char> bytes = read_bytes(synthetic_path());
    const std::string whole = std::to_string(bytes.size());
    bytes.resize(bytes.size() - 1000);
    refuse(written("truncated.gguf", bytes),
           ("is truncated: tensor data ends at byte " + whole + " but the file has " + std::to_string(bytes.size()) + " bytes").c_str());
}

TEST(files, one_byte_too_few_is_noticed) {
    std::vector<char> bytes = read_bytes(synthetic_path());
    bytes.pop_back();
    refuse(written("one-short.gguf", bytes), "is truncated");
}

TEST(files, an_unknown_architecture_gives_llama_cpps_reason) {
    std::vector<char> bytes = read_bytes(synthetic_path());
    const std::string key = "general.architecture";
    for (size_t i = 0; i + key.size() < bytes.size(); ++i) {
        if (std::memcmp(bytes.data() + i, key.data(), key.size()) == 0) {
            bytes[i + key.size() + 12] = 'x';  // past the value's type and length: "llama" becomes "xlama"
            break;
        }
    }
    refuse(written("unknown.gguf", bytes), "unknown model architecture: 'xlama'");
}

TEST(files, arguments_of_a_load_are_checked) {
    start_library();
    lsl_model model = 0;
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_model_load(nullptr, 0, 1, 0, &model));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_model_load(synthetic_path().c_str(), 0, 1, 0, nullptr));
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_model_load(synthetic_path().c_str(), -2, 1, 0, &model));
}

TEST(files, a_model_is_described) {
    const loaded_model model;
    lsl_model_info info = {};
    CHECK_OK(lsl_model_get_info(model.handle, &info));
    CHECK(info.vocabulary_size == synthetic_row_count);
    CHECK(info.layer_count == synthetic_layer_count);
    CHECK(info.hidden_size == synthetic_width);
    CHECK(info.trained_context_length == synthetic_context_length);
    CHECK(info.parameter_count > 0 && info.size_bytes >= 4 * info.parameter_count);
    CHECK(info.has_vocabulary == 0 && info.is_recurrent == 0);
    CHECK(info.begin_token == -1 && info.end_token == -1 && info.end_of_turn_token == -1 && info.adds_begin_token == 0);
}

TEST(files, loading_without_memory_mapping_gives_the_same_model) {
    start_library();
    lsl_model handle = 0;
    CHECK_OK(lsl_model_load(synthetic_path().c_str(), 0, 0, 0, &handle));
    const loaded_model mapped;
    const live_context one(handle);
    const live_context other(mapped.handle);
    CHECK(largest_difference(decode_for_logits(one.handle, {1, 2}, 0, 0), decode_for_logits(other.handle, {1, 2}, 0, 0)) < 1e-4f);
    CHECK_OK(lsl_model_free(handle));
}

TEST(files, progress_ends_at_one) {
    start_library();
    lsl_monitor monitor = 0;
    lsl_model model = 0;
    float fraction = -1.0f;
    CHECK_OK(lsl_monitor_create(&monitor));
    CHECK_OK(lsl_monitor_progress(monitor, &fraction));
    CHECK(fraction == 0.0f);
    CHECK_OK(lsl_model_load(synthetic_path().c_str(), 0, 1, monitor, &model));
    CHECK_OK(lsl_monitor_progress(monitor, &fraction));
    CHECK(fraction == 1.0f);
    CHECK_STATUS(LSL_INVALID_ARGUMENT, lsl_monitor_progress(monitor, nullptr));
    CHECK_OK(lsl_monitor_free(monitor));
    CHECK_OK(lsl_model_free(model));
}

TEST(files, a_cancelled_load_is_no_failure) {
    start_library();
    lsl_monitor monitor = 0;
    lsl_model model = 0;
    CHECK_OK(lsl_monitor_create(&monitor));
    CHECK_OK(lsl_monitor_cancel(monitor));
    CHECK_STATUS(LSL_CANCELLED, lsl_model_load(synthetic_path().c_str(), 0, 1, monitor, &model));
    CHECK(model == 0);
    CHECK_OK(lsl_monitor_free(monitor));
}

TEST(files, a_load_can_be_cancelled_while_it_runs) {
    start_library();
    std::atomic<lsl_monitor> current{0};
    std::atomic<bool> is_done{false};
    std::thread canceller([&] {
        while (!is_done) {
            float fraction = 0.0f;
            const lsl_monitor monitor = current;
            if (monitor && lsl_monitor_progress(monitor, &fraction) == LSL_OK && fraction > 0.0f && fraction < 1.0f) {
                lsl_monitor_cancel(monitor);
            }
        }
    });
    int32_t status = LSL_OK;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (status == LSL_OK && std::chrono::steady_clock::now() < deadline) {
        lsl_monitor monitor = 0;
        lsl_model model = 0;
        lsl_monitor_create(&monitor);
        current = monitor;
        status = lsl_model_load(synthetic_path().c_str(), 0, 0, monitor, &model);
        current = 0;
        lsl_monitor_free(monitor);
        if (status == LSL_OK) {
            lsl_model_free(model);
        }
    }
    is_done = true;
    canceller.join();
    CHECK(status == LSL_CANCELLED);
}
