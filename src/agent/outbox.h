/*
 * outbox: parcels on their way to a server.
 *
 * One at a time, in order. A server that does not answer, or says 429 or 5xx, is asked again after
 * a wait that doubles up to OUTBOX_WAIT_MAX_S (or that it asked for). What a server refuses for
 * good is dropped and counted; so is the oldest parcel when there is no room for a new one.
 */
#ifndef AGENT_OUTBOX_H
#define AGENT_OUTBOX_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "net/fetches.h"

#define OUTBOX_WAIT_MAX_S 60u

struct outbox;

struct outbox_options {
	const char *url; /* of the method that takes them; copied */
	const char *mime;
	struct fetch_trust trust; /* copied */
	size_t bytes_max;         /* of all parcels that wait */
};

int outbox_new(const struct outbox_options *options, struct outbox **ret, struct err *err);

/* Waits up to wait_ms for what is still to be sent; the rest is lost. */
void outbox_free(struct outbox *outbox, unsigned wait_ms);

/* Takes the bytes over, whatever comes of it. */
void outbox_put(struct outbox *outbox, struct buf *parcel);

struct outbox_figures {
	uint64_t sent, refused, dropped; /* parcels */
	size_t waiting, waiting_bytes;
	char trouble[256]; /* of the last attempt; "" if it went well */
};
void outbox_get_figures(struct outbox *outbox, struct outbox_figures *ret);

#endif
