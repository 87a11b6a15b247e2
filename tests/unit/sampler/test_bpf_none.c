/* test_bpf_none: without BPF programs in the build, every door says so and none crashes. */
#include "testing.h"

#include "sampler/bpf_none.c"

static void every_door_is_closed(void **state)
{
	struct bpf_side_options options = { 0 };
	struct sample_counters counters;
	struct unwind_process shown;
	struct bpf_side side;
	struct err err = { 0 };

	assert_int_equal(bpf_side_open(&side, &options, &err), ERR_UNSUPPORTED);
	assert_string_equal(err.text, "this build has no BPF programs");
	assert_int_equal(bpf_side_start(&side, &options, &err), ERR_UNSUPPORTED);
	assert_int_equal(bpf_side_target(&side, 1, &err), ERR_UNSUPPORTED);
	assert_int_equal(bpf_side_counters(&side, &counters, &err), ERR_UNSUPPORTED);
	assert_true(bpf_side_show(&side, 1, &shown) < 0);
	assert_false(bpf_side_shown(&side, 1, &shown));
	assert_int_equal(bpf_side_ring_fd(&side), -1);
	assert_int_equal(bpf_side_kernel_bytes(&side) + bpf_side_verified(&side), 0);
	assert_null(bpf_side_memory(&side).new_shard);
	bpf_side_hide(&side, 1, true);
	bpf_side_close(&side);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_door_is_closed) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
