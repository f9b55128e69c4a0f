/* A driver that is missing, too old, without a device, or that fails in the middle: a message, nothing left behind, and the
 * session goes on when the driver does.
 */
#include "groups.h"
#include "random_trees.h"

#include <cstring>
#include <string>

namespace {

void opens_with(const char * library, const char * ptx, int32_t device, const char * words) {
    lsk_cuda *    session = reinterpret_cast<lsk_cuda *>(1);
    const int32_t status  = open_session(library, ptx, device, &session);
    CHECK(status == LSK_UNSUPPORTED && !session && strstr(last_cuda_message(), words), "status %d, \"%s\" lacks \"%s\"", status,
        last_cuda_message(), words);
    const fake_driver & driver = *fake_driver_state();
    CHECK(driver.context_count == 0 && driver.pushed_count == 0 && driver.allocation_count == 0, "\"%s\" left something behind", words);
}

} // namespace

void opening() {
    fake_driver & driver = *fake_driver_state();
    opens_with("llamaspec-no-such-driver", fake_ptx, 0, "no NVIDIA driver: llamaspec-no-such-driver");
    opens_with(fake_driver_path, nullptr, 0, "built without GPU kernels");
    opens_with(fake_driver_path, "something else", 0, "could not translate the kernels: not the fake PTX");
    opens_with(fake_driver_path, fake_ptx, 1, "there is no GPU 1: the highest number is 0");
    driver.device_count = 0;
    opens_with(fake_driver_path, fake_ptx, 0, "no GPU");
    driver = {};
    driver.init_result = 100;
    opens_with(fake_driver_path, fake_ptx, 0, "CUDA_ERROR_NO_DEVICE");
    driver       = {};
    driver.major = 7;
    driver.minor = 0;
    opens_with(fake_driver_path, fake_ptx, 0, "compute capability 7.0, 7.5 is needed");
    for (const char * failing :
        {"cuDeviceGet", "cuDeviceGetName", "cuDevicePrimaryCtxRetain", "cuCtxPushCurrent_v2", "cuModuleGetFunction", "cuStreamCreate"}) {
        driver         = {};
        driver.failing = failing;
        opens_with(fake_driver_path, fake_ptx, 0, "CUDA_ERROR_FAKE");
        CHECK(driver.call_count > 0, "%s was not called", failing);
    }
    driver = {};
    const fake_session session;
    char               name[64];
    CHECK(lsk_cuda_device_name(session.get(), name, 64) == LSK_OK && strcmp(name, "Emulated GPU") == 0, "%s", name);

    lsk_cuda *    real   = nullptr;
    const int32_t status = lsk_cuda_open(0, &real);
    printf("this machine: %s\n", status == LSK_OK ? "a GPU" : last_cuda_message());
    CHECK((status == LSK_OK) == (real != nullptr) && (status == LSK_OK || status == LSK_UNSUPPORTED), "status %d", status);
    CHECK(status == LSK_OK || strlen(last_cuda_message()) > 10, "no reason");
    lsk_cuda_close(real);
}

void failing_calls() {
    fake_driver & driver = *fake_driver_state();
    tree_options  options;
    options.column_count = 100;
    for (const char * failing : {"cuCtxPushCurrent_v2", "cuMemAlloc_v2", "cuMemHostAlloc", "cuMemcpyHtoDAsync_v2", "cuMemcpyDtoHAsync_v2",
             "cuLaunchKernel", "cuStreamSynchronize"}) {
        int32_t failed_count = 0;
        for (int32_t call = 0; call < 100; call++) {
            driver                 = {};
            driver.run             = {32, 1};
            const fake_session session;
            test_batch         batch  = random_batch(options, 3);
            lsk_tree_batch     view   = batch.view();
            driver.failing            = failing;
            driver.failing_call       = call;
            const auto         verify = [&] {
                return lsk_cuda_verify_trees_f32(session.get(), LSK_CUDA_HOST, batch.logits.data(), batch.row_count(), batch.column_count, &view);
            };
            const int32_t status = verify();
            driver.failing       = nullptr;
            if (status == LSK_OK) {
                break;
            }
            failed_count++;
            CHECK(status == LSK_UNSUPPORTED && strstr(last_cuda_message(), "CUDA_ERROR_FAKE"), "%s %d: status %d, %s", failing, call, status,
                last_cuda_message());
            CHECK(batch.verdicts[0].next_token == -77, "%s %d: half a result", failing, call);
            CHECK(driver.pushed_count == 0, "%s %d: the context stayed current", failing, call);
            CHECK(verify() == LSK_OK && batch.verdicts[0].next_token >= 0, "%s %d: %s", failing, call, last_cuda_message());
        }
        CHECK(failed_count > 0, "%s was not called", failing);
    }
}
