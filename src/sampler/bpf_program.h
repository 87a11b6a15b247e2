/*
 * bpf_program: the program that samples, taken by the kernel.
 */
#ifndef SAMPLER_BPF_PROGRAM_H
#define SAMPLER_BPF_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct sample_bpf;
struct symcache;

struct bpf_program_options {
	size_t ring_bytes; /* a power of two, of whole pages */
	unsigned n_cpus;   /* that there may ever be */
	uint64_t period_ns;
	bool whole_host, no_kernel;
	struct symcache *cache; /* borrowed; of the kernel's types; may be NULL */
};

/* Loaded, not attached. *ret is owned: sample_bpf__destroy (sampler/bpf_skeleton.h). ERR_DENIED: it
 * needs capabilities; ERR_UNSUPPORTED: the kernel has no type information. */
int bpf_program_load(
	const struct bpf_program_options *options, struct sample_bpf **ret, struct err *err);

#endif
