/*
 * brief_btf: of the kernel's types, only what a BPF program of ours reads.
 *
 * A program names structs and members (bpf/kernel.h); where the running kernel has them is in its
 * BTF, of five megabytes. The brief has the same structs at the same size, with these members at
 * the kernel's offsets, in about a kilobyte: all that libbpf needs to relocate the program.
 */
#ifndef SAMPLER_BRIEF_BTF_H
#define SAMPLER_BRIEF_BTF_H

#include "base/err.h"

struct btf;

/* The structs of `wanted` that the kernel has too. A member that the kernel's has not is left out,
 * as it would be missing in the kernel's own. Both are borrowed; *ret is owned: btf__free. */
int brief_btf_make(
	const struct btf *wanted, const struct btf *kernel, struct btf **ret, struct err *err);

#endif
