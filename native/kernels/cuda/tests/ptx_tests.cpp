/* The PTX in the library: the entry points are there, and nothing else is needed to load it. */
#include "groups.h"

#include <cstring>
#include <string>

void ptx() {
    if (!cuda_ptx) {
        skip("built without GPU kernels");
    }
    const std::string text = cuda_ptx;
    for (const char * wanted : {".visible .entry lsk_cuda_sum_rows(", ".visible .entry lsk_cuda_verify_trees(", ".target sm_75", ".address_size 64"}) {
        CHECK(text.find(wanted) != std::string::npos, "%s is missing", wanted);
    }
    for (const char * unwanted : {".extern", "call.uni", "call (", "vprintf", "malloc"}) {
        CHECK(text.find(unwanted) == std::string::npos, "%s: a library function would have to be there", unwanted);
    }
    /* Its structs are passed by value: their size is the host's. */
    const std::string rows  = "lsk_cuda_sum_rows_param_0[" + std::to_string(sizeof(cuda::row_arguments)) + "]";
    const std::string trees = "lsk_cuda_verify_trees_param_0[" + std::to_string(sizeof(cuda::tree_arguments)) + "]";
    CHECK(text.find(rows) != std::string::npos, "%s", rows.c_str());
    CHECK(text.find(trees) != std::string::npos, "%s", trees.c_str());
    CHECK(sizeof(cuda::tree_memory) <= 48 * 1024 && sizeof(cuda::row_memory) <= 48 * 1024, "more shared memory than every GPU has");
}
