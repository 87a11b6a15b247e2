/*
 * accounting: where every sample of a capture went.
 *
 *     attempted = complete + Σ truncated[reason] + Σ lost[reason]
 *
 * The equation travels inside the profile as one pprof comment line
 * ("flyover.capture attempted=2970 complete=2967 truncated.depth=3 hz=99 …"), so that
 * every viewer can show it. Counts are samples of the chosen targets; idle_ticks are
 * not attempts: they are ticks of an idle CPU, counted to say how busy the machine was.
 */
#ifndef MODEL_ACCOUNTING_H
#define MODEL_ACCOUNTING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

enum truncated_reason {
	TRUNCATED_DEPTH,     /* deeper than the walker's limit */
	TRUNCATED_NO_TABLE,  /* a module without unwind tables, and no frame pointer led on */
	TRUNCATED_BAD_FRAME, /* a step led to an impossible address */
	TRUNCATED_MEMORY,    /* a stack page could not be read */
	TRUNCATED_SLICE,     /* the copied slice of the stack ended before the stack did */
	TRUNCATED_JIT,       /* code without frame pointers and without a map */
	TRUNCATED_REASONS
};

enum lost_reason {
	LOST_RING_FULL,     /* the reader was too slow */
	LOST_THROTTLED,     /* ticks the kernel or hypervisor did not deliver on a busy CPU */
	LOST_PROCESS_GONE,  /* the process left before its stack could be understood */
	LOST_NOT_PERMITTED, /* the process is there, but its mappings may not be read */
	LOST_NO_MEMORY,
	LOST_REASONS
};

struct accounting {
	bool known; /* false: this profile came from elsewhere and says nothing */
	uint64_t attempted, complete;
	uint64_t truncated[TRUNCATED_REASONS];
	uint64_t lost[LOST_REASONS];
	uint64_t idle_ticks, all_ticks; /* over all CPUs, for "busy 4 %" */
	uint64_t cpus;
	uint64_t hz;
	bool whole_host;
};

/* The short words used in the comment, in --json and in tables: "depth", "ring_full", … */
const char *truncated_name(enum truncated_reason reason);
const char *lost_name(enum lost_reason reason);

uint64_t accounting_truncated(const struct accounting *a); /* sums */
uint64_t accounting_lost(const struct accounting *a);
bool accounting_balances(const struct accounting *a); /* the equation above */

/* Sums the counts; the result is known if either is. */
void accounting_merge(struct accounting *into, const struct accounting *from);

/* The comment line, and back. Parsing false: not such a line, or one that does not balance. */
void accounting_to_comment(const struct accounting *a, struct buf *out);
bool accounting_from_comment(struct view line, struct accounting *ret);

#endif
