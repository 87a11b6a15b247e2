/*
 * own_kernel: names for the kernel's frames of a profile of this process.
 *
 * The kernel's list is long (some 100,000 functions) and takes a tenth of a second to read, so it
 * is kept once it was needed, and read anew for a profile with an address that is not in it, or
 * after some minutes, since modules come and go. Only the engine's thread comes here.
 */
#ifndef INPROC_OWN_KERNEL_H
#define INPROC_OWN_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

struct profile;

/* The file of the mapping that kernel frames come with. */
#define OWN_KERNEL_FILE "[kernel.kallsyms]"

bool own_kernel_is(const struct profile *profile, uint32_t mapping);

/* Names all locations of that mapping, with addresses that do not tell where the kernel was loaded;
 * those in modules go to mappings of their own. Where the names are hidden, a comment says so. */
void own_kernel_name(struct profile *profile, uint32_t mapping);

#endif
