/* llamaspec_kernels_tests <group> <scalar|avx2|avx512>; exit 0 passed, 1 failed, 2 usage, 77 not on this processor. */
#include "check.h"

#include <cstring>

int failure_count = 0;

namespace {

struct group {
    const char * name;
    void (*run)(int32_t instructions);
};

const group groups[] = {
    {"statistics_match_float64", statistics_match_float64},
    {"statistics_match_scalar", statistics_match_scalar},
    {"softmax_matches_float64", softmax_matches_float64},
    {"elements_match_scalar", elements_match_scalar},
    {"invalid_rows", invalid_rows},
    {"sample_frequencies", sample_frequencies},
    {"sample_matches_scalar", sample_matches_scalar},
    {"bad_arguments", bad_arguments},
};

const char * const instruction_names[] = {"scalar", "avx2", "avx512"};

} // namespace

int main(int argc, char ** argv) {
    for (int32_t instructions = 0; argc == 3 && instructions < 3; instructions++) {
        for (const group & g : groups) {
            if (strcmp(argv[1], g.name) != 0 || strcmp(argv[2], instruction_names[instructions]) != 0) {
                continue;
            }
            if (lsk_choose_instructions(instructions) == LSK_UNSUPPORTED) {
                printf("skipped: %s\n", lsk_last_message());
                return 77;
            }
            g.run(instructions);
            printf("%s %s: %d failures\n", argv[1], argv[2], failure_count);
            return failure_count == 0 ? 0 : 1;
        }
    }
    fprintf(stderr, "usage: llamaspec_kernels_tests <group> <scalar|avx2|avx512>\n");
    return 2;
}
