/*
 * sig_walk: walks the stack that a signal interrupted, in this very process.
 *
 * The steps are those of bpf/walk.h over the same tables. Memory is read directly where it is known
 * to be there: between the interrupted stack pointer and the top of the thread's own stack. All
 * other pages (fibers, alternate stacks, wherever a damaged stack may point) are first tried with a
 * system call that fails instead of faulting: rt_sigprocmask with a nonsense request reads its
 * argument and then refuses. No sandbox forbids it, since every signal handler needs it.
 */
#ifndef INPROC_SIG_WALK_H
#define INPROC_SIG_WALK_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "unwind/stackwalk.h"

#define SIG_WALK_PROBES_MAX 64 /* system calls for one walk */

/* Rules that were found lately, by address; all zeros at first. Good for one state of the tables;
 * all threads share it. */
#define SIG_WALK_MEMORY 2048

struct sig_walk_memory {
	_Atomic uint64_t slots[SIG_WALK_MEMORY]; /* address << 16 | rule + 1 */
};

/* Where the interrupted thread's own stack lies; high 0 = not known. */
struct sig_walk_stack {
	uint64_t low, high;
};

struct sig_walk {
	struct unwind_walk walk; /* walk.regs filled in by the caller */
	const struct stackwalk_tables *tables;
	struct sig_walk_memory *memory; /* NULL = none */
	struct sig_walk_stack stack;

	/* private */
	uint64_t safe_low, safe_high;   /* of the stack */
	uint64_t tried_low, tried_high; /* pages that were there a moment ago */
	uint32_t probes;
};

/* Writes an address inside the calling instruction of each frame, leaf first, at most `max` of
 * them. Returns why it ended: UNWIND_COMPLETE, UNWIND_DEPTH or a reason for which a stack is cut
 * short; never UNWIND_UNMAPPED or UNWIND_PENDING: code that no table covers (`*ret_unmapped` says
 * that there was some) is left by the frame pointer. Async-signal-safe. */
enum unwind_result sig_walk_run(
	struct sig_walk *walk, uint64_t *frames, size_t max, size_t *ret_n, int *ret_unmapped);

#endif
