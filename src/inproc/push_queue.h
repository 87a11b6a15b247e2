/*
 * push_queue: profiles that wait in memory, the oldest first, up to a limit of bytes.
 *
 * Not locked: its owner sees to that.
 */
#ifndef INPROC_PUSH_QUEUE_H
#define INPROC_PUSH_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct push_item;

struct push_queue {
	struct push_item *first, *last; /* owned */
	uint64_t n, bytes, bytes_max;
	uint64_t dropped; /* the oldest, to keep the limit */
};

/* Take the profile over: as the newest; or back as the oldest, which it was. */
void push_queue_add(struct push_queue *queue, struct push_item *item);
void push_queue_put_back(struct push_queue *queue, struct push_item *item);

/* The oldest, the caller's from then on; NULL if it is empty. */
struct push_item *push_queue_take(struct push_queue *queue);

#endif
