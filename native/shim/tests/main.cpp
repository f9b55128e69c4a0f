// Usage: llamaspec_llama_tests GROUP BACKEND_DIRECTORY WORK_DIRECTORY
#include <cstring>
#include <filesystem>
#include <vector>

#include "check.h"
#include "fixture.h"

struct registered_test {
    const char * group;
    const char * name;
    test_body body;
};

static std::vector<registered_test> & tests() {
    static std::vector<registered_test> all;
    return all;
}

test_registration::test_registration(const char * group, const char * name, test_body body) { tests().push_back({group, name, body}); }

static bool run(const registered_test & test) {
    try {
        test.body();
        return true;
    } catch (const check_failure &) {
        std::printf("FAILED %s_%s\n", test.group, test.name);
        return false;
    }
}

int main(int argument_count, char ** arguments) {
    if (argument_count != 4) {
        std::printf("usage: %s GROUP BACKEND_DIRECTORY WORK_DIRECTORY\n", arguments[0]);
        return 2;
    }
    backend_directory = arguments[2];
    work_directory = arguments[3];
    std::filesystem::create_directories(work_directory);
    int run_count = 0;
    int failed_count = 0;
    for (const registered_test & test : tests()) {
        if (std::strcmp(test.group, arguments[1]) == 0) {
            ++run_count;
            failed_count += !run(test);
        }
    }
    std::printf("%s: %d tests, %d failed\n", arguments[1], run_count, failed_count);
    return run_count == 0 || failed_count > 0;
}
