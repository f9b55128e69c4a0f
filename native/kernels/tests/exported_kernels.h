/* The library's kernels as the table that its own code takes them from, in the instruction set that was chosen. */
#ifndef LLAMASPEC_KERNELS_EXPORTED_KERNELS_H
#define LLAMASPEC_KERNELS_EXPORTED_KERNELS_H

#include "../row_kernels.h"

extern const row_kernels exported_kernels;

#endif
