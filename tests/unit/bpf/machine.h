/* machine: what the BPF helpers show to a program compiled for the host: a machine of our own
 * making. To be included behind the program. */
#ifndef MACHINE_H
#define MACHINE_H

#define STACK_AT 0x7fff00000000ull
#define STACK_PAGES 20
#define PID 100u

/* The machine that the helpers show. */
static struct {
	__u32 pid, tid;
	__u64 now_ns, unread;
	struct task_struct task;
	struct mm_struct mm;
	struct pt_regs saved;
	struct sample_counters counters;
	struct scratch scratch;
	struct {
		__u32 pid;
		struct unwind_process process;
	} processes[4];
	__u32 targets[4];
	__u32 context_pid;
	struct sample_context_place context_place;
	struct unwind_mapping mappings[4];
	_Alignas(8) __u8 stack[STACK_PAGES * PAGE];
	bool unreadable[STACK_PAGES];
	__u64 kernel[3];
	bool ring_is_full;
	_Alignas(8) __u8 sent[sizeof(struct sample_record) + BODY_BYTES + PAGE];
	__u64 sent_bytes;
} machine;

static void *bpf_map_lookup_elem(const void *map, const void *key)
{
	__u32 k = *(const __u32 *)key;

	if (map == &counters)
		return &machine.counters;
	if (map == &scratches)
		return &machine.scratch;
	if (map == &contexts)
		return k == machine.context_pid ? &machine.context_place : NULL;
	if (map == &mappings)
		return k < 4 ? &machine.mappings[k] : NULL;
	for (int i = 0; i < 4; i++) {
		if (map == &targets && machine.targets[i] == k)
			return &machine.targets[i];
		if (map == &processes && machine.processes[i].pid == k)
			return &machine.processes[i].process;
	}
	return NULL;
}

static long bpf_map_delete_elem(const void *map, const void *key)
{
	__u32 k = *(const __u32 *)key;

	for (int i = 0; i < 4; i++) {
		if (map == &targets && machine.targets[i] == k)
			machine.targets[i] = 0;
		if (map == &processes && machine.processes[i].pid == k)
			machine.processes[i].pid = 0;
	}
	return 0;
}

static long bpf_map_update_elem(const void *map, const void *key, const void *value, __u64 flags)
{
	__u32 k = *(const __u32 *)key;

	bpf_map_delete_elem(map, key);
	for (int i = 0; i < 4; i++) {
		if (map == &targets && !machine.targets[i]) {
			machine.targets[i] = k;
			return 0;
		}
		if (map == &processes && !machine.processes[i].pid) {
			machine.processes[i].pid = k;
			machine.processes[i].process = *(const struct unwind_process *)value;
			return 0;
		}
	}
	return -1;
}

static long bpf_ringbuf_output(const void *ring, void *data, __u64 size, __u64 flags)
{
	assert_true(size <= sizeof(machine.sent));
	if (machine.ring_is_full)
		return -1;
	memcpy(machine.sent, data, size);
	machine.sent_bytes = size;
	return 0;
}

static __u64 bpf_ringbuf_query(const void *ring, __u64 flags)
{
	return machine.unread;
}

/* As the kernel does it: all or nothing, and zeros for nothing. */
static long bpf_probe_read_user(void *into, __u32 size, const void *from)
{
	__u64 at = (__u64)from - STACK_AT;

	memset(into, 0, size);
	if (at >= sizeof(machine.stack) || at + size > sizeof(machine.stack))
		return -14;
	for (__u64 page = at / PAGE; page <= (at + size - 1) / PAGE; page++)
		if (machine.unreadable[page])
			return -14;
	memcpy(into, machine.stack + at, size);
	return 0;
}

static long bpf_get_stack(void *context, void *into, __u32 size, __u64 flags)
{
	assert_int_equal(flags, 0);
	memcpy(into, machine.kernel, sizeof(machine.kernel));
	return sizeof(machine.kernel);
}

static long bpf_get_current_comm(void *into, __u32 size)
{
	return bpf_probe_read_kernel_str(into, size, machine.task.comm);
}

static __u64 bpf_get_current_pid_tgid(void)
{
	return (__u64)machine.pid << 32 | machine.tid;
}

static __u64 bpf_ktime_get_ns(void)
{
	return machine.now_ns;
}

static struct task_struct *bpf_get_current_task_btf(void)
{
	return &machine.task;
}

static long bpf_task_pt_regs(struct task_struct *task)
{
	return (long)&machine.saved;
}

#endif
