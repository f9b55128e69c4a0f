/* llamaspec_cuda_tests <group> <file of the fake driver>; exit 0 passed, 1 failed, 2 usage, 77 not in this build. */
#include "groups.h"

#include "exports.h"

#include <cstdarg>
#include <cstdlib>
#include <cstring>

int          failure_count = 0;
const char * fake_driver_path = "";

namespace {

char text[256] = "";

struct group {
    const char * name;
    void (*run)();
};

const group groups[] = {
    {"exponentials", exponentials},
    {"statistics", statistics},
    {"invalid_rows", invalid_rows},
    {"greedy_trees", greedy_trees},
    {"drawn_trees", drawn_trees},
    {"truncated_trees", truncated_trees},
    {"edge_trees", edge_trees},
    {"threaded_trees", threaded_trees},
    {"draw_frequencies", draw_frequencies},
    {"bad_arguments", bad_arguments},
    {"opening", opening},
    {"failing_calls", failing_calls},
    {"ptx", ptx},
};

} // namespace

/* In place of kernels.cpp's. */
int32_t llamaspec::fail(int32_t status, const char * format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return status;
}

const char * last_cuda_message() { return text; }

void skip(const char * reason) {
    printf("skipped: %s\n", reason);
    exit(77);
}

fake_session::fake_session() {
    CHECK(open_session(fake_driver_path, fake_ptx, 0, &session_) == LSK_OK, "%s", last_cuda_message());
}

fake_session::~fake_session() {
    close_session(session_);
    const fake_driver & driver = *fake_driver_state();
    CHECK(driver.context_count == 0 && driver.pushed_count == 0 && driver.allocation_count == 0 && driver.misuse_count == 0,
        "left behind: %d contexts, %d pushed, %d allocations, %d wrong uses", driver.context_count, driver.pushed_count,
        driver.allocation_count, driver.misuse_count);
}

int main(int argc, char ** argv) {
    for (const group & g : groups) {
        if (argc == 3 && strcmp(argv[1], g.name) == 0) {
            fake_driver_path = argv[2];
            g.run();
            printf("%s: %d failures\n", argv[1], failure_count);
            return failure_count == 0 ? 0 : 1;
        }
    }
    fprintf(stderr, "usage: llamaspec_cuda_tests <group> <file of the fake driver>\n");
    return 2;
}
