/*
 * thread_stack: the stack of any thread of this process, disturbing it as little as possible.
 *
 * A thread that waits is walked without its help (quiet_walk). Where that fails, because a frame
 * pointer would have to be known, it is asked by a signal, once for each place where it waits: the
 * answer tells the frame pointer for the next time. A thread that runs is asked; one that is ready
 * to run but not on a CPU only at the second visit: it may be about to leave a call that a signal
 * would make return EINTR. On the engine's thread only.
 */
#ifndef INPROC_THREAD_STACK_H
#define INPROC_THREAD_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "inproc/sig_sample.h"
#include "inproc/thread_look.h"

#define THREAD_STACK_PLACES 4

struct thread_stack {
	pid_t tid;
	int slot; /* of the question it was asked, or -1 */
	struct thread_look look;
	struct {
		uint64_t pc, sp, fp;
	} places[THREAD_STACK_PLACES]; /* where it waited before */
	unsigned n_places;
	bool put_off; /* the last visit found it ready to run, but not on a CPU */
};

enum thread_stack_result {
	THREAD_STACK_GONE,
	THREAD_STACK_TAKEN,  /* *ret is good until the next call */
	THREAD_STACK_ASKED,  /* the answer comes */
	THREAD_STACK_LATER,  /* it may just be waking up, inside of a call: look again, once */
	THREAD_STACK_REFUSED /* it blocks the signal, or too many are being asked */
};

struct thread_stack_counts {
	uint64_t quiet, asked;
	uint64_t delicate; /* of those asked, in calls that a signal may make return EINTR */
	uint64_t put_off, refused;
};

/* How threads are to be asked: `memory` of quiet_walk_open, a signal that sig_cpu handles. */
struct thread_stack_way {
	int memory, signal_number;
	struct thread_stack_counts counts;
};

/* " quiet=… asked=… delicate=… put_off=… refused=…" */
void thread_stack_describe(const struct thread_stack_counts *counts, struct buf *out);

void thread_stack_init(struct thread_stack *thread, pid_t tid);

enum thread_stack_result thread_stack_begin(
	struct thread_stack *thread, struct thread_stack_way *way, const struct sig_sample **ret);

/* The answer of a thread that was asked; NULL if it is not there yet. Then thread_stack_end. */
const struct sig_sample *thread_stack_answer(struct thread_stack *thread);

/* No longer interested, or done. False if the answer is being written just now. */
bool thread_stack_end(struct thread_stack *thread);

#endif
