/* test_dictionary_fill: behind a lost delta numbers are what they were, and what is lost says so.
 */
#include "testing.h"

#include "store/dictionary_write.h"

static uint32_t push(struct store_dictionary *dictionary, const char *leaf)
{
	PROFILE_AUTO profile = profile_new();
	struct dictionary_pass pass;
	uint32_t root = profile_push(profile, 0, profile_named(profile, VIEW("root")));
	uint32_t stack = profile_push(profile, root, profile_named(profile, view_of(leaf))), id;

	assert_int_equal(dictionary_pass_init(&pass, dictionary, profile, NULL), 0);
	assert_int_equal(dictionary_pass_stacks(&pass, &stack, 1, &id, NULL), 0);
	dictionary_pass_fini(&pass);
	return id;
}

static void assert_leaf(struct store_dictionary *dictionary, uint32_t stack, const char *name)
{
	PROFILE_AUTO into = profile_new();
	size_t n;
	const struct dictionary_node *nodes = dictionary_nodes(dictionary, &n);
	uint32_t id;

	assert_true(stack < n);
	id = dictionary_location(dictionary, nodes[stack].frame, into);
	assert_true(view_equal(
		profile_text(into,
			into->functions[into->lines[into->locations[id].first_line].function].name),
		view_of(name)));
}

static void what_follows_keeps_its_numbers(void **state)
{
	struct store_dictionary *made = dictionary_new(1, 1000), *read = dictionary_new(2, 1000),
				*again = dictionary_new(3, 1000);
	struct dictionary_mark mark, from, empty;
	BUF_AUTO first = { 0 }, lost = { 0 }, last = { 0 }, all = { 0 };
	uint32_t one, two, three;

	dictionary_mark(made, &mark);
	empty = mark;
	one = push(made, "one");
	dictionary_delta(made, &mark, &first);
	two = push(made, "two");
	dictionary_delta(made, &mark, &lost);
	three = push(made, "three");
	dictionary_delta(made, &mark, &last);

	assert_int_equal(dictionary_replay(read, buf_view(&first), NULL), 0);
	assert_true(dictionary_delta_from(buf_view(&last), &from));
	assert_true(dictionary_fill(read, &from));
	assert_int_equal(dictionary_replay(read, buf_view(&last), NULL), 0);
	assert_true(dictionary_fill_nodes(read, (size_t)three + 4));
	dictionary_delta(read, &empty, &all);
	assert_int_equal(dictionary_replay(again, buf_view(&all), NULL), 0);
	for (int i = 0; i < 2; i++) {
		struct store_dictionary *d = i ? again : read;

		assert_leaf(d, one, "one");
		assert_leaf(d, two, "[lost]");
		assert_leaf(d, three, "three");
		assert_leaf(d, three + 1, "[lost]");
		assert_leaf(d, three + 3, "[lost]");
		assert_int_equal(push(d, "three"), three);
		assert_true(push(d, "four") > three + 3);
	}
	dictionary_unref(made);
	dictionary_unref(read);
	dictionary_unref(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_follows_keeps_its_numbers) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
