/* What the machine can do at most, to set the products beside. */
#ifndef LLAMASPEC_ROWS_ROOFS_H
#define LLAMASPEC_ROWS_ROOFS_H

#include "row_product.h"
#include "team.h"

#include <vector>

/* Gigabytes a second of a plain read, in whatever instructions the compiler uses by default. */
double read_gigabytes(team & threads, const uint8_t * bytes, size_t count);

struct arithmetic_roof {
    const char * name;
    double       giga_operations; /* a second; a product and its addition are two */
};

/* Of the instructions that the kernels of a set multiply with. */
std::vector<arithmetic_roof> arithmetic_roofs(team & threads, llamaspec::rows::instructions set);

#endif
