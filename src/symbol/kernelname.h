/*
 * kernelname: gives locations in the kernel their names, and addresses that tell nothing.
 */
#ifndef SYMBOL_KERNELNAME_H
#define SYMBOL_KERNELNAME_H

#include <stdbool.h>
#include <stdint.h>

struct kallsyms;
struct profile;

/* Moves the location to the mapping of the kernel or of a module, with a relative address. Without
 * a name it becomes "[kernel]" at 0, and the result is false. symbols may be NULL. */
bool kernelname_give(struct profile *profile, uint32_t location, const struct kallsyms *symbols);

/* Afterwards: replaces a mapping of raw kernel addresses. */
void kernelname_hide(struct profile *profile, uint32_t mapping);

#endif
