/* test_siblings: items come in the order in which they are drawn, the first one last. */
#include "testing.h"

#include "base/buf.h"
#include "base/vec.h"
#include "model/siblings.h"
#include "named_stacks.h"
#include "random_profile.h"

static const struct descent_options of_new = { .type = 1, .base_type = -1 };

static void assert_sorted(size_t count)
{
	struct descent descent = { 0 };
	struct items items = { 0 };
	uint32_t seed = 5;
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		struct item item = {
			.stack = random_next(&seed) % 9, .name = random_next(&seed) % 7, .total = i
		};

		*VEC_ADD(items.at, items.count, items.cap) = item;
	}
	siblings_sort(&descent, &items);
	assert_int_equal(items.count, count);
	for (size_t i = 0; i < count; i++)
		sum += items.at[i].total;
	assert_int_equal(sum, count * (count - 1) / 2);
	for (size_t i = 1; i < count; i++) {
		const struct item *before = &items.at[i - 1], *item = &items.at[i];

		assert_true(before->name > item->name ||
			    (before->name == item->name && before->stack >= item->stack));
	}
	free(items.at);
}

static void few_and_many_are_sorted_by_name_the_last_first(void **state)
{
	for (size_t count = 1; count < 60; count++)
		assert_sorted(count);
}

static void inverted_items_that_met_become_one(void **state)
{
	struct descent descent = { .inverted = true };
	struct item met[] = { { .stack = 4, .name = 1, .total = 3, .base = 1 },
		{ .stack = 5, .name = 1, .total = 10 },
		{ .stack = 4, .name = 1, .total = 4, .base = 2 } };
	struct items items = { met, 3, 3 };

	siblings_sort(&descent, &items);
	assert_int_equal(items.count, 2);
	assert_int_equal(items.at[0].stack, 5);
	assert_int_equal(items.at[1].total, 7);
	assert_int_equal(items.at[1].base, 3);
}

/* The boxes from left to right: "a self|a.part.0 self|a rest". */
static void write_boxes(const struct descent *descent, const struct items *items, struct buf *out)
{
	static const char *const parts[] = { "", " self", " rest" };
	size_t i = items->count;

	while (i > 0) {
		const struct item *item = &items->at[--i];

		while (i > 0 && items->at[i - 1].name == item->name)
			i--;
		buf_add_text(out, out->len ? "|" : "");
		buf_add_view(out, strings_at(&descent->frames.names, item->name));
		buf_add_text(out, parts[item->part]);
	}
}

static void assert_boxes(const struct profile *p, const char *expected)
{
	struct siblings siblings = { 0 };
	struct items items = { 0 };
	struct descent descent;
	BUF_AUTO boxes = { 0 };

	assert_int_equal(descent_init(&descent, p, &of_new, NULL), 0);
	assert_true(descent_start(&descent, &items));
	siblings_sort(&descent, &items);
	assert_true(siblings_order_as_text(&siblings, &descent, &items));
	write_boxes(&descent, &items, &boxes);
	assert_view_equal(buf_view(&boxes), expected);
	free(items.at);
	siblings_fini(&siblings);
	descent_fini(&descent);
}

static void names_that_do_not_extend_each_other_stay_whole(void **state)
{
	PROFILE_AUTO p = named_stacks();

	named_stacks_add(p, "b", 0, 1);
	named_stacks_add(p, "a", 0, 5);
	named_stacks_add(p, "a;x", 0, 7);
	assert_boxes(p, "a|b");
}

static void a_name_that_sorts_between_the_lines_of_another_splits_it(void **state)
{
	PROFILE_AUTO p = named_stacks();

	/* As text: "a 5", "a.part.0 3", "a;x 7". */
	named_stacks_add(p, "a;x", 0, 7);
	named_stacks_add(p, "a.part.0", 0, 3);
	named_stacks_add(p, "a", 0, 5);
	assert_boxes(p, "a self|a.part.0 self|a rest");
}

static void a_name_that_only_goes_on_is_not_split(void **state)
{
	PROFILE_AUTO p = named_stacks();

	named_stacks_add(p, "a;x", 0, 7);
	named_stacks_add(p, "a.part.0", 0, 3);
	assert_boxes(p, "a.part.0 self|a rest");
}

static void the_order_is_that_of_the_sorted_lines(void **state)
{
	/* As `LC_ALL=C sort` puts "NAMES 1": ' ' < '-' < '.' < ';' < letters. */
	static const char *const sorted[] = { "a", "a b", "a-b", "a.part.0;x", "a;x", "ab", "ab;y",
		"abc" };
	PROFILE_AUTO p = named_stacks();

	for (size_t i = sizeof(sorted) / sizeof(*sorted); i-- > 0;)
		named_stacks_add(p, sorted[i], 0, 1);
	assert_boxes(p, "a self|a b self|a-b self|a.part.0 rest|a rest|ab|abc self");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(few_and_many_are_sorted_by_name_the_last_first),
		cmocka_unit_test(inverted_items_that_met_become_one),
		cmocka_unit_test(names_that_do_not_extend_each_other_stay_whole),
		cmocka_unit_test(a_name_that_sorts_between_the_lines_of_another_splits_it),
		cmocka_unit_test(a_name_that_only_goes_on_is_not_split),
		cmocka_unit_test(the_order_is_that_of_the_sorted_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
