/* test_frame_names: locations become the names that people read. */
#include "sample_profile.h"

#include "codec/frame_names.h"

static void as_it_is(struct view name, struct buf *out)
{
	buf_add_view(out, name);
}

static struct view name_at(const struct frame_names *f, uint32_t stack)
{
	return strings_at(&f->names, f->stacks.nodes[stack].location);
}

static void inlined_functions_are_frames_below_their_caller(void **state)
{
	PROFILE_AUTO p = sample_profile();
	struct frame_names f;
	uint32_t leaf;

	assert_int_equal(frame_names_init(&f, p, as_it_is, NULL), 0);
	leaf = f.of_stack[p->samples[0].stack];
	assert_view_equal(name_at(&f, leaf), "program+0x1340");
	leaf = f.stacks.nodes[leaf].parent;
	assert_view_equal(name_at(&f, leaf), "inlined");
	leaf = f.stacks.nodes[leaf].parent;
	assert_view_equal(name_at(&f, leaf), "main");
	assert_int_equal(f.stacks.nodes[leaf].parent, STACK_EMPTY);
	frame_names_fini(&f);
}

static void locations_of_one_function_are_one_frame(void **state)
{
	PROFILE_AUTO p = profile_new();
	uint32_t a = profile_push(p, STACK_EMPTY, sample_location(p, "f", 1, 0));
	uint32_t b = profile_push(p, STACK_EMPTY, sample_location(p, "f", 2, 0));
	struct frame_names f;

	assert_int_not_equal(a, b);
	assert_int_equal(frame_names_init(&f, p, as_it_is, NULL), 0);
	assert_int_equal(f.of_stack[a], f.of_stack[b]);
	frame_names_fini(&f);
}

static void an_address_without_a_file_is_a_plain_number(void **state)
{
	PROFILE_AUTO p = profile_new();
	BUF_AUTO name = { 0 };

	profile_location(p, &(struct location){ .address = 0xabc }, NULL);
	frame_names_address(p, 0, &name);
	assert_view_equal(buf_view(&name), "0xabc");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inlined_functions_are_frames_below_their_caller),
		cmocka_unit_test(locations_of_one_function_are_one_frame),
		cmocka_unit_test(an_address_without_a_file_is_a_plain_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
