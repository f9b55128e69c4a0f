/* Which instruction sets this processor and its operating system can run. */
#ifndef LLAMASPEC_PROCESSOR_H
#define LLAMASPEC_PROCESSOR_H

bool processor_has_avx2();
bool processor_has_f16c();
bool processor_has_avx_vnni();   /* dot products of bytes on 256 bits */
bool processor_has_avx512();
bool processor_has_avx512_vnni(); /* the same on 512 bits */
bool processor_has_avx512_bf16();
bool processor_has_neon_dot_product();

#endif
