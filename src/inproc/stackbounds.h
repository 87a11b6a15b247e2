/*
 * stackbounds: where a thread's own stack lies.
 */
#ifndef INPROC_STACKBOUNDS_H
#define INPROC_STACKBOUNDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/view.h"

struct stackbounds {
	uint64_t low, high; /* of a first thread's stack only what is above the stack pointer is
			       sure to be there */
};

/* Of the calling thread, which pthread_create made. */
bool stackbounds_of_self(struct stackbounds *ret);

/* Of another thread, from /proc/self/maps, its stack pointer and its thread block, which lies at
 * the top of the stack. False if it runs on some other stack just now. */
bool stackbounds_find(struct view maps, uint64_t sp, uint64_t block, struct stackbounds *ret);

#endif
