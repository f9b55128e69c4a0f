/* llamaspec_kernels_tests <group> <scalar|avx2|avx512|neon>
 * llamaspec_kernels_tests fuzz <instructions> [cases] [seed]
 * Exit 0 passed, 1 failed, 2 usage, 77 not on this processor. */
#include "check.h"

#include <cstdlib>
#include <cstring>

int failure_count = 0;

namespace {

void quick_fuzz(int32_t instructions) { fuzz(instructions, 400, 1); }

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
    {"many_rows_match_one", many_rows_match_one},
    {"sample_frequencies", sample_frequencies},
    {"sample_matches_scalar", sample_matches_scalar},
    {"bad_arguments", bad_arguments},
    {"trees_are_lossless", trees_are_lossless},
    {"tree_faults_are_seen", tree_faults_are_seen},
    {"sampler_chain_matches_definition", sampler_chain_matches_definition},
    {"verification_is_lossless", verification_is_lossless},
    {"trees_by_hand", trees_by_hand},
    {"bad_tree_arguments", bad_tree_arguments},
    {"ancestor_masks", ancestor_masks},
    {"fuzz", quick_fuzz},
};

/* By LSK_INSTRUCTIONS_*. */
const char * const instruction_names[] = {"scalar", "avx2", "avx512", "neon"};

int run(const group & chosen, int32_t instructions, int argc, char ** argv) {
    if (lsk_choose_instructions(instructions) == LSK_UNSUPPORTED) {
        printf("skipped: %s\n", lsk_last_message());
        return 77;
    }
    if (argc > 3) {
        fuzz(instructions, atoi(argv[3]), argc > 4 ? strtoull(argv[4], nullptr, 10) : 1);
    } else {
        chosen.run(instructions);
    }
    printf("%s %s: %d failures\n", argv[1], argv[2], failure_count);
    return failure_count == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char ** argv) {
    const bool is_fuzz = argc > 1 && strcmp(argv[1], "fuzz") == 0;
    for (int32_t instructions = 0; instructions < 4 && (argc == 3 || (is_fuzz && argc > 3 && argc <= 5)); instructions++) {
        for (const group & g : groups) {
            if (strcmp(argv[1], g.name) == 0 && strcmp(argv[2], instruction_names[instructions]) == 0) {
                return run(g, instructions, argc, argv);
            }
        }
    }
    fprintf(stderr, "usage: llamaspec_kernels_tests <group> <scalar|avx2|avx512|neon>\n"
                    "       llamaspec_kernels_tests fuzz <instructions> [cases] [seed]\n");
    return 2;
}
