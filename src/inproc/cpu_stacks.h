/*
 * cpu_stacks: finds the stacks of threads whose samples came without anybody knowing them.
 */
#ifndef INPROC_CPU_STACKS_H
#define INPROC_CPU_STACKS_H

#include <stddef.h>

struct sig_cpu_thread;

/* In the first n rows; reads the mappings once, if a row asks at all. */
void cpu_stacks_find(struct sig_cpu_thread *threads, size_t n);

#endif
