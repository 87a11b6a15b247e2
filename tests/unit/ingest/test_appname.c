/* test_appname: the name grammar of Pyroscope's clients. */
#include "testing.h"

#include "ingest/appname.h"

struct parsed {
	struct arena arena;
	struct labelset labels;
	struct view name;
	struct refusal refusal;
	int rc;
};

static struct parsed parse(const char *text)
{
	static struct parsed p;

	arena_fini(&p.arena);
	p = (struct parsed){ 0 };
	labelset_init(&p.labels, &p.arena);
	p.rc = appname_parse(view_of(text), &p.labels, &p.name, &p.refusal);
	return p;
}

static void a_bare_name_has_no_labels(void **state)
{
	struct parsed p = parse(" shop.cpu ");

	assert_int_equal(p.rc, 0);
	assert_view_equal(p.name, "shop.cpu");
	assert_int_equal(p.labels.n, 0);
}

static void labels_are_trimmed_and_dunder_ones_left_out(void **state)
{
	struct parsed p = parse("a{ x = 1 , __name__=n,__session_id__=s,y=a=b,}");

	assert_int_equal(p.rc, 0);
	assert_int_equal(p.labels.n, 3);
	assert_view_equal(labelset_find(&p.labels, "x"), "1");
	assert_view_equal(labelset_find(&p.labels, "y"), "a=b");
	assert_view_equal(labelset_find(&p.labels, "__session_id__"), "s");
}

static void an_empty_value_is_no_label(void **state)
{
	struct parsed p = parse("a{x=,y=1}");

	assert_int_equal(p.rc, 0);
	assert_int_equal(p.labels.n, 1);
}

static void empty_braces_are_fine(void **state)
{
	assert_int_equal(parse("a{}").rc, 0);
}

static void nonsense_is_told(void **state)
{
	assert_true(parse("").rc < 0);
	assert_true(parse("{a=b}").rc < 0);
	assert_true(parse("a{b=c").rc < 0);
	assert_true(parse("a{b=c}d").rc < 0);
	assert_true(parse("a{b}").rc < 0);
	assert_true(parse("a{=c}").rc < 0);
	assert_int_equal(parse("a{b").refusal.status, 400);
	assert_non_null(strstr(parse("a{b").refusal.text, "the name 'a{b' has no closing brace"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bare_name_has_no_labels),
		cmocka_unit_test(labels_are_trimmed_and_dunder_ones_left_out),
		cmocka_unit_test(an_empty_value_is_no_label),
		cmocka_unit_test(empty_braces_are_fine),
		cmocka_unit_test(nonsense_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
