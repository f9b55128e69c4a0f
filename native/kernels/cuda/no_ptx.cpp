/* For a build without a compiler for the GPU kernels. */
extern const char * const cuda_ptx;
const char * const        cuda_ptx = nullptr;
