/*
 * perf_side: sampling without BPF, by perf events of one's own processes.
 *
 * Each sample brings the registers and a copy of the stack's top, which is walked as BPF's
 * slices are. Events and samples come through the same rings (follow).
 */
#ifndef SAMPLER_PERF_SIDE_H
#define SAMPLER_PERF_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/map.h"
#include "bpf/sample_abi.h"
#include "sampler/follow.h"

#define PERF_SIDE_SLICE_BYTES 32768u

struct perf_side_name {
	char text[SAMPLE_COMM_MAX];
};

struct perf_side {
	int *fds; /* owned: the events whose records go to another's ring */
	size_t n_fds, cap_fds;
	bool with_kernel;
	struct map name_of; /* tid -> index in names */
	struct perf_side_name *names;
	size_t n_names, cap_names;
	uint64_t kernel[SAMPLE_KERNEL_FRAMES_MAX]; /* of the sample decoded last */
};

struct perf_side_options {
	const unsigned *cpus;
	size_t n_cpus;
	const pid_t *pids; /* borrowed; none = the whole host */
	size_t n_pids;
	uint64_t period_ns;
	bool no_kernel;
};

/* Opens the events of all threads on all CPUs, stopped. A zeroed struct is a closed one. */
int perf_side_open(struct perf_side *side, struct follow *follow,
	const struct perf_side_options *options, struct err *err);
int perf_side_start(struct perf_side *side, const struct follow *follow, struct err *err);
void perf_side_close(struct perf_side *side);

/* A sample as BPF would have sent it. What is returned points into the event and the side. False
 * if it is malformed. */
bool perf_side_decode(struct perf_side *side, const struct follow_event *event,
	struct sample_record *ret, const uint64_t **ret_kernel, const char **ret_slice);

#endif
