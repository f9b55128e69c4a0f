/* An opened device: its context, the loaded kernels, and memory that grows. Every call makes the context current and hands
 * the thread back as it was, because ggml may use the same device in the same process.
 */
#ifndef LLAMASPEC_CUDA_SESSION_H
#define LLAMASPEC_CUDA_SESSION_H

#include "driver.h"
#include "llamaspec_cuda.h"
#include "tree_walk.h"

/* PTX of kernels.cu; null when the build had no compiler for it. */
extern const char * const cuda_ptx;

struct device_memory {
    cuda_address address = 0;
    size_t       size    = 0;
};

struct host_memory { /* page-locked: copied at the bus's full speed */
    void * data = nullptr;
    size_t size = 0;
};

struct lsk_cuda {
    cuda_driver   driver;
    char          name[256]    = "";
    int           device       = 0;
    bool          is_retained  = false;
    void *        context      = nullptr;
    void *        module       = nullptr;
    void *        stream       = nullptr;
    void *        sum_rows     = nullptr;
    void *        verify_trees = nullptr;
    device_memory logits, proposals, scratch, arguments;
    host_memory   staging;
};

/* All return an lsk_status, with a message when it is not LSK_OK. */

/* Opens a device with a given driver library and PTX: lsk_cuda_open's with the real ones, a test's with its own. */
int32_t open_session(const char * driver_library, const char * ptx, int32_t device, lsk_cuda ** session);
void    close_session(lsk_cuda * session);

/* The status of a driver call. */
int32_t check_cuda(const lsk_cuda & session, cuda_result result, const char * what);

int32_t grow(lsk_cuda & session, device_memory & memory, size_t size);
int32_t grow(lsk_cuda & session, host_memory & memory, size_t size);
int32_t launch(lsk_cuda & session, void * kernel, int32_t block_count, void * arguments);

/* Makes the context current for a scope. */
class current_context {
public:
    explicit current_context(lsk_cuda & session)
        : session_(session), status_(check_cuda(session, session.driver.push_context(session.context), "cuCtxPushCurrent")) {}
    ~current_context() {
        void * previous;
        if (status_ == LSK_OK) {
            session_.driver.pop_context(&previous);
        }
    }
    current_context(const current_context &)             = delete;
    current_context & operator=(const current_context &) = delete;

    int32_t status() const { return status_; }

private:
    lsk_cuda & session_;
    int32_t    status_;
};

#define LSK_CUDA_TRY(expression)           \
    do {                                   \
        const int32_t status = (expression); \
        if (status != LSK_OK) {            \
            return status;                 \
        }                                  \
    } while (0)

#endif
