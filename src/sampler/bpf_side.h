/*
 * bpf_side: the sampler's half inside the kernel: its program, maps, ring and clocks.
 */
#ifndef SAMPLER_BPF_SIDE_H
#define SAMPLER_BPF_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "bpf/sample_abi.h"
#include "sampler/bpf_ring.h"
#include "unwind/unwind_space.h"

struct sample_bpf;
struct bpf_link;
struct symcache;

struct bpf_side_options {
	const unsigned *cpus; /* borrowed; the online ones */
	size_t n_cpus;
	uint64_t period_ns;
	bool whole_host, no_kernel;
	struct symcache *cache; /* borrowed; of the kernel's types; may be NULL */
};

struct bpf_side {
	struct sample_bpf *skeleton; /* owned; NULL = closed */
	struct bpf_ring ring;
	struct unwind_mapping *mappings; /* the kernel's memory, as are the next two */
	struct unwind_page *pages;
	struct unwind_rule *rules;
	uint32_t n_mappings;
	struct unwind_row *shards[UNWIND_SHARDS_MAX];
	int shard_fds[UNWIND_SHARDS_MAX];
	int *clocks; /* owned; a perf event a CPU */
	struct bpf_link **links;
	size_t n_clocks;
	unsigned n_cpus_possible;
};

/* Loads everything; nothing ticks yet. A zeroed struct bpf_side is a closed one. */
int bpf_side_open(struct bpf_side *side, const struct bpf_side_options *options, struct err *err);
void bpf_side_close(struct bpf_side *side);

/* Starts a clock on each CPU, each in a phase of its own. */
int bpf_side_start(struct bpf_side *side, const struct bpf_side_options *options, struct err *err);

/* The memory for unwind_space, with `side` as its owner. */
struct unwind_space_memory bpf_side_memory(struct bpf_side *side);

/* Samples of this process, and of children born from now on, are wanted. */
int bpf_side_target(struct bpf_side *side, pid_t pid, struct err *err);

/* Shows the walker a process's mappings, or nothing of it any more. 0 or ERR_NOMEM: the table of
 * processes is full; its samples then come with a slice of their stacks. */
int bpf_side_show(struct bpf_side *side, pid_t pid, const struct unwind_process *process);
void bpf_side_hide(struct bpf_side *side, pid_t pid, bool target_too);

/* What the walker sees of a process; false if nothing. */
bool bpf_side_shown(const struct bpf_side *side, pid_t pid, struct unwind_process *ret);

/* Where a process's threads keep their contexts, until it is hidden. 0 or ERR_NOMEM: the table is
 * full. */
int bpf_side_correlate(struct bpf_side *side, pid_t pid, const struct sample_context_place *place);

/* Readable when the ring fills up. */
int bpf_side_ring_fd(const struct bpf_side *side);

/* Sums over the CPUs. */
int bpf_side_counters(const struct bpf_side *side, struct sample_counters *ret, struct err *err);

/* Bytes of kernel memory in all maps, and instructions that the verifier went through. */
size_t bpf_side_kernel_bytes(const struct bpf_side *side);
unsigned bpf_side_verified(const struct bpf_side *side);

#endif
