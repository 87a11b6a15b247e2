/*
 * readroom: memory for profiles while they are read: who would take more than there is waits.
 *
 * From its bytes, unpacked, until it is with the store a profile takes memory for them, for its
 * tables, and for the stacks, which are most of it. Requests take room for all of that before they
 * decode, in the order in which they come, so that a large one is not overtaken for ever. One that
 * is larger than the room has it for itself, and the rest of what answers may take.
 */
#ifndef INGEST_READROOM_H
#define INGEST_READROOM_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/budget.h"
#include "ingest/census.h"

struct readroom {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	size_t bytes_max, bytes;      /* bytes_max 0 = no limit */
	struct budget_pool *lender;   /* NULL = nobody lends */
	bool has_first, has_claimant; /* of those that wait */
};

/* What one request has of it; a zeroed one is of no room, and has all that it wants. */
struct readroom_seat {
	struct readroom *room;   /* borrowed */
	size_t bytes, of_lender; /* of the bytes */
};

void readroom_init(struct readroom *room, size_t bytes_max, struct budget_pool *lender);
void readroom_fini(struct readroom *room);

/* Room to read so many bytes with so much in them, also after a request has some. ERR_USAGE with a
 * refusal: more than ever is, or not soon. */
int readroom_take(struct readroom_seat *seat, size_t unpacked_bytes, const struct census *census,
	struct refusal *refusal);

/* What that takes, about. */
size_t readroom_cost(size_t unpacked_bytes, const struct census *census);

void readroom_leave(struct readroom_seat *seat);

size_t readroom_taken(struct readroom *room);

#endif
