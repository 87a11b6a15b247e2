/* test_flamebearer: bars add up to places; every value is in them. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/flamebearer.h"
#include "model/random_profile.h"
#include "wire/proto.h"

static void add(struct profile *p, const char *stack_text, int64_t left, int64_t right)
{
	struct view rest = view_of(stack_text);
	uint32_t stack = STACK_EMPTY;
	bool more = rest.len > 0;
	int64_t values[2] = { left, right };

	while (more)
		stack = profile_push(p, stack, profile_named(p, view_take(&rest, ';', &more)));
	profile_add(p, stack, 0, values);
}

static struct profile *empty(void)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("left"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("right"), VIEW("count"), NULL);
	return p;
}

static struct profile *sample(void)
{
	struct profile *p = empty();

	add(p, "main", 0, 1);
	add(p, "main;a", 0, 2);
	add(p, "main;b;c", 4, 3);
	add(p, "total", 1, 1);
	return p;
}

/* The JSON of the profile's flame graph; base -1 = no diff. */
static void assert_json(const struct profile *p, int base, size_t nodes_max, const char *expected)
{
	struct tree_options options = { .type = 1, .base_type = base };
	struct flamebearer f;
	struct tree tree;
	BUF_AUTO out = { 0 };
	struct json json = { .out = &out };

	assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
	assert_int_equal(flamebearer_make(&tree, nodes_max, &f, NULL), 0);
	flamebearer_json(&f, &json);
	buf_add_char(&out, '\0');
	assert_string_equal(out.at, expected);
	flamebearer_fini(&f);
	tree_fini(&tree);
}

static void bars_are_offset_total_self_and_name(void **state)
{
	PROFILE_AUTO p = sample();

	assert_json(p, -1, 0,
		"{\"names\":[\"total\",\"main\",\"total\",\"a\",\"b\",\"c\"],"
		"\"levels\":[[0,7,0,0],[0,6,1,1,0,1,1,2],[1,2,2,3,0,3,0,4],[3,3,3,5]],"
		"\"numTicks\":7,\"maxSelf\":3}");
}

static void a_diff_has_both_sides(void **state)
{
	PROFILE_AUTO p = sample();

	assert_json(p, 0, 0,
		"{\"names\":[\"total\",\"main\",\"total\",\"a\",\"b\",\"c\"],"
		"\"levels\":[[0,5,0,0,7,0,0],[0,4,0,0,6,1,1,0,1,1,0,1,1,2],"
		"[0,0,0,1,2,2,3,0,4,0,0,3,0,4],[0,4,4,3,3,3,5]],"
		"\"numTicks\":12,\"maxSelf\":4}");
}

static void what_is_left_out_comes_last(void **state)
{
	PROFILE_AUTO p = sample();

	assert_json(p, -1, 2,
		"{\"names\":[\"total\",\"main\",\"other\",\"b\"],"
		"\"levels\":[[0,7,0,0],[0,6,1,1,0,1,1,2],[1,3,0,3,0,2,2,2],[1,3,3,2]],"
		"\"numTicks\":7,\"maxSelf\":3}");
}

static void a_function_may_be_called_as_the_root_is(void **state)
{
	PROFILE_AUTO p = empty();

	add(p, "all", 0, 1);
	assert_json(p, -1, 0,
		"{\"names\":[\"total\",\"all\"],\"levels\":[[0,1,0,0],[0,1,1,1]],"
		"\"numTicks\":1,\"maxSelf\":1}");
}

static void nothing_is_one_bar(void **state)
{
	PROFILE_AUTO p = empty();

	assert_json(p, -1, 0,
		"{\"names\":[\"total\"],\"levels\":[[0,0,0,0]],\"numTicks\":0,\"maxSelf\":0}");
}

static void protobuf_says_the_same(void **state)
{
	struct tree_options options = { .type = 1, .base_type = -1 };
	PROFILE_AUTO p = sample();
	BUF_AUTO out = { 0 };
	struct proto_field field;
	struct flamebearer f;
	struct proto in;
	struct tree tree;
	size_t names = 0, levels = 0;

	assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
	assert_int_equal(flamebearer_make(&tree, 0, &f, NULL), 0);
	flamebearer_proto(&f, &out);
	in = proto_of(buf_view(&out));
	while (proto_next(&in, &field)) {
		names += field.id == 1;
		if (field.id == 2 && levels++ == 3)
			assert_memory_equal(field.bytes.at, "\x0a\x04\3\3\3\5", 6);
		if (field.id == 3)
			assert_int_equal(field.number, 7);
		if (field.id == 4)
			assert_int_equal(field.number, 3);
	}
	assert_null(in.wrong);
	assert_int_equal(names, 6);
	assert_int_equal(levels, 4);
	flamebearer_fini(&f);
	tree_fini(&tree);
}

/* Each bar lies in a bar of the level above, and own parts sum up to all there is. */
static void assert_sound(const struct flamebearer *f, size_t width, size_t at_side)
{
	int64_t starts[2][256], ends[2][256], sum = 0;
	size_t n_above = 0, at = 0;

	for (size_t level = 0; level < f->n_levels; level++) {
		int64_t *start = starts[level & 1], *end = ends[level & 1], x = 0;
		size_t n = 0;

		for (; at < f->level_ends[level]; at += width, n++) {
			const int64_t *bar = &f->numbers[at + at_side];
			bool is_inside = level == 0;

			assert_true(bar[0] >= 0 && bar[1] >= bar[2] && bar[2] >= 0);
			start[n] = x + bar[0];
			end[n] = x = start[n] + bar[1];
			for (size_t i = 0; level && i < n_above; i++)
				is_inside |= starts[(level - 1) & 1][i] <= start[n] &&
					     ends[(level - 1) & 1][i] >= end[n];
			assert_true(is_inside);
			assert_true((size_t)f->numbers[at + width - 1] < f->n_names);
			sum += bar[2];
		}
		n_above = n;
	}
	assert_int_equal(sum, width == 7 && at_side == 0 ? f->left : f->right);
}

static void any_profile_is_sound(void **state)
{
	for (unsigned seed = 0; seed < 80; seed++) {
		PROFILE_AUTO p = random_profile(seed);
		struct tree_options options = { .type = 1, .base_type = seed % 2 ? 0 : -1 };
		struct flamebearer f;
		struct tree tree;

		assert_int_equal(tree_build(p, &options, &tree, NULL), 0);
		assert_int_equal(flamebearer_make(&tree, seed % 9, &f, NULL), 0);
		if (seed % 2)
			assert_sound(&f, 7, 0);
		assert_sound(&f, seed % 2 ? 7 : 4, seed % 2 ? 3 : 0);
		flamebearer_fini(&f);
		tree_fini(&tree);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bars_are_offset_total_self_and_name),
		cmocka_unit_test(a_diff_has_both_sides),
		cmocka_unit_test(what_is_left_out_comes_last),
		cmocka_unit_test(a_function_may_be_called_as_the_root_is),
		cmocka_unit_test(nothing_is_one_bar),
		cmocka_unit_test(protobuf_says_the_same),
		cmocka_unit_test(any_profile_is_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
