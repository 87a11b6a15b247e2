/* test_render_diff: what changed is told with its size, the rest is not. */
#include "testing.h"

#include <stdlib.h>

#include "render/render_diff.h"

struct weight {
	const char *stack[4]; /* root first, NULL at the end */
	int64_t count;
};

static struct profile *profile_of(const struct weight *weights)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	for (; weights->count; weights++) {
		uint32_t stack = STACK_EMPTY;

		for (const char *const *name = weights->stack; *name; name++)
			stack = profile_push(p, stack, profile_named(p, view_of(*name)));
		profile_add(p, stack, 0, &weights->count);
	}
	return p;
}

static const struct weight before[] = { { { "main", "search", "regcomp" }, 500 },
	{ { "main", "search", "match" }, 300 }, { { "main", "send" }, 200 }, { { NULL }, 0 } };
static const struct weight after[] = { { { "main", "search", "regcomp" }, 100 },
	{ { "main", "search", "match" }, 520 }, { { "main", "send" }, 380 }, { { NULL }, 0 } };

static char *told(const struct weight *a, const struct weight *b, bool all)
{
	PROFILE_AUTO base = profile_of(a);
	PROFILE_AUTO now = profile_of(b);
	struct buf out = { 0 };

	assert_int_equal(render_diff_text(base, now, &(struct render_diff_options){ .all = all },
				 &out, NULL),
		0);
	buf_add_char(&out, '\0');
	return out.at;
}

static void a_change_is_told_with_both_shares(void **state)
{
	char *text = told(before, after, false);

	assert_non_null(strstr(text, "  50.00%   10.00%   -40.00 ± "));
	assert_non_null(strstr(text, "   -40.00  regcomp\n"));
	/* 1.96 sqrt(2 (0.5² + 0.1 0.9) / 1000): twice the binomial variance, as four functions
	 * cannot tell how much they vary from run to run. */
	assert_non_null(
		strstr(text, "  50.00%   10.00%   -40.00 ± 5.11   main → search → regcomp\n"));
	assert_non_null(strstr(text, "main → search → regcomp\n"));
	free(text);
}

static void what_did_not_change_is_left_out_unless_asked_for(void **state)
{
	char *text = told(before, before, false);

	assert_non_null(strstr(text, "No function changed by more than chance explains."));
	assert_null(strstr(text, "regcomp"));
	free(text);
}

static void the_largest_change_comes_first(void **state)
{
	char *text = told(before, after, true);

	assert_true(strstr(text, "  regcomp\n") < strstr(text, "  match\n"));
	assert_true(strstr(text, "  match\n") < strstr(text, "  send\n"));
	free(text);
}

static void what_is_new_or_gone_has_a_dash_for_its_other_share(void **state)
{
	static const struct weight gone[] = { { { "main", "match" }, 1000 }, { { NULL }, 0 } };
	char *text = told(before, gone, false);

	assert_non_null(strstr(text, "  50.00%        -   -50.00"));
	free(text);
}

static void a_hostile_name_stays_inert(void **state)
{
	static const struct weight evil[] = { { { "main", "\033[31mred" }, 900 },
		{ { "main" }, 100 }, { { NULL }, 0 } };
	char *text = told(before, evil, false);

	assert_null(strchr(text, '\033'));
	free(text);
}

static void profiles_with_nothing_in_common_are_refused(void **state)
{
	PROFILE_AUTO base = profile_of(before);
	PROFILE_AUTO heap = profile_new();
	BUF_AUTO out = { 0 };
	struct err err;

	profile_add_type(heap, VIEW("space"), VIEW("bytes"), NULL);
	assert_true(
		render_diff_text(base, heap, &(struct render_diff_options){ 0 }, &out, &err) < 0);
	assert_true(strlen(err.text) > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_is_told_with_both_shares),
		cmocka_unit_test(what_did_not_change_is_left_out_unless_asked_for),
		cmocka_unit_test(the_largest_change_comes_first),
		cmocka_unit_test(what_is_new_or_gone_has_a_dash_for_its_other_share),
		cmocka_unit_test(a_hostile_name_stays_inert),
		cmocka_unit_test(profiles_with_nothing_in_common_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
