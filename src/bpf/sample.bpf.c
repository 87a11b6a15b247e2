/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* sample.bpf: a tick of the clock on a CPU; one record leaves. No policy lives here. */
#include "bpf/kernel.h"

#include <bpf/bpf_helpers.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "bpf/sample_abi.h"
#include "bpf/tables.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Set before load. */
const volatile bool whole_host;
const volatile bool with_kernel = true;
const volatile __u64 period_ns = 10101010;
const volatile __u64 ring_bytes = 1 << 22;

#define PAGE 4096u
#define UNREADABLE_MAX 8 /* pages of a stack in a row, before we give up */
#define FRAMES_MAX (SAMPLE_KERNEL_FRAMES_MAX + 1 + SAMPLE_USER_FRAMES_MAX)
#define BODY_BYTES (FRAMES_MAX * 8 + SAMPLE_SLICE_MAX)

/* A record under construction; the page more lets the verifier see that a copy never runs over. */
struct scratch {
	struct unwind_walk walk;
	struct sample_record record;
	__u8 body[BODY_BYTES + PAGE];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 22);
} samples SEC(".maps");

/* An element a CPU, because a value of a real per-CPU array is limited to 32 KiB. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, sizeof(struct scratch));
} scratches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sample_counters);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, __u8);
} targets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, struct unwind_process);
} processes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct sample_context_place);
} contexts SEC(".maps");

/*
 * When did ticks not come? Each should come `period_ns` after the one before; the estimate of the
 * clock's phase only ever moves earlier, to the promptest tick seen. The kernel skips periods that
 * have passed altogether.
 */
static __always_inline __u64 count_late(struct sample_counters *c, __u64 now_ns)
{
	__u64 due_ns = c->due_ns + period_ns, missed = 0;

	if (c->due_ns == 0 || now_ns < due_ns)
		due_ns = now_ns;
	else
		missed = (now_ns - due_ns) / period_ns;
	c->due_ns = due_ns + missed * period_ns;
	c->all_late += missed;
	return missed;
}

/*
 * Ticks that did not come belong to the thread that runs now only if it ran at the last tick, too,
 * and has not gone to sleep since: then the CPU was taken from it. Else it may as well have been
 * idle, and an idle CPU may be left without a tick.
 */
static __always_inline bool has_run_on(struct sample_counters *c, struct task_struct *task)
{
	__u64 tid = (__u32)bpf_get_current_pid_tgid(), sleeps = task->nvcsw;
	bool same = c->ran_tid == tid && c->ran_sleeps == sleeps;

	c->ran_tid = tid;
	c->ran_sleeps = sleeps;
	return same;
}

/* True if this tick is a sample of a target. */
static __always_inline bool count_tick(
	struct sample_counters *c, struct task_struct *task, __u32 tgid, __u64 now_ns)
{
	__u64 missed = count_late(c, now_ns);
	bool same = has_run_on(c, task);

	c->all_ticks++;
	if (tgid == 0 || !same)
		c->idle_late += missed;
	if (tgid == 0) {
		c->idle_ticks++;
		return false;
	}
	if (!whole_host && !bpf_map_lookup_elem(&targets, &tgid))
		return false;
	if (same)
		c->late += missed;
	c->attempted++;
	return true;
}

#define COPY_REGISTERS(to, from)                \
	do {                                    \
		(to)[UNWIND_R8] = (from)->r8;   \
		(to)[UNWIND_R9] = (from)->r9;   \
		(to)[UNWIND_R10] = (from)->r10; \
		(to)[UNWIND_R11] = (from)->r11; \
		(to)[UNWIND_R12] = (from)->r12; \
		(to)[UNWIND_R13] = (from)->r13; \
		(to)[UNWIND_R14] = (from)->r14; \
		(to)[UNWIND_R15] = (from)->r15; \
		(to)[UNWIND_RDI] = (from)->di;  \
		(to)[UNWIND_RSI] = (from)->si;  \
		(to)[UNWIND_RBP] = (from)->bp;  \
		(to)[UNWIND_RBX] = (from)->bx;  \
		(to)[UNWIND_RDX] = (from)->dx;  \
		(to)[UNWIND_RAX] = (from)->ax;  \
		(to)[UNWIND_RCX] = (from)->cx;  \
		(to)[UNWIND_RSP] = (from)->sp;  \
		(to)[UNWIND_RIP] = (from)->ip;  \
	} while (0)

/* The registers of user space: those interrupted, or those saved on the way into the kernel. */
static __always_inline __u8 user_registers(
	struct bpf_perf_event_data *ctx, struct task_struct *task, struct scratch *scratch)
{
	__u64 *regs = scratch->walk.regs;
	struct pt_regs *saved;
	__u64 probe;

	if ((ctx->regs.cs & 3) == 3) {
		COPY_REGISTERS(regs, &ctx->regs);
		return ctx->regs.cs == USER_CS_32 ? SAMPLE_32_BIT : UNWIND_CONTINUE;
	}
	saved = (struct pt_regs *)bpf_task_pt_regs(task);
	if (!BPF_CORE_READ(task, mm) || !saved || (saved->cs & 3) != 3)
		return SAMPLE_NO_USER;
	scratch->record.in_exec =
		saved->orig_ax == SYSCALL_EXECVE || saved->orig_ax == SYSCALL_EXECVEAT;
	if (scratch->record.in_exec &&
		bpf_probe_read_user(&probe, sizeof(probe), (void *)saved->sp))
		return SAMPLE_NO_USER;
	COPY_REGISTERS(regs, saved);
	return saved->cs == USER_CS_32 ? SAMPLE_32_BIT : UNWIND_CONTINUE;
}

struct slice {
	struct scratch *scratch;
	__u64 from, to;   /* addresses still to copy */
	__u32 begin, at;  /* where in the body */
	__u32 bytes;      /* up to the end of the last page that could be read */
	__u32 unreadable; /* pages in a row */
};

/* A page that was never touched, as in the middle of a large array, cannot be read here. It holds
 * zeros, which is what the failed copy leaves. */
static long copy_page(__u32 i, void *context)
{
	struct slice *s = context;
	__u64 room = PAGE - (s->from & (PAGE - 1));
	__u64 len = s->to - s->from;
	__u32 at = s->at;

	if (len > room)
		len = room;
	if (len == 0 || len > PAGE || at > BODY_BYTES || s->unreadable == UNREADABLE_MAX)
		return 1;
	s->unreadable++;
	if (!bpf_probe_read_user(s->scratch->body + at, len, (void *)s->from)) {
		s->unreadable = 0;
		s->bytes = at + len - s->begin;
	}
	s->from += len;
	s->at += len;
	return 0;
}

/*
 * The user's stack, so that user space can finish the walk. The first thread's ends
 * where the kernel put argc: what lies above, arguments and environment, is nobody's business.
 * A ring that fills up gets less.
 */
static __always_inline void copy_slice(struct scratch *scratch, struct task_struct *task)
{
	struct sample_record *r = &scratch->record;
	__u64 unread = bpf_ringbuf_query(&samples, BPF_RB_AVAIL_DATA);
	__u64 from = scratch->walk.sp - UNWIND_RED_ZONE,
	      bottom = BPF_CORE_READ(task, mm, start_stack);
	__u64 max = unread < ring_bytes / 2       ? SAMPLE_SLICE_MAX
		    : unread < ring_bytes / 4 * 3 ? 2 * PAGE
						  : 0;
	struct slice s = { .scratch = scratch, .from = from, .to = from + max };

	if (bottom > from && bottom + 8 < s.to)
		s.to = bottom + 8;
	r->slice_at = from;
	s.begin = s.at = (r->n_kernel + r->n_user) * 8;
	bpf_loop(SAMPLE_SLICE_MAX / PAGE + 1, copy_page, &s, 0);
	r->slice_bytes = s.bytes;
}

/* What the thread works on. We have interrupted it: a record that it is changing says so. */
static __always_inline void copy_context(
	struct scratch *scratch, struct task_struct *task, __u32 tgid)
{
	struct sample_record *r = &scratch->record;
	struct sample_context_place *place = bpf_map_lookup_elem(&contexts, &tgid);
	__u32 at = (r->n_kernel + r->n_user) * 8 + r->slice_bytes;
	__u64 context = 0;
	__u32 len;
	__u8 *into;

	if (!place || place->exec_id != r->exec_id || at > BODY_BYTES)
		return;
	into = scratch->body + at;
	if (bpf_probe_read_user(
		    &context, sizeof(context), (void *)(task->thread.fsbase + place->tls_offset)) ||
		!context || bpf_probe_read_user(into, SAMPLE_CONTEXT_HEAD, (void *)context) ||
		into[SAMPLE_CONTEXT_VALID] != 1)
		return;
	len = into[SAMPLE_CONTEXT_SIZE] | into[SAMPLE_CONTEXT_SIZE + 1] << 8;
	if (len > SAMPLE_CONTEXT_ATTRIBUTES_MAX)
		len = SAMPLE_CONTEXT_ATTRIBUTES_MAX;
	if (len && bpf_probe_read_user(into + SAMPLE_CONTEXT_HEAD, len,
			   (void *)(context + SAMPLE_CONTEXT_HEAD)))
		len = 0;
	r->context_bytes = SAMPLE_CONTEXT_HEAD + len;
}

/* Sends it off; wakes the reader early when the ring fills up. */
static __always_inline void send(struct sample_counters *c, struct scratch *scratch)
{
	struct sample_record *r = &scratch->record;
	__u64 size =
		sizeof(*r) + (r->n_kernel + r->n_user) * 8u + r->slice_bytes + r->context_bytes;
	__u64 unread = bpf_ringbuf_query(&samples, BPF_RB_AVAIL_DATA);
	__u64 wake = unread > ring_bytes / 4 ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;

	if (size > sizeof(*r) + BODY_BYTES + PAGE || bpf_ringbuf_output(&samples, r, size, wake))
		c->ring_full++;
	else
		c->sent++;
	if (r->slice_bytes)
		c->sliced++;
}

static __always_inline void fill_header(
	struct sample_record *r, struct task_struct *task, __u64 now_ns)
{
	__u64 id = bpf_get_current_pid_tgid();

	r->time_ns = now_ns;
	r->pid = id >> 32;
	r->tid = id;
	r->exec_id = task->self_exec_id;
	r->n_kernel = r->n_user = 0;
	r->slice_bytes = 0;
	r->in_exec = 0;
	r->context_bytes = 0;
	bpf_get_current_comm(r->comm, sizeof(r->comm));
	BPF_CORE_READ_STR_INTO(&r->process, task, group_leader, comm);
}

static __always_inline void kernel_stack(struct bpf_perf_event_data *ctx, struct scratch *scratch)
{
	long bytes;

	if (!with_kernel)
		return;
	bytes = bpf_get_stack(ctx, scratch->body, SAMPLE_KERNEL_FRAMES_MAX * 8, 0);
	if (bytes > 0)
		scratch->record.n_kernel = bytes / 8;
}

static long walk_on(__u32 i, void *context)
{
	struct scratch *scratch = *(struct scratch **)context;
	struct sample_record *r = &scratch->record;
	__u32 at = r->n_kernel + r->n_user;

	if (at >= FRAMES_MAX)
		return 1;
	*(__u64 *)(scratch->body + at * 8) = unwind_frame_address(&scratch->walk);
	r->n_user++;
	r->end = unwind_step(&scratch->walk);
	return r->end != UNWIND_CONTINUE;
}

static __always_inline void user_stack(struct scratch *scratch, __u32 tgid)
{
	struct sample_record *r = &scratch->record;
	struct unwind_process *process = bpf_map_lookup_elem(&processes, &tgid);

	unwind_start(&scratch->walk);
	if (process && process->generation == r->exec_id) {
		scratch->walk.process = *process;
		bpf_loop(SAMPLE_USER_FRAMES_MAX, walk_on, &scratch, 0);
		if (r->end == UNWIND_CONTINUE)
			r->end = UNWIND_DEPTH;
	} else {
		r->end = SAMPLE_NO_PROCESS;
	}
	if (r->end == UNWIND_PENDING || r->end == UNWIND_UNMAPPED)
		r->n_user--; /* where user space goes on */
	r->exact = scratch->walk.exact;
	r->rbx = scratch->walk.rbx;
	r->pc = scratch->walk.pc;
	r->sp = scratch->walk.sp;
	r->fp = scratch->walk.fp;
	if (r->exact || r->rbx)
		__builtin_memcpy(r->regs, scratch->walk.regs, sizeof(r->regs));
}

SEC("perf_event")
int on_tick(struct bpf_perf_event_data *ctx)
{
	__u32 zero = 0, cpu = bpf_get_smp_processor_id();
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct sample_counters *c = bpf_map_lookup_elem(&counters, &zero);
	struct scratch *scratch = bpf_map_lookup_elem(&scratches, &cpu);
	__u64 now_ns = bpf_ktime_get_ns();
	struct task_struct *task = bpf_get_current_task_btf();
	struct sample_record *r;

	if (!c || !scratch || !count_tick(c, task, tgid, now_ns))
		return 0;
	r = &scratch->record;
	fill_header(r, task, now_ns);
	kernel_stack(ctx, scratch);
	r->end = task->flags & PF_KTHREAD ? SAMPLE_NO_USER : user_registers(ctx, task, scratch);
	if (r->end == UNWIND_CONTINUE)
		user_stack(scratch, tgid);
	if (r->end == UNWIND_PENDING || r->end == UNWIND_UNMAPPED || r->end == SAMPLE_NO_PROCESS)
		copy_slice(scratch, task);
	if (r->end != SAMPLE_NO_USER)
		copy_context(scratch, task, tgid);
	send(c, scratch);
	return 0;
}

/*
 * A child is a target if its parent is, and begins with its parent's mappings. When it starts
 * another program its exec_id changes, and these mappings are no longer used.
 */
SEC("raw_tp/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 from = BPF_CORE_READ(parent, tgid), to = BPF_CORE_READ(child, tgid), zero = 0;
	struct sample_counters *c = bpf_map_lookup_elem(&counters, &zero);
	struct unwind_process *process;
	__u8 yes = 1;

	if (from == to)
		return 0;
	/* The number may have been another process's before. */
	if (!bpf_map_lookup_elem(&targets, &from))
		bpf_map_delete_elem(&targets, &to);
	else if (bpf_map_update_elem(&targets, &to, &yes, BPF_ANY) && c)
		c->targets_full++;
	process = bpf_map_lookup_elem(&processes, &from);
	if (process)
		bpf_map_update_elem(&processes, &to, process, BPF_ANY);
	else
		bpf_map_delete_elem(&processes, &to);
	return 0;
}
