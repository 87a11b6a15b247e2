/* test_own_profile: stacks and labels as handlers record them. */
#include "inproc/label_keys.h"
#include "inproc/own_profile.h"
#include "inproc/own_space.h"
#include "inproc/sig_sample.h"
#include "profiled.h"

static struct own_space *space;
static struct own_profile own;

static int set_up(void **state)
{
	if (own_space_new(&space, NULL) < 0 || own_space_refresh(space, NULL) < 0 ||
		own_profile_init(&own, space, NULL) < 0)
		return -1;
	return profile_add_type(own.profile, VIEW("samples"), VIEW("count"), NULL);
}

static int tear_down(void **state)
{
	own_profile_fini(&own);
	own_space_free(space);
	return label_keys_set_process("", NULL);
}

static void equal_stacks_are_one_and_a_cut_one_says_so(void **state)
{
	uint64_t stack[] = { (uint64_t)(uintptr_t)set_up + 1, (uint64_t)(uintptr_t)tear_down + 1 };
	uint32_t whole = own_profile_stack(&own, 1, stack, 2, -1), cut;
	int64_t one = 1;

	assert_int_equal(own_profile_stack(&own, 1, stack, 2, -1), whole);
	cut = own_profile_stack(&own, 1, stack, 2, TRUNCATED_DEPTH);
	assert_int_not_equal(cut, whole);
	profile_add(own.profile, whole, 0, &one);
	profile_add(own.profile, cut, 0, &one);
	assert_int_equal(profiled_total(own.profile, "[truncated: depth]"), 1);
	/* Addresses are those of the file. */
	assert_true(own.profile->locations[0].address < 0x10000000);
	assert_true(own.profile->locations[0].mapping > 0);
}

static void the_kernels_frames_lie_below_the_leaf_if_they_are_wanted(void **state)
{
	static uint64_t memory[64];
	struct sig_sample *sample = (struct sig_sample *)memory;
	const struct location *leaf;
	uint32_t with, without;

	sample->result = UNWIND_COMPLETE;
	sample->generation = own_space_generation(space);
	sample->n_kernel = 2;
	sample->n_frames = 3;
	sample->data[0] = 0xffffffff81000001;
	sample->data[1] = 0xffffffff81000002;
	sample->data[2] = (uint64_t)(uintptr_t)set_up + 1;
	without = own_profile_stack_of(&own, sample);
	assert_int_equal(
		without, own_profile_stack(&own, sample->generation, sample->data + 2, 1, -1));
	own.kernel = true;
	with = own_profile_stack_of(&own, sample);
	assert_int_not_equal(with, without);
	leaf = &own.profile->locations[own.profile->stacks.nodes[with].location];
	assert_int_equal(leaf->address, 0xffffffff81000001);
	assert_view_equal(profile_text(own.profile, own.profile->mappings[leaf->mapping].file),
		"[kernel.kallsyms]");
	assert_int_equal(own_profile_name(&own, NULL), 0);
	leaf = &own.profile->locations[own.profile->stacks.nodes[with].location];
	assert_true(leaf->n_lines == 1 && leaf->address < (uint64_t)1 << 32);
}

static void labels_of_process_trace_and_thread_are_joined(void **state)
{
	const uint8_t trace[16] = { 0x4b, 0xf9 }, span[8] = { 0, 0xf0 };
	uint8_t route = (uint8_t)label_keys_add("route", NULL, NULL);
	uint8_t attrs[] = { route, 1, 'a', route, 1, 'b', 200, 1, 'x', route, 9 };
	struct own_profile_context context = {
		.trace_id = trace, .span_id = span, .attrs = attrs, .attrs_size = sizeof(attrs)
	};
	int64_t one = 1;

	label_keys_set_process("service_name=demo", NULL);
	profile_add(own.profile, STACK_EMPTY, own_profile_labels(&own, &context), &one);
	assert_int_equal(profiled_labelled(own.profile, "service_name", "demo"), 1);
	assert_int_equal(
		profiled_labelled(own.profile, "trace_id", "4bf90000000000000000000000000000"), 1);
	assert_int_equal(profiled_labelled(own.profile, "span_id", "00f0000000000000"), 1);
	assert_int_equal(profiled_labelled(own.profile, "route", "b"), 1); /* the last one holds */
	assert_int_equal(own.profile->label_sets[own.profile->samples[0].labels].count, 4);
}

static void no_context_and_no_trace_give_no_labels(void **state)
{
	const uint8_t zeros[16] = { 0 };
	struct own_profile_context context = { .trace_id = zeros, .span_id = zeros };

	assert_int_equal(own_profile_labels(&own, &context), 0);
	context = (struct own_profile_context){ 0 };
	assert_int_equal(own_profile_labels(&own, &context), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			equal_stacks_are_one_and_a_cut_one_says_so, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_kernels_frames_lie_below_the_leaf_if_they_are_wanted, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			labels_of_process_trace_and_thread_are_joined, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			no_context_and_no_trace_give_no_labels, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
