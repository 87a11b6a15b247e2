/*
 * push_sender: the thread that brings finished profiles to a server.
 *
 * Profiles wait in memory, at most memory_max bytes; with a spool, what the server does not take
 * goes to disk instead. Whatever is full drops its oldest, counted. After a failure the next
 * attempt waits a random time that grows from 1 to 60 s, or as long as the server says.
 */
#ifndef INPROC_PUSH_SENDER_H
#define INPROC_PUSH_SENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct push_item;

#define PUSH_SENDER_MEMORY ((uint64_t)8 << 20)

struct push_sender_options {
	const char *url;
	const char *token, *tenant;     /* NULL = none */
	const char *spool;              /* a folder; NULL = none */
	uint64_t spool_max, memory_max; /* bytes; 0 = the defaults */
};

struct push_sender_counts {
	uint64_t sent, sent_bytes;
	uint64_t failed;  /* attempts */
	uint64_t refused; /* profiles the server would not have, ever */
	uint64_t dropped; /* profiles that found no room in memory or on disk */
	uint64_t spooled; /* profiles that went to disk … */
	uint64_t spool_dropped, spool_failed, spool_bad; /* … were pushed out there; could not be
							    written; could not be read */
	uint64_t waiting;                                /* in memory, now */
};

/* ERR_LIMIT if one is running. */
int push_sender_start(const struct push_sender_options *options, struct err *err);

/* Takes the profile over; never waits. */
void push_sender_add(struct push_item *item);

/* Sends what it can in that time; the rest goes to the spool, or is dropped. Returns soon
 * after, whatever the server does. Not on the engine's thread. */
void push_sender_stop(unsigned flush_ms);

bool push_sender_running(void);
void push_sender_count(struct push_sender_counts *ret);

/* "flyover.push sent=… failed=… …": for the comments of a profile. */
void push_sender_say(struct buf *out);

/* In the child of a fork: it was the parent's. */
void push_sender_after_fork(void);

/* How long to wait after the n-th failure in a row, for a random number; in ns. */
uint64_t push_sender_backoff(unsigned failures, uint64_t random);

#endif
