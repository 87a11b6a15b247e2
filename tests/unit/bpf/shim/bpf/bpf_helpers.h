/*
 * bpf_helpers: the kernel's helpers as the tests play them, so that a BPF program can be compiled
 * for the host and run under sanitizers. The tests define what those do that are only declared
 * here.
 */
#ifndef SHIM_BPF_HELPERS_H
#define SHIM_BPF_HELPERS_H

#include <stdio.h>

#define SEC(name)
#undef __always_inline
#define __always_inline inline
#define __uint(name, value) int(*name)[value]
#define __type(name, value) __typeof__(value) *name
#define __array(name, value) __typeof__(value) *name[]

static void *bpf_map_lookup_elem(const void *map, const void *key);
static long bpf_map_update_elem(const void *map, const void *key, const void *value, __u64 flags);
static long bpf_map_delete_elem(const void *map, const void *key);
static long bpf_ringbuf_output(const void *ring, void *data, __u64 size, __u64 flags);
static __u64 bpf_ringbuf_query(const void *ring, __u64 flags);
static long bpf_probe_read_user(void *into, __u32 size, const void *from);
static long bpf_get_stack(void *context, void *into, __u32 size, __u64 flags);
static long bpf_get_current_comm(void *into, __u32 size);
static __u64 bpf_get_current_pid_tgid(void);
static __u64 bpf_ktime_get_ns(void);
static struct task_struct *bpf_get_current_task_btf(void);
static long bpf_task_pt_regs(struct task_struct *task);

static inline long bpf_probe_read_kernel_str(void *into, __u32 size, const void *from)
{
	snprintf(into, size, "%s", (const char *)from);
	return 0;
}

static inline __u32 bpf_get_smp_processor_id(void)
{
	return 0;
}

static inline long bpf_loop(__u32 n, long (*call)(__u32, void *), void *context, __u64 flags)
{
	__u32 i = 0;

	while (i < n)
		if (call(i++, context))
			break;
	return i;
}

#endif
