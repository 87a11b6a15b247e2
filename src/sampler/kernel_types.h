/*
 * kernel_types: where the running kernel has what our BPF program reads, kept from one start to the
 * next.
 *
 * libbpf would read and parse all of /sys/kernel/btf/vmlinux at each start, a third of what a start
 * costs. The cache (symbol/symcache) keeps the answer for this build of the kernel and of the
 * program.
 */
#ifndef SAMPLER_KERNEL_TYPES_H
#define SAMPLER_KERNEL_TYPES_H

#include "base/err.h"
#include "base/view.h"
#include "symbol/symcache.h"

/* program: the bytes of the BPF program's ELF file. A descriptor of a file in memory that has the
 * types as BTF, which the caller closes; an error if there is no telling, and then libbpf has to
 * look for itself. */
int kernel_types_open(struct symcache *cache, struct view program, struct err *err);

/* The BTF in what the cache keeps; ERR_CORRUPT if it is not as it was written. */
int kernel_types_check(struct view kept, struct view *ret_btf, struct err *err);

#endif
