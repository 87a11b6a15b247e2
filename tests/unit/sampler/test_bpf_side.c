/* test_bpf_side: the kernel takes the program, its maps are ours to write, its clocks tick. */
#include "testing.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "sampler/bpf_side.h"
#include "sampler/preflight.h"

static const unsigned first_cpu[] = { 0 };
static const struct bpf_side_options options = {
	.cpus = first_cpu, .n_cpus = 1, .period_ns = 1000000, .whole_host = true
};

static void open_or_skip(struct bpf_side *side)
{
	struct err err = { 0 };
	int rc = preflight_bpf(&err);

	if (rc == 0)
		rc = bpf_side_open(side, &options, &err);
	if (rc == ERR_DENIED || rc == ERR_UNSUPPORTED) {
		fprintf(stderr, "skipped: %s\n", err.text);
		skip();
	}
	if (rc < 0)
		fail_msg("%s", err.text);
}

static void clocks_tick_and_are_counted(void **state)
{
	struct timespec pause = { .tv_nsec = 200000000 };
	struct sample_counters before, after;
	struct bpf_side side;

	open_or_skip(&side);
	assert_int_equal(bpf_side_counters(&side, &before, NULL), 0);
	assert_int_equal(before.all_ticks, 0);
	assert_int_equal(bpf_side_start(&side, &options, NULL), 0);
	nanosleep(&pause, NULL);
	assert_int_equal(bpf_side_counters(&side, &after, NULL), 0);
	/* 200 of them, but the machine may be busy with others. */
	assert_in_range(after.all_ticks + after.all_late, 20, 100000);
	assert_true(after.attempted >= after.sent + after.ring_full);
	assert_true(after.attempted <= after.all_ticks);
	bpf_side_close(&side);
}

static void what_is_shown_is_what_the_walker_sees(void **state)
{
	struct unwind_process shown = { .first_mapping = 7, .n_mappings = 3, .generation = 9 },
			      seen;
	struct bpf_side side;

	open_or_skip(&side);
	assert_false(bpf_side_shown(&side, 1234, &seen));
	assert_int_equal(bpf_side_show(&side, 1234, &shown), 0);
	assert_true(bpf_side_shown(&side, 1234, &seen));
	assert_memory_equal(&seen, &shown, sizeof(seen));
	bpf_side_hide(&side, 1234, true);
	assert_false(bpf_side_shown(&side, 1234, &seen));
	bpf_side_close(&side);
}

static void shards_are_made_when_needed_and_cost_what_they_hold(void **state)
{
	struct unwind_space_memory memory;
	struct unwind_row *rows;
	struct bpf_side side;
	size_t before, with;

	open_or_skip(&side);
	memory = bpf_side_memory(&side);
	before = bpf_side_kernel_bytes(&side);
	rows = memory.new_shard(memory.owner, 5);
	assert_non_null(rows);
	rows[UNWIND_SHARD_ROWS - 1].rule = 3;
	with = bpf_side_kernel_bytes(&side);
	/* 4 bytes a row, and at most a few pages around them. */
	assert_in_range(with - before, UNWIND_SHARD_ROWS * 4, UNWIND_SHARD_ROWS * 4 + 16384);
	memory.drop_shard(memory.owner, 5);
	assert_int_equal(bpf_side_kernel_bytes(&side), before);
	bpf_side_close(&side);
}

static void the_verifier_has_room_to_spare(void **state)
{
	struct bpf_side side;

	open_or_skip(&side);
	/* The limit is a million, but what the verifier looks at is what a start costs. Some 5,000
	 * now: a branch in a loop that it follows both ways shows here first. */
	assert_in_range(bpf_side_verified(&side), 100, 20000);
	bpf_side_close(&side);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clocks_tick_and_are_counted),
		cmocka_unit_test(what_is_shown_is_what_the_walker_sees),
		cmocka_unit_test(shards_are_made_when_needed_and_cost_what_they_hold),
		cmocka_unit_test(the_verifier_has_room_to_spare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
