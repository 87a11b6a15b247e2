/* bpf_core_read: on the host every offset is right, and what is copied is there. */
#ifndef SHIM_BPF_CORE_READ_H
#define SHIM_BPF_CORE_READ_H

#define SHIM_READ_1(from, a) ((from)->a)
#define SHIM_READ_2(from, a, b) ((from)->a ? (from)->a->b : 0)
#define SHIM_READ(_2, _1, name, ...) name
#define BPF_CORE_READ(from, members...) \
	SHIM_READ(members, SHIM_READ_2, SHIM_READ_1, )(from, members)

#define BPF_CORE_READ_STR_INTO(into, from, a, b) \
	bpf_probe_read_kernel_str(*(into), sizeof(*(into)), (from)->a->b)

#endif
