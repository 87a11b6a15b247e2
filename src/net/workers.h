/*
 * workers: a few threads and what waits for them.
 */
#ifndef NET_WORKERS_H
#define NET_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

struct workers;

struct workers_options {
	unsigned threads;
	size_t waiting_max; /* things that no thread has taken yet */
	void (*work)(void *owner, void *thing);
	void *owner;
};

/* NULL without memory or threads. */
struct workers *workers_new(const struct workers_options *options);

/* False when too much waits already. */
bool workers_give(struct workers *workers, void *thing);

/* Does what still waits, then ends. NULL is fine. */
void workers_free(struct workers *workers);

#endif
