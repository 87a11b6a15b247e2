/*
 * own_threads: the threads that the library itself added to the program: they are never sampled,
 * and their CPU time is not the program's.
 */
#ifndef INPROC_OWN_THREADS_H
#define INPROC_OWN_THREADS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define OWN_THREADS_MAX 4

/* The calling thread is one of them; before it ends it says so. */
void own_threads_begin(void);
void own_threads_end(void);

bool own_threads_have(pid_t tid);

/* The CPU time that all of them have used, also those that ended. */
uint64_t own_threads_cpu_ns(void);

/* In the child of a fork, which has none. */
void own_threads_after_fork(void);

#endif
