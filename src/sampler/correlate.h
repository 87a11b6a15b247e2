/*
 * correlate: what of its work a process lets others know: its context, and where its threads keep
 * theirs, so that the kernel's side can read it into each sample.
 *
 * A process is looked at when it is first sampled, and again after 1, 2, 4, … 64 s if it had
 * nothing to say. Of one that has, what it says anew is seen within seconds.
 */
#ifndef SAMPLER_CORRELATE_H
#define SAMPLER_CORRELATE_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/foreign_context.h"
#include "sampler/thread_record.h"

struct sampler;
struct process;

/* One process's; owned by it. */
struct correlation {
	struct foreign_context context;
	bool shown;        /* the kernel's side knows where its threads' records are … */
	uint32_t shown_id; /* … of which of its programs; see process.h's exec_id */
	uint64_t looked_ns, wait_ns;
};

/* Looks at it if it is time; at most CORRELATE_LOOKS_MAX processes between two drains. */
#define CORRELATE_LOOKS_MAX 16u
void correlate_look(struct sampler *s, struct process *process, uint64_t now_ns);

/* It has gone, or is another program now. */
void correlate_forget(struct process *process);

void correlate_fini(struct sampler *s);

/* What a sample's bytes say; false if nothing. Borrows until the next look. */
bool correlate_read(struct sampler *s, struct process *process, struct view bytes, uint64_t now_ns,
	struct thread_record *ret);

/* What a sampled process says about itself, or NULL. Good until the next poll. */
const struct foreign_context *correlate_context(struct sampler *s, pid_t pid);

#endif
