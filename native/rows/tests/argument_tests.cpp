/* can_multiply refuses every shape that run would not survive. */
#include "check.h"
#include "products.h"

#include <initializer_list>

void refuses_what_it_cannot(instructions set) {
    const kernel_set & kernels = *kernels_of(set);
    for (int i = 0; i < weight_layout_count; i++) {
        const auto    layout = (weight_layout) i;
        const int64_t tile   = kernels.layouts[i].tile_rows;
        const auto    can    = [&](int64_t row_count, int64_t length, int column_count) {
            return can_multiply(kernels, layout, row_count, length, column_count);
        };
        if (tile == 0) {
            CHECK(!can(64, 64, 1), "layout %d has no kernels", i);
            continue;
        }
        for (const int64_t row_count : {tile, 2 * tile, 3 * tile + 8, (int64_t) 262144}) {
            CHECK(can(row_count, 32, 1) && can(row_count, 4096, 512), "layout %d, %d rows", i, (int) row_count);
        }
        for (const int64_t row_count : {(int64_t) 0, (int64_t) 1, tile - 1, -tile, INT64_MIN}) {
            CHECK(!can(row_count, 64, 1), "layout %d, %d rows", i, (int) row_count);
        }
        for (const int64_t length : {(int64_t) 0, (int64_t) 1, (int64_t) 16, (int64_t) 31, (int64_t) 33, (int64_t) 48, (int64_t) 1000,
                 (int64_t) -32, INT64_MIN, INT64_MAX}) {
            CHECK(!can(2 * tile, length, 1), "layout %d, length %d", i, (int) length);
        }
        for (const int column_count : {0, -1, INT32_MIN}) {
            CHECK(!can(2 * tile, 64, column_count), "layout %d, %d columns", i, column_count);
        }
        for (int64_t more = 1; more < 8; more++) {
            CHECK(can(2 * tile + more, 64, 1) == (layout != weight_layout::q4_0x8), "layout %d, %d rows", i, (int) (2 * tile + more));
        }
    }
    CHECK(name_of(kernels)[0] != '\0', "kernels without a name");
    CHECK(best_kernels() != kernels_of(instructions::reference), "the reference is no kernel for use");
    CHECK(set == instructions::reference || best_kernels(), "%s is there, yet no best", name_of(kernels));
}
