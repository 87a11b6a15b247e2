/*
 * push_spool: profiles that wait on disk while the server is away.
 *
 * A folder that several processes may share, with one file a profile:
 *
 *     TIME(20 digits)-ID-OWNER.fly        OWNER: namespace.pid.start, so that what a process left
 *                                         behind that is gone is sent by one that lives
 *
 * The limit is for the folder; the oldest files go first. Files are written whole, so a torn one is
 * a disk's fault: it is renamed to *.bad and left alone. Nothing is kept open. One thread.
 */
#ifndef INPROC_PUSH_SPOOL_H
#define INPROC_PUSH_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct push_item;

#define PUSH_SPOOL_BYTES ((uint64_t)64 << 20)
#define PUSH_SPOOL_BATCH 32
#define PUSH_SPOOL_NAME_MAX 128

struct push_spool {
	char folder[512]; /* "" = there is none */
	uint64_t bytes_max;
	char owner[64];
	/* The oldest of ours that are waiting, in order. */
	char names[PUSH_SPOOL_BATCH][PUSH_SPOOL_NAME_MAX];
	size_t n_names, next;
	uint64_t dropped; /* files that the limit pushed out, by us */
	uint64_t bad;
};

/* Makes the folder if it is not there (mode 0700). */
int push_spool_open(
	struct push_spool *spool, const char *folder, uint64_t bytes_max, struct err *err);

/* Writes the profile to disk; older ones make room. */
int push_spool_put(struct push_spool *spool, const struct push_item *item, struct err *err);

/* The oldest profile that is ours to send, owned by the caller; NULL if there is none. It stays on
 * disk until push_spool_done. */
struct push_item *push_spool_first(struct push_spool *spool);
void push_spool_done(struct push_spool *spool);

#endif
