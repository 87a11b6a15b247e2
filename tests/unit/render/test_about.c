/* test_about: the page learns types, groups and how far to trust what it draws. */
#include "testing.h"

#include <stdio.h>

#include "folded_tree.h"
#include "render/about.h"

static bool says(const struct profile *profile, const char *part)
{
	BUF_AUTO out = { 0 };

	about_write(profile, &(struct about_options){ .title = "a \"title\"" }, &out);
	buf_add_char(&out, '\0');
	assert_false(out.failed);
	return strstr(out.at, part) != NULL;
}

static void what_is_partial_says_so(void **state)
{
	PROFILE_AUTO p = folded_profile("a;b 5\nc 2\n");
	BUF_AUTO out = { 0 };

	assert_false(says(p, "\"partial\""));
	about_write(p,
		&(struct about_options){
			.title = "", .is_partial = true, .warning = VIEW("Half is missing.\n") },
		&out);
	buf_add_char(&out, '\0');
	assert_non_null(strstr(out.at, "\"partial\":true"));
	assert_non_null(strstr(out.at, "\"level\":\"care\""));
	assert_non_null(strstr(out.at, "\"Half is missing.\"]"));
}

static void types_come_with_their_totals(void **state)
{
	PROFILE_AUTO p = folded_profile("a;b 5\nc 2\n");

	assert_true(says(p, "\"types\":[{\"name\":\"samples\",\"unit\":\"count\",\"total\":7}]"));
	assert_true(says(p, "\"default_type\":0"));
	assert_true(says(p, "\"title\":\"a \\\"title\\\"\""));
}

static void label(struct profile *p, const char *key, const char *value)
{
	struct label one = { .key = profile_string(p, view_of(key)),
		.str = profile_string(p, view_of(value)) };
	uint32_t stack = profile_push(p, STACK_EMPTY, profile_named(p, VIEW("main")));

	profile_add(p, stack, profile_labels(p, &one, 1), (int64_t[]){ 1 });
}

static void labels_with_few_values_group_the_picture(void **state)
{
	PROFILE_AUTO p = folded_profile("a 1\n");
	uint32_t groups[ABOUT_GROUPS_MAX];

	label(p, "thread", "worker");
	label(p, "process", "nginx");
	label(p, "thread", "main");
	assert_int_equal(about_groups(p, groups), 2);
	assert_view_equal(profile_text(p, groups[0]), "process");
	assert_view_equal(profile_text(p, groups[1]), "thread");
}

static void labels_with_a_value_for_each_request_do_not(void **state)
{
	PROFILE_AUTO p = folded_profile("a 1\n");
	uint32_t groups[ABOUT_GROUPS_MAX];
	char id[40];

	for (int i = 0; i <= ABOUT_GROUP_VALUES_MAX; i++) {
		snprintf(id, sizeof(id), "%032x", (unsigned)i);
		label(p, "trace_id", id);
	}
	assert_int_equal(about_groups(p, groups), 0);
}

static void a_small_capture_asks_for_care(void **state)
{
	PROFILE_AUTO few = folded_profile("a 5\n");
	PROFILE_AUTO many = folded_profile("a 5000\n");

	few->accounting = (struct accounting){ .known = true, .attempted = 5, .complete = 5 };
	many->accounting =
		(struct accounting){ .known = true, .attempted = 5000, .complete = 5000 };
	assert_true(says(few, "\"level\":\"care\""));
	assert_true(says(many, "\"level\":\"well\""));
	assert_true(says(many, "\"sentences\":[]"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_partial_says_so),
		cmocka_unit_test(types_come_with_their_totals),
		cmocka_unit_test(labels_with_few_values_group_the_picture),
		cmocka_unit_test(labels_with_a_value_for_each_request_do_not),
		cmocka_unit_test(a_small_capture_asks_for_care),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
