/*
 * queue: where threads meet. Bounded, many producers, many consumers, of pointers.
 */
#ifndef BASE_QUEUE_H
#define BASE_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t not_empty, not_full;
	void **items; /* owned ring; what the pointers point to is not */
	size_t cap, count, head;
	bool closed;
};

/* 0 or ERR_NOMEM. */
int queue_init(struct queue *queue, size_t cap);
void queue_fini(struct queue *queue);

bool queue_put(struct queue *queue, void *item);     /* waits for room; false if closed */
bool queue_put_now(struct queue *queue, void *item); /* false if full or closed */
void *queue_take(struct queue *queue);               /* waits; NULL when closed and empty */
void queue_close(struct queue *queue);

#endif
