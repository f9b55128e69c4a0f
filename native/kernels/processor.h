/* Which instruction sets this processor and its operating system can run. */
#ifndef LLAMASPEC_PROCESSOR_H
#define LLAMASPEC_PROCESSOR_H

bool processor_has_avx2();
bool processor_has_avx512();

#endif
