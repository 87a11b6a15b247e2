/*
 * follow: what happens to processes, in the order of time.
 *
 * perf records of all CPUs (mappings made, programs started, processes born and ended) become
 * events, sorted by CLOCK_MONOTONIC, which BPF's samples carry too. A reader that first notes
 * where the samples stand, then drains, then applies to every sample the events before it, knows
 * of each process what was true when it was sampled, even if it has ended since.
 */
#ifndef SAMPLER_FOLLOW_H
#define SAMPLER_FOLLOW_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sampler/perf_ring.h"

enum follow_kind {
	FOLLOW_MAP,    /* executable memory was mapped */
	FOLLOW_EXEC,   /* a program was started: all mappings before are gone */
	FOLLOW_FORK,   /* a process was born (not a thread) */
	FOLLOW_EXIT,   /* the last thread of a process ended, or its first: see follow.c */
	FOLLOW_SAMPLE, /* a sample of the perf backend */
	FOLLOW_LOST    /* the kernel had no room for `count` records of this CPU */
};

struct follow_event {
	uint64_t time_ns;
	uint64_t number; /* of arrival: decides between equal times */
	enum follow_kind kind;
	uint32_t pid, tid, parent;
	uint64_t start, end, offset;        /* FOLLOW_MAP */
	uint64_t device, inode, generation; /* FOLLOW_MAP; 0 for anonymous memory */
	uint64_t count;                     /* FOLLOW_LOST */
	size_t len;                         /* bytes in data */
	char data[];                        /* the path (MAP) or command (EXEC), NUL-terminated;
					       the body of the record (SAMPLE) */
};

#define FOLLOW_EVENTS_MAX 1000000u /* waiting at once; beyond it FOLLOW_LOST */

struct follow {
	struct perf_ring *rings; /* owned */
	int *fds;                /* owned; the events that the rings belong to */
	size_t n_rings, cap_rings, cap_fds;
	struct follow_event **queue; /* owned, each too; sorted from `next` on after a drain */
	size_t n_queue, next, cap_queue;
	uint64_t arrived, records_lost;
};

/* What every event that follow reads must have in its attributes: sample_type has
 * PERF_SAMPLE_TID and PERF_SAMPLE_TIME at least, sample_id_all, CLOCK_MONOTONIC, mmap2, comm, task.
 */
void follow_attributes(struct perf_event_attr *attr);

/* Follows every process of the host on the given CPUs. A zeroed struct follow is a closed one. */
int follow_open_host(struct follow *follow, const unsigned *cpus, size_t n_cpus, size_t ring_bytes,
	struct err *err);

/* Takes over one more event and maps its ring. */
int follow_add_ring(struct follow *follow, int event_fd, size_t ring_bytes, struct err *err);
void follow_close(struct follow *follow);

/* Collects all that has come. */
int follow_drain(struct follow *follow, struct err *err);

/* The next event not later than `until_ns`, or NULL; owned by the caller: free(). */
struct follow_event *follow_next(struct follow *follow, uint64_t until_ns);

/* One record as an event; NULL for records that say nothing to us, or without memory. For tests
 * and fuzzers the record may be anything. */
struct follow_event *follow_decode(const struct perf_event_header *header);

#endif
