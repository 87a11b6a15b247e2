/*
 * hook_pthread: pthread_create, so that new threads are sampled from their first instruction.
 *
 * While nothing is captured a new thread costs one test more than before.
 */
#ifndef INPROC_HOOK_PTHREAD_H
#define INPROC_HOOK_PTHREAD_H

#include <pthread.h>

/* The C library's own: for threads of the library itself. 0 or an errno. */
int hook_pthread_create(
	pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *context);

/* Has thread_exit called when the calling thread ends. */
void hook_pthread_at_exit(void);

#endif
