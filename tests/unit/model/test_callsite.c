/* test_callsite: stacks are known by the functions that they begin with. */
#include "testing.h"

#include <stdlib.h>

#include "model/callsite.h"

static void add(struct profile *p, const char *stack_text, int64_t value)
{
	struct view rest = view_of(stack_text);
	uint32_t stack = STACK_EMPTY;
	bool more = rest.len > 0;

	while (more)
		stack = profile_push(p, stack, profile_named(p, view_take(&rest, ';', &more)));
	profile_add(p, stack, 0, &value);
}

/* b is inlined into a. */
static uint32_t inlined(struct profile *p)
{
	struct function a = { .name = profile_string(p, VIEW("a")) };
	struct function b = { .name = profile_string(p, VIEW("b")) };
	struct line lines[] = { { .function = profile_function(p, &b) },
		{ .function = profile_function(p, &a) } };
	struct location location = { .address = 16, .n_lines = 2 };

	return profile_location(p, &location, lines);
}

static struct profile *sample(void)
{
	struct profile *p = profile_new();
	int64_t sixteen = 16;

	profile_add_type(p, VIEW("cpu"), VIEW("count"), NULL);
	add(p, "main", 1);
	add(p, "main;a", 2);
	add(p, "main;a;b;c", 4);
	add(p, "main;b;a", 8);
	profile_add(p,
		profile_push(p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("main"))),
			inlined(p)),
		0, &sixteen);
	return p;
}

static void assert_sum(const char *site_text, int64_t expected)
{
	PROFILE_AUTO p = sample();
	PROFILE_AUTO left = NULL;
	struct view names[8], rest = view_of(site_text);
	struct callsite site = { .names = names };
	bool more = rest.len > 0;

	while (more)
		names[site.n++] = view_take(&rest, ';', &more);
	assert_int_equal(callsite_filter(p, &site, &left, NULL), 0);
	assert_int_equal(profile_total(left, 0), expected);
}

static void stacks_begin_with_the_names(void **state)
{
	assert_sum("", 31);
	assert_sum("main", 31);
	assert_sum("main;a", 2 + 4 + 16);
	assert_sum("main;a;b", 4 + 16); /* also where b was inlined */
	assert_sum("main;a;b;c", 4);
	assert_sum("main;b", 8);
	assert_sum("a", 0);
	assert_sum("main;nobody", 0);
	assert_sum("main;a;b;c;d", 0);
}

static void every_stack_is_judged(void **state)
{
	struct view names[] = { VIEW("main"), VIEW("b") };
	struct callsite site = { names, 2 };
	PROFILE_AUTO p = sample();
	bool *holds;

	assert_int_equal(callsite_match(p, &site, &holds, NULL), 0);
	assert_false(holds[0]);
	for (size_t i = 0; i < p->n_samples; i++)
		assert_int_equal(holds[p->samples[i].stack], p->values[i] == 8);
	free(holds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stacks_begin_with_the_names),
		cmocka_unit_test(every_stack_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
