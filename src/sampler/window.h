/*
 * window: samples added up to a profile.
 *
 * A user address becomes (module, file address), so that processes share locations; generated
 * code stays at its address, in a mapping of its process; kernel addresses stay raw until the
 * symbolizer names them. Return addresses are given less one: inside the call.
 */
#ifndef SAMPLER_WINDOW_H
#define SAMPLER_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "model/accounting.h"
#include "model/profile.h"
#include "sampler/sampler.h"
#include "symbol/symbol.h"

struct module;
struct process;
struct thread_record;

/* One sample, ready to be added; all borrowed. */
struct window_sample {
	struct process *process; /* NULL for kernel threads */
	uint32_t pid, tid;
	struct view process_name, thread_name;
	const uint64_t *kernel; /* innermost first, as the kernel gives them */
	size_t n_kernel;
	const uint64_t *user; /* innermost first; inside the instruction or call */
	size_t n_user;
	int truncated;                    /* enum truncated_reason, or -1 */
	const struct thread_record *says; /* NULL = nothing */
};

struct window {
	struct profile *profile;       /* owned */
	struct symbol_source *sources; /* owned; one a mapping of the profile */
	size_t n_sources, cap_sources;
	struct accounting accounting;
	uint64_t start_ns;
	int64_t period_ns;
	const struct sampler_label *labels; /* borrowed */
	size_t n_labels;

	struct map mapping_of;                 /* module or process -> mapping id */
	struct map labels_of;                  /* (pid, names, what it says) -> label set */
	uint32_t truncated[TRUNCATED_REASONS]; /* locations */
	uint32_t kernel_mapping, unknown_mapping;
	pid_t lead_pid;       /* the one process that was asked for; 0 = none, or several */
	uint32_t lead;        /* the mapping of its program; 0 = not met yet */
	struct object **held; /* owned references */
	size_t n_held, cap_held;
};

int window_init(struct window *window, int64_t period_ns, struct err *err);
void window_fini(struct window *window);

/* Puts the mapping of the asked process's program first: by that, pprof tells what a profile is of.
 * To be called once, after the last sample. */
void window_lead(struct window *window);

/* Counts and adds; 0 or ERR_NOMEM (then it is counted as lost). */
int window_add(struct window *window, const struct window_sample *sample, uint64_t now_ns);

#endif
