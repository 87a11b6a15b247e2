/*
 * metrics: numbers about the server, as Prometheus reads them (text format 0.0.4).
 *
 * A metric is made once, at the start, and counted from any thread without a lock. What is known
 * elsewhere (the store, the process) is written by a collector when somebody asks.
 */
#ifndef SERVER_METRICS_H
#define SERVER_METRICS_H

#include <stdint.h>

#include "base/buf.h"

struct metrics;
struct metrics_counter;
struct metrics_times;

struct metrics *metrics_new(void); /* NULL without memory */
void metrics_free(struct metrics *metrics);

/* `labels` is as it will be printed, route="/ingest", or "". The same name and labels are the same
 * counter. The metrics own it; NULL without memory, which the functions below bear. */
struct metrics_counter *metrics_counter(
	struct metrics *metrics, const char *name, const char *help, const char *labels);
void metrics_count(struct metrics_counter *counter, uint64_t by);

/* A histogram of seconds, from a millisecond to a minute. */
struct metrics_times *metrics_times(
	struct metrics *metrics, const char *name, const char *help, const char *labels);
void metrics_time(struct metrics_times *times, uint64_t ns);

/* `write` adds lines, beginning with metrics_head. */
void metrics_collect(
	struct metrics *metrics, void (*write)(void *owner, struct buf *out), void *owner);

/* The lines that introduce a name; the type is counter or gauge. */
void metrics_head(struct buf *out, const char *name, const char *type, const char *help);

void metrics_write(struct metrics *metrics, struct buf *out);

#endif
