/*
 * bpf_memory: the memory of a BPF map, or of another file, shared with the kernel.
 *
 * No child gets it: a fork would copy an entry for each of its pages, and that was a quarter of
 * what reading debug information in a child cost.
 */
#ifndef SAMPLER_BPF_MEMORY_H
#define SAMPLER_BPF_MEMORY_H

#include <stddef.h>
#include <sys/mman.h>

/* `protection` as mmap's. NULL with errno. Unmapped by munmap. */
void *bpf_memory_map(int fd, size_t bytes, int protection, size_t offset);

#endif
