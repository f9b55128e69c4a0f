/* llamaspec_rows_tests <group> <reference|neon|avx2|avx_vnni|avx512>
 * llamaspec_rows_tests fuzz <instructions> [cases] [seed]
 * Exit 0 passed, 1 failed, 2 usage, 77 not on this processor. */
#include "check.h"

#include <cstdlib>
#include <cstring>

int failure_count = 0;

namespace {

void quick_fuzz(instructions set) { fuzz(set, 200, 1); }

struct group {
    const char * name;
    void (*run)(instructions set);
};

const group groups[] = {
    {"matches_reference", matches_reference},
    {"close_to_float64", close_to_float64},
    {"same_for_any_columns", same_for_any_columns},
    {"shares_activations", shares_activations},
    {"extreme_values", extreme_values},
    {"can_multiply", refuses_what_it_cannot},
    {"fuzz", quick_fuzz},
};

/* In the order of the enumeration. */
const char * const instruction_names[] = {"reference", "neon", "avx2", "avx_vnni", "avx512"};

int run(const group & chosen, instructions set, int argc, char ** argv) {
    if (!kernels_of(set)) {
        printf("skipped: this processor lacks %s\n", argv[2]);
        return 77;
    }
    if (argc > 3) {
        fuzz(set, atoi(argv[3]), argc > 4 ? strtoull(argv[4], nullptr, 10) : 1);
    } else {
        chosen.run(set);
    }
    printf("%s %s: %d failures\n", argv[1], argv[2], failure_count);
    return failure_count == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char ** argv) {
    const bool is_fuzz = argc > 1 && strcmp(argv[1], "fuzz") == 0;
    for (int set = 0; set < 5 && (argc == 3 || (is_fuzz && argc > 3 && argc <= 5)); set++) {
        for (const group & each : groups) {
            if (strcmp(argv[1], each.name) == 0 && strcmp(argv[2], instruction_names[set]) == 0) {
                return run(each, (instructions) set, argc, argv);
            }
        }
    }
    fprintf(stderr, "usage: llamaspec_rows_tests <group> <reference|neon|avx2|avx_vnni|avx512>\n"
                    "       llamaspec_rows_tests fuzz <instructions> [cases] [seed]\n");
    return 2;
}
