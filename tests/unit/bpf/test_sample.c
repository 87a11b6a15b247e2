/* test_sample: the sampling BPF program, compiled for the host, with a machine of our own making.
 */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>

#undef bool
#undef true
#undef false
#include "bpf/sample.bpf.c"

#include "machine.h"

/* A target in user mode, ten pages below the top of its stack. */
static struct bpf_perf_event_data begin(void)
{
	struct bpf_perf_event_data context = {
		.regs = { .cs = 0x33, .ip = 0x401234, .sp = STACK_AT + 10 * PAGE + 8 }
	};

	memset(&machine, 0, sizeof(machine));
	machine.pid = machine.tid = PID;
	machine.now_ns = 1000000000;
	machine.targets[0] = PID;
	machine.task = (struct task_struct){ .mm = &machine.mm, .comm = "worker" };
	machine.task.group_leader = &machine.task;
	machine.mm.start_stack = STACK_AT + STACK_PAGES * PAGE;
	for (size_t i = 0; i < sizeof(machine.stack); i++)
		machine.stack[i] = (__u8)(i / PAGE + 1);
	return context;
}

static const struct sample_record *sent(void)
{
	assert_true(machine.sent_bytes >= sizeof(struct sample_record));
	return (const struct sample_record *)machine.sent;
}

static const __u8 *slice_of(const struct sample_record *r)
{
	return (const __u8 *)(r + 1) + 8 * (r->n_kernel + r->n_user);
}

static void others_and_idle_cpus_are_only_counted(void **state)
{
	struct bpf_perf_event_data context = begin();

	machine.pid = 101;
	on_tick(&context);
	machine.pid = 0;
	on_tick(&context);
	assert_int_equal(machine.counters.all_ticks, 2);
	assert_int_equal(machine.counters.idle_ticks, 1);
	assert_int_equal(machine.counters.attempted, 0);
	assert_int_equal(machine.sent_bytes, 0);
}

static void an_unknown_process_sends_its_registers_and_its_stack(void **state)
{
	struct bpf_perf_event_data context = begin();
	const struct sample_record *r;

	on_tick(&context);
	r = sent();
	assert_int_equal(r->end, SAMPLE_NO_PROCESS);
	assert_int_equal(r->n_kernel, 3);
	assert_int_equal(r->n_user, 0);
	assert_int_equal(r->pc, 0x401234);
	assert_int_equal(r->regs[UNWIND_RSP], context.regs.sp);
	assert_int_equal(r->slice_at, context.regs.sp - UNWIND_RED_ZONE);
	/* To the top of the stack. */
	assert_int_equal(r->slice_bytes, STACK_AT + STACK_PAGES * PAGE - r->slice_at);
	assert_int_equal(slice_of(r)[0], 10);
	assert_int_equal(slice_of(r)[r->slice_bytes - 1], STACK_PAGES);
	assert_string_equal(r->comm, "worker");
	assert_int_equal(machine.sent_bytes, sizeof(*r) + 3 * 8 + r->slice_bytes);
	assert_int_equal(machine.counters.sent, 1);
}

static void what_lies_above_argc_is_not_copied(void **state)
{
	struct bpf_perf_event_data context = begin();

	machine.mm.start_stack = STACK_AT + 12 * PAGE;
	on_tick(&context);
	assert_int_equal(sent()->slice_bytes, STACK_AT + 12 * PAGE + 8 - sent()->slice_at);
}

static void a_page_never_touched_reads_as_zeros(void **state)
{
	struct bpf_perf_event_data context = begin();
	const struct sample_record *r;

	machine.unreadable[10] = machine.unreadable[12] = true;
	machine.unreadable[STACK_PAGES - 1] = true;
	on_tick(&context);
	r = sent();
	assert_int_equal(slice_of(r)[UNWIND_RED_ZONE], 0);
	assert_int_equal(slice_of(r)[UNWIND_RED_ZONE + PAGE], 12);
	assert_int_equal(slice_of(r)[UNWIND_RED_ZONE + 2 * PAGE], 0);
	/* It ends with the last page that could be read. */
	assert_int_equal(r->slice_at + r->slice_bytes, STACK_AT + (STACK_PAGES - 1) * PAGE);
}

static void a_ring_that_fills_up_gets_shorter_slices(void **state)
{
	struct bpf_perf_event_data context = begin();

	machine.unread = ring_bytes / 2;
	on_tick(&context);
	assert_int_equal(sent()->slice_bytes, 2 * PAGE);
	machine.unread = ring_bytes / 4 * 3;
	on_tick(&context);
	assert_int_equal(sent()->slice_bytes, 0);
	machine.ring_is_full = true;
	on_tick(&context);
	assert_int_equal(machine.counters.ring_full, 1);
	assert_int_equal(
		machine.counters.attempted, machine.counters.sent + machine.counters.ring_full);
}

/* Frames linked by rbp, in code that steps so: {the caller's rbp, return address}. */
static void put_frame(__u64 at, __u64 next, __u64 return_address)
{
	__u64 pair[2] = { next, return_address };

	memcpy(machine.stack + (at - STACK_AT), pair, sizeof(pair));
}

static void a_known_process_is_walked_here(void **state)
{
	struct bpf_perf_event_data context = begin();
	__u64 sp = context.regs.sp;
	const struct sample_record *r;
	const __u64 *user;

	machine.mappings[1] = (struct unwind_mapping){
		.start = 0x400000, .end = 0x500000, .kind = UNWIND_MAPPING_JIT
	};
	machine.processes[0].pid = PID;
	machine.processes[0].process = (struct unwind_process){ 1, 1, 0, 7 };
	machine.task.self_exec_id = 7;
	context.regs.bp = sp + 64;
	put_frame(sp + 64, sp + 128, 0x402000);
	put_frame(sp + 128, 3, 0x403000);
	on_tick(&context);
	r = sent();
	user = (const __u64 *)(r + 1) + r->n_kernel;
	assert_int_equal(r->n_user, 3);
	assert_int_equal(user[0], 0x401234);
	assert_int_equal(user[1], 0x401fff); /* inside the call */
	assert_int_equal(user[2], 0x402fff);
	assert_int_equal(r->end, UNWIND_JIT);
	assert_int_equal(r->slice_bytes, 0);

	/* Since then it has become another program. */
	machine.task.self_exec_id = 8;
	on_tick(&context);
	assert_int_equal(sent()->end, SAMPLE_NO_PROCESS);

	/* Its caller lies where we know of nothing. */
	machine.task.self_exec_id = 7;
	put_frame(sp + 64, sp + 128, 0x900000);
	on_tick(&context);
	r = sent();
	assert_int_equal(r->end, UNWIND_UNMAPPED);
	assert_int_equal(r->n_user, 1);
	assert_int_equal(r->pc, 0x900000);
	assert_int_equal(r->exact, 0);
	assert_true(r->slice_bytes > 0);
}

static void in_the_kernel_the_saved_registers_count(void **state)
{
	struct bpf_perf_event_data context = begin();

	context.regs.cs = 0x10;
	machine.saved = (struct pt_regs){ .cs = 0x33, .ip = 0x404040, .sp = STACK_AT + PAGE };
	on_tick(&context);
	assert_int_equal(sent()->pc, 0x404040);
}

static void without_a_user_stack_there_is_nothing_to_walk(void **state)
{
	struct bpf_perf_event_data context = begin();

	machine.task.flags = PF_KTHREAD;
	on_tick(&context);
	assert_int_equal(sent()->end, SAMPLE_NO_USER);
	/* A process that is ending. */
	context = begin();
	context.regs.cs = 0x10;
	machine.task.mm = NULL;
	machine.saved = (struct pt_regs){ .cs = 0x33 };
	on_tick(&context);
	assert_int_equal(sent()->end, SAMPLE_NO_USER);
	/* One that is becoming another, whose stack is gone. */
	context = begin();
	context.regs.cs = 0x10;
	machine.saved = (struct pt_regs){ .cs = 0x33, .orig_ax = SYSCALL_EXECVE, .sp = 0x1000 };
	on_tick(&context);
	assert_int_equal(sent()->end, SAMPLE_NO_USER);
	assert_int_equal(sent()->in_exec, 1);
	/* 32-bit code. */
	context = begin();
	context.regs.cs = USER_CS_32;
	on_tick(&context);
	assert_int_equal(sent()->end, SAMPLE_32_BIT);
}

static void ticks_that_did_not_come_are_counted_where_they_fell(void **state)
{
	struct bpf_perf_event_data context = begin();

	on_tick(&context);
	machine.now_ns += period_ns + period_ns / 2; /* late, but it came */
	on_tick(&context);
	assert_int_equal(machine.counters.late, 0);
	machine.now_ns += period_ns / 2; /* in time again */
	on_tick(&context);
	assert_int_equal(machine.counters.late, 0);
	machine.now_ns += 4 * period_ns;
	on_tick(&context);
	assert_int_equal(machine.counters.late, 3);
	machine.pid = 0;
	machine.now_ns += 3 * period_ns;
	on_tick(&context);
	assert_int_equal(machine.counters.late, 3);
	assert_int_equal(machine.counters.idle_late, 2);
	assert_int_equal(machine.counters.all_late, 5);
	assert_int_equal(machine.counters.all_ticks, 5);
}

static void a_thread_that_slept_did_not_lose_the_ticks_of_an_idle_cpu(void **state)
{
	struct bpf_perf_event_data context = begin();

	on_tick(&context);
	machine.task.nvcsw++;
	machine.now_ns += 50 * period_ns;
	on_tick(&context);
	assert_int_equal(machine.counters.late, 0);
	assert_int_equal(machine.counters.idle_late, 49);
	machine.tid++; /* another thread, of which nothing is known */
	machine.now_ns += 3 * period_ns;
	on_tick(&context);
	assert_int_equal(machine.counters.late, 0);
	assert_int_equal(machine.counters.attempted, 3);
	assert_int_equal(machine.counters.idle_late, 51);
}

static void children_are_targets_and_numbers_used_again_are_not(void **state)
{
	struct task_struct parent = { .tgid = (int)PID }, child = { .tgid = 200 };
	struct task_struct stranger = { .tgid = 300 };
	__u32 key = 200;

	begin();
	machine.processes[0].pid = PID;
	machine.processes[0].process.first_mapping = 42;
	on_fork(&parent, &parent); /* a thread */
	assert_null(bpf_map_lookup_elem(&targets, &key));
	on_fork(&parent, &child);
	assert_non_null(bpf_map_lookup_elem(&targets, &key));
	assert_int_equal(
		((struct unwind_process *)bpf_map_lookup_elem(&processes, &key))->first_mapping,
		42);
	on_fork(&stranger, &child);
	assert_null(bpf_map_lookup_elem(&targets, &key));
	assert_null(bpf_map_lookup_elem(&processes, &key));
}

static void a_full_table_of_targets_is_counted(void **state)
{
	struct task_struct parent = { .tgid = (int)PID }, child = { .tgid = 200 };

	begin();
	for (int i = 1; i < 4; i++)
		machine.targets[i] = 1000 + (__u32)i;
	on_fork(&parent, &child);
	assert_int_equal(machine.counters.targets_full, 1);
}

#define RECORD_AT (STACK_AT + 2 * PAGE)

/* A thread whose pointer, 16 bytes below its thread pointer, leads to a record. */
static struct bpf_perf_event_data begin_to_say(__u16 attributes)
{
	struct bpf_perf_event_data context = begin();
	__u64 record = RECORD_AT;
	__u8 *at = machine.stack + (RECORD_AT - STACK_AT);

	machine.task.thread.fsbase = STACK_AT + PAGE;
	machine.context_pid = PID;
	machine.context_place = (struct sample_context_place){ -16, 7, 0 };
	machine.task.self_exec_id = 7;
	memcpy(machine.stack + PAGE - 16, &record, sizeof(record));
	memset(at, 0xab, 24);
	at[SAMPLE_CONTEXT_VALID] = 1;
	memcpy(at + SAMPLE_CONTEXT_SIZE, &attributes, sizeof(attributes));
	memset(at + SAMPLE_CONTEXT_HEAD, 'x', SAMPLE_CONTEXT_ATTRIBUTES_MAX);
	return context;
}

static __u32 said(struct bpf_perf_event_data *context)
{
	on_tick(context);
	return sent()->context_bytes;
}

static void what_a_thread_says_is_behind_its_stack(void **state)
{
	struct bpf_perf_event_data context = begin_to_say(5);
	const struct sample_record *r;
	const __u8 *at;

	assert_int_equal(said(&context), SAMPLE_CONTEXT_HEAD + 5);
	r = sent();
	at = slice_of(r) + r->slice_bytes;
	assert_int_equal(at[0], 0xab);
	assert_int_equal(at[SAMPLE_CONTEXT_HEAD + 4], 'x');
	assert_ptr_equal(at + r->context_bytes, machine.sent + machine.sent_bytes);
}

static void a_record_that_lies_or_is_being_changed_is_cut_or_left(void **state)
{
	struct bpf_perf_event_data context = begin_to_say(0xffff);
	__u8 *at = machine.stack + (RECORD_AT - STACK_AT);
	__u64 nowhere = 0x1234;

	assert_int_equal(said(&context), SAMPLE_CONTEXT_HEAD + SAMPLE_CONTEXT_ATTRIBUTES_MAX);
	machine.unreadable[3] = true; /* the record ends before its attributes do */
	memmove(at + PAGE - SAMPLE_CONTEXT_HEAD, at, SAMPLE_CONTEXT_HEAD);
	memcpy(machine.stack + PAGE - 16, &(__u64){ RECORD_AT + PAGE - SAMPLE_CONTEXT_HEAD }, 8);
	assert_int_equal(said(&context), SAMPLE_CONTEXT_HEAD);
	at[PAGE - SAMPLE_CONTEXT_HEAD + SAMPLE_CONTEXT_VALID] = 0;
	assert_int_equal(said(&context), 0);
	memcpy(machine.stack + PAGE - 16, &nowhere, sizeof(nowhere));
	assert_int_equal(said(&context), 0);
	memset(machine.stack + PAGE - 16, 0, sizeof(nowhere));
	assert_int_equal(said(&context), 0);
}

static void another_programs_place_is_not_looked_at(void **state)
{
	struct bpf_perf_event_data context = begin_to_say(0);

	assert_int_equal(said(&context), SAMPLE_CONTEXT_HEAD);
	machine.task.self_exec_id = 8;
	assert_int_equal(said(&context), 0);
	machine.task.self_exec_id = 7;
	machine.context_pid = 0;
	assert_int_equal(said(&context), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(others_and_idle_cpus_are_only_counted),
		cmocka_unit_test(an_unknown_process_sends_its_registers_and_its_stack),
		cmocka_unit_test(what_lies_above_argc_is_not_copied),
		cmocka_unit_test(a_page_never_touched_reads_as_zeros),
		cmocka_unit_test(a_ring_that_fills_up_gets_shorter_slices),
		cmocka_unit_test(a_known_process_is_walked_here),
		cmocka_unit_test(in_the_kernel_the_saved_registers_count),
		cmocka_unit_test(without_a_user_stack_there_is_nothing_to_walk),
		cmocka_unit_test(ticks_that_did_not_come_are_counted_where_they_fell),
		cmocka_unit_test(a_thread_that_slept_did_not_lose_the_ticks_of_an_idle_cpu),
		cmocka_unit_test(children_are_targets_and_numbers_used_again_are_not),
		cmocka_unit_test(a_full_table_of_targets_is_counted),
		cmocka_unit_test(what_a_thread_says_is_behind_its_stack),
		cmocka_unit_test(a_record_that_lies_or_is_being_changed_is_cut_or_left),
		cmocka_unit_test(another_programs_place_is_not_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
