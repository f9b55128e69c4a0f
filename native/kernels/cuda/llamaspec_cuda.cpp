/* The exported functions: check arguments, move memory, start the kernels. */
#include "batch.h"
#include "exports.h"
#include "session.h"

#include <cmath>
#include <cstdio>
#include <cstring>

int32_t lsk_cuda_open(int32_t device, lsk_cuda ** session) {
    LSK_REQUIRE(session, "session is null");
    LSK_REQUIRE(device >= 0, "device is %d, must not be negative", device);
    return open_session(cuda_driver_library, cuda_ptx, device, session);
}

int32_t lsk_cuda_close(lsk_cuda * session) {
    close_session(session);
    return LSK_OK;
}

int32_t lsk_cuda_device_name(lsk_cuda * session, char * name, int32_t capacity) {
    LSK_REQUIRE(session, "session is null");
    LSK_REQUIRE(name && capacity > 0, "there is no room for the name");
    snprintf(name, (size_t) capacity, "%s", session->name);
    return LSK_OK;
}

/* Sets *address to where the device finds the logits. */
static int32_t bring_logits(lsk_cuda & session, int32_t memory, const float * logits, int64_t count, const float ** address) {
    *address = logits;
    if (memory == LSK_CUDA_DEVICE) {
        return LSK_OK;
    }
    const size_t size = sizeof(float) * (size_t) count;
    LSK_CUDA_TRY(grow(session, session.logits, size));
    *address = on_device<float>(session.logits.address);
    return check_cuda(session, session.driver.copy_to_device(session.logits.address, logits, size, session.stream), "copying logits");
}

/* What has been started must end before the memory that it reads is anyone else's, also after a failure. */
static int32_t wait(lsk_cuda & session, int32_t status) {
    const cuda_result result = session.driver.wait_for_stream(session.stream);
    return status != LSK_OK ? status : check_cuda(session, result, "the kernel");
}

static int32_t reserve(lsk_cuda & session, size_t size) {
    LSK_CUDA_TRY(grow(session, session.staging, size));
    return grow(session, session.arguments, size);
}

static int32_t copy_block(lsk_cuda & session, size_t input_size) {
    return check_cuda(session, session.driver.copy_to_device(session.arguments.address, session.staging.data, input_size, session.stream), "copying arguments");
}

static int32_t copy_results(lsk_cuda & session, size_t first, size_t end) {
    return check_cuda(session,
        session.driver.copy_to_host(on_host<char>(session, first), session.arguments.address + first, end - first, session.stream), "copying results");
}

static int32_t run_statistics(
    lsk_cuda & session, int32_t memory, const float * logits, int32_t row_count, int32_t column_count,
    float inverse_temperature, const row_layout & rows, size_t input_size, size_t size) {
    for (int32_t row = 0; row < row_count; row++) {
        on_host<int32_t>(session, rows.rows)[row]               = row;
        on_host<float>(session, rows.inverse_temperatures)[row] = inverse_temperature;
    }
    const float * address;
    LSK_CUDA_TRY(bring_logits(session, memory, logits, (int64_t) row_count * column_count, &address));
    LSK_CUDA_TRY(copy_block(session, input_size));
    cuda::row_arguments arguments = rows.arguments(session, address, column_count);
    LSK_CUDA_TRY(launch(session, session.sum_rows, row_count, &arguments));
    return copy_results(session, input_size, size);
}

static int32_t run_trees(
    lsk_cuda & session, int32_t memory, const float * logits, int32_t row_count, int32_t column_count, const lsk_tree_batch & batch,
    const row_layout & rows, const tree_layout & trees, size_t input_size, size_t size) {
    LSK_CUDA_TRY(grow(session, session.scratch, sizeof(float) * 2 * (size_t) column_count * (size_t) batch.request_count));
    const float * address;
    LSK_CUDA_TRY(bring_logits(session, memory, logits, (int64_t) row_count * column_count, &address));
    LSK_CUDA_TRY(fill_batch(session, rows, trees, column_count, batch));
    LSK_CUDA_TRY(copy_block(session, input_size));
    cuda::row_arguments  row_arguments  = rows.arguments(session, address, column_count);
    cuda::tree_arguments tree_arguments = trees.arguments(session, row_arguments);
    LSK_CUDA_TRY(launch(session, session.sum_rows, batch.request_count + batch.node_count, &row_arguments));
    LSK_CUDA_TRY(launch(session, session.verify_trees, batch.request_count, &tree_arguments));
    return copy_results(session, input_size, size);
}

/* 2^30: a kernel counts beyond a row's end by a few strides. */
#define LSK_REQUIRE_ROWS()                                                                                                    \
    LSK_REQUIRE(session, "session is null");                                                                                  \
    LSK_REQUIRE(memory == LSK_CUDA_HOST || memory == LSK_CUDA_DEVICE, "memory is %d, not one of LSK_CUDA_*", memory);           \
    LSK_REQUIRE(row_count >= 0, "row_count is %d, must not be negative", row_count);                                           \
    LSK_REQUIRE(column_count > 0 && column_count <= 1 << 30, "column_count is %d, must be 1 to 2^30", column_count);            \
    LSK_REQUIRE(logits || row_count == 0, "logits is null")

int32_t lsk_cuda_copy_f32(lsk_cuda * session, const float * values, int64_t count, const float ** address) {
    LSK_REQUIRE(session, "session is null");
    LSK_REQUIRE(values && count > 0, "there are no values");
    LSK_REQUIRE(address, "address is null");
    const current_context current(*session);
    LSK_CUDA_TRY(current.status());
    return wait(*session, bring_logits(*session, LSK_CUDA_HOST, values, count, address));
}

int32_t lsk_cuda_rows_statistics_f32(
    lsk_cuda * session, int32_t memory, const float * logits, int32_t row_count, int32_t column_count,
    float inverse_temperature, lsk_row_statistics * statistics, uint8_t * is_valid) {
    LSK_REQUIRE_ROWS();
    LSK_REQUIRE(std::isfinite(inverse_temperature) && inverse_temperature > 0,
        "inverse_temperature is %g, must be finite and above 0", (double) inverse_temperature);
    LSK_REQUIRE(row_count == 0 || (statistics && is_valid), "statistics or is_valid is null");
    if (row_count == 0) {
        return LSK_OK;
    }
    const current_context current(*session);
    LSK_CUDA_TRY(current.status());
    block_layout layout;
    row_layout   rows;
    rows.place_inputs(layout, row_count);
    const size_t input_size = layout.size();
    rows.place_outputs(layout, row_count);
    LSK_CUDA_TRY(reserve(*session, layout.size()));
    LSK_CUDA_TRY(wait(*session,
        run_statistics(*session, memory, logits, row_count, column_count, inverse_temperature, rows, input_size, layout.size())));
    for (int32_t row = 0; row < row_count; row++) {
        const cuda::row_sums & sums = on_host<cuda::row_sums>(*session, rows.sums)[row];
        is_valid[row]               = sums.argmax >= 0;
        if (is_valid[row]) {
            statistics[row] = statistics_of(sums, inverse_temperature);
        }
    }
    return LSK_OK;
}

int32_t lsk_cuda_verify_trees_f32(
    lsk_cuda * session, int32_t memory, const float * logits, int32_t row_count, int32_t column_count, const lsk_tree_batch * batch) {
    LSK_REQUIRE_ROWS();
    LSK_REQUIRE(batch, "batch is null");
    LSK_CUDA_TRY(check_batch(row_count, column_count, *batch));
    if (batch->request_count == 0) {
        return LSK_OK;
    }
    const current_context current(*session);
    LSK_CUDA_TRY(current.status());
    const int64_t state_count = (int64_t) batch->request_count + batch->node_count;
    block_layout  layout;
    row_layout    rows;
    tree_layout   trees;
    rows.place_inputs(layout, state_count);
    trees.place_inputs(layout, *batch);
    const size_t input_size = layout.size();
    rows.place_outputs(layout, state_count);
    trees.place_outputs(layout, *batch);
    LSK_CUDA_TRY(reserve(*session, layout.size()));
    LSK_CUDA_TRY(wait(*session, run_trees(*session, memory, logits, row_count, column_count, *batch, rows, trees, input_size, layout.size())));
    for (int64_t state = 0; state < state_count; state++) {
        const cuda::row_sums & sums = on_host<cuda::row_sums>(*session, rows.sums)[state];
        if (sums.argmax >= 0) {
            batch->statistics[state] = statistics_of(sums, on_host<float>(*session, rows.inverse_temperatures)[state]);
        }
    }
    std::memcpy(batch->verdicts, on_host<lsk_tree_verdict>(*session, trees.verdicts), sizeof(lsk_tree_verdict) * (size_t) batch->request_count);
    return LSK_OK;
}
