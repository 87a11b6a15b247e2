/* test_perf_side: a perf sample becomes what BPF would have sent. */
#include "testing.h"

#include <linux/perf_event.h>
#include <stdlib.h>

#include "sampler/perf_side.h"

/* An event with room for a body. */
static struct follow_event *begin(void)
{
	struct follow_event *event = calloc(1, sizeof(*event) + 4096);

	event->kind = FOLLOW_SAMPLE;
	event->pid = 0x3ffffffe;
	event->tid = 0x3ffffffe;
	return event;
}

static void add(struct follow_event *event, uint64_t number)
{
	memcpy(event->data + event->len, &number, sizeof(number));
	event->len += sizeof(number);
}

static struct follow_event *whole_sample(void)
{
	struct follow_event *event = begin();

	add(event, 0); /* pid and tid */
	add(event, 5); /* time */
	add(event, 3); /* callchain: a marker and two kernel addresses */
	add(event, (uint64_t)PERF_CONTEXT_KERNEL);
	add(event, 0xffffffff81000001);
	add(event, 0xffffffff81000002);
	add(event, PERF_SAMPLE_REGS_ABI_64);
	for (uint64_t i = 0; i < 17; i++)
		add(event, 0x100 + i); /* in the order of the bits: ax, bx, cx, dx, si, di, bp, sp,
					  ip, … */
	add(event, 16);                /* the slice and how much of it was read */
	add(event, 0x1111);
	add(event, 0x2222);
	add(event, 8);
	return event;
}

static void every_part_is_found(void **state)
{
	struct perf_side side = { 0 };
	struct follow_event *event = whole_sample();
	struct sample_record record;
	const uint64_t *kernel;
	const char *slice;

	assert_true(perf_side_decode(&side, event, &record, &kernel, &slice));
	assert_int_equal(record.n_kernel, 2);
	assert_int_equal(kernel[0], 0xffffffff81000001);
	assert_int_equal(kernel[1], 0xffffffff81000002);
	assert_int_equal(record.regs[UNWIND_RAX], 0x100);
	assert_int_equal(record.regs[UNWIND_RBX], 0x101);
	assert_int_equal(record.fp, 0x106);
	assert_int_equal(record.sp, 0x107);
	assert_int_equal(record.pc, 0x108);
	assert_int_equal(record.regs[UNWIND_R8], 0x109);
	assert_int_equal(record.regs[UNWIND_R15], 0x110);
	assert_int_equal(record.slice_bytes, 8);
	assert_int_equal(record.slice_at, 0x107);
	assert_int_equal(*(const uint64_t *)slice, 0x1111);
	assert_int_equal(record.end, SAMPLE_NO_PROCESS);
	free(event);
	perf_side_close(&side);
}

static void a_kernel_thread_has_no_user_stack(void **state)
{
	struct perf_side side = { 0 };
	struct follow_event *event = begin();
	struct sample_record record;
	const uint64_t *kernel;
	const char *slice;

	add(event, 0);
	add(event, 5);
	add(event, 0);
	add(event, PERF_SAMPLE_REGS_ABI_NONE);
	add(event, 0);
	assert_true(perf_side_decode(&side, event, &record, &kernel, &slice));
	assert_int_equal(record.end, SAMPLE_NO_USER);
	free(event);
	perf_side_close(&side);
}

static void a_sample_cut_anywhere_is_refused(void **state)
{
	struct follow_event *event = whole_sample();
	size_t whole = event->len;

	for (size_t len = 0; len < whole; len++) {
		struct perf_side side = { 0 };
		/* In memory of just that size, so that reading past it is caught. */
		struct follow_event *cut = malloc(sizeof(*cut) + len);
		struct sample_record record;
		const uint64_t *kernel;
		const char *slice;

		memcpy(cut, event, sizeof(*cut) + len);
		cut->len = len;
		assert_false(perf_side_decode(&side, cut, &record, &kernel, &slice));
		perf_side_close(&side);
		free(cut);
	}
	free(event);
}

static void lying_lengths_are_refused(void **state)
{
	struct perf_side side = { 0 };
	struct follow_event *event = begin();
	struct sample_record record;
	const uint64_t *kernel;
	const char *slice;

	add(event, 0);
	add(event, 5);
	add(event, UINT64_MAX / 4);
	assert_false(perf_side_decode(&side, event, &record, &kernel, &slice));
	free(event);
	event = whole_sample();
	event->len -= sizeof(uint64_t);
	add(event, 17); /* more was read than there is */
	assert_false(perf_side_decode(&side, event, &record, &kernel, &slice));
	free(event);
	perf_side_close(&side);
}

static void a_process_that_is_not_there_is_named_in_the_refusal(void **state)
{
	unsigned cpu = 0;
	pid_t pid = 0x3ffffffe;
	struct perf_side_options options = {
		.cpus = &cpu, .n_cpus = 1, .pids = &pid, .n_pids = 1, .period_ns = 10000000
	};
	struct follow follow = { 0 };
	struct perf_side side;
	struct err err = { 0 };

	assert_int_equal(perf_side_open(&side, &follow, &options, &err), ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "1073741822"));
	perf_side_close(&side);
	follow_close(&follow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_part_is_found),
		cmocka_unit_test(a_kernel_thread_has_no_user_stack),
		cmocka_unit_test(a_sample_cut_anywhere_is_refused),
		cmocka_unit_test(lying_lengths_are_refused),
		cmocka_unit_test(a_process_that_is_not_there_is_named_in_the_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
