/* test_selector: PromQL's words are understood, and a slip is named with its place. */
#include "testing.h"

#include "query/selector.h"

static void whole_selectors_are_understood(void **state)
{
	struct selector s;
	struct err err = { 0 };

	if (selector_parse(&s,
		    VIEW("process_cpu:cpu:nanoseconds:cpu:nanoseconds{service_name=\"shop\", "
			 "region=~\"eu|us\",pod!='a\\'b', \"k8s.node\"!~`x.*`,}"),
		    &err))
		fail_msg("%s", err.text);
	assert_view_equal(s.type.name, "process_cpu");
	assert_view_equal(s.type.period_unit, "nanoseconds");
	assert_int_equal(s.n_matchers, 4);
	assert_view_equal(s.matchers[0].name, "service_name");
	assert_view_equal(s.matchers[0].value, "shop");
	assert_int_equal(s.matchers[1].op, MATCHER_LIKE);
	assert_true(matcher_holds(&s.matchers[1], VIEW("us")));
	assert_false(matcher_holds(&s.matchers[1], VIEW("usa")));
	assert_view_equal(s.matchers[2].value, "a'b");
	assert_view_equal(s.matchers[3].name, "k8s.node");
	assert_int_equal(s.matchers[3].op, MATCHER_NOT_LIKE);
	selector_fini(&s);
}

static void is_type(const char *text, const char *name, const char *type)
{
	struct selector s;

	assert_int_equal(selector_parse(&s, view_of(text), NULL), 0);
	assert_view_equal(s.type.name, name);
	assert_view_equal(s.type.type, type);
	selector_fini(&s);
}

static void types_may_be_short_or_among_the_labels(void **state)
{
	is_type("cpu{}", "process_cpu", "cpu");
	is_type(" heap ", "memory", "inuse_space");
	is_type("{__profile_type__=\"memory:alloc_space:bytes:space:bytes\"}", "memory",
		"alloc_space");
	is_type("memory:alloc_in_new_tlab_bytes:bytes::{}", "memory", "alloc_in_new_tlab_bytes");
	is_type("process_cpu:cpu:nanoseconds:cpu:nanoseconds:delta{a=\"b\"}", "process_cpu", "cpu");
	is_type("{service_name=\"a\"}", "", "");
	is_type("", "", "");
}

static void refuses(const char *text, const char *part)
{
	struct selector s;
	struct err err = { 0 };

	assert_int_equal(selector_parse(&s, view_of(text), &err), ERR_USAGE);
	if (!strstr(err.text, part))
		fail_msg("%s: \"%s\" without \"%s\"", text, err.text, part);
	selector_fini(&s);
}

static void a_slip_is_named_with_its_place(void **state)
{
	refuses("speed{}", "'speed' is no type of profiles: cpu, ");
	refuses("speed{}", ", goroutine, ");
	refuses("cpu{a}", "= != =~ or !~ is missing, at byte 6");
	refuses("cpu{a=b}", "the value has to be in quotes, at byte 7");
	refuses("cpu{a=\"b}", "a string without its closing quote");
	refuses("cpu{a=\"b\" c=\"d\"}", "a comma or } is missing, at byte 11");
	refuses("cpu{a=\"b\"", "a comma or } is missing");
	refuses("cpu{a=\"b\"} x", "nothing may follow here, at byte 12");
	refuses("cpu{=\"b\"}", "a label's name is missing, at byte 5");
	refuses("cpu{a=~\"(\"}", "'(' is no regular expression");
}

static void too_much_is_refused(void **state)
{
	BUF_AUTO text = { 0 };
	struct selector s;

	buf_add_char(&text, '{');
	for (unsigned i = 0; i <= SELECTOR_MATCHERS_MAX; i++)
		buf_add_text(&text, "a=~\"b\",");
	buf_add_char(&text, '}');
	assert_int_equal(selector_parse(&s, buf_view(&text), NULL), ERR_USAGE);
	selector_fini(&s);
	while (text.len <= SELECTOR_BYTES_MAX)
		buf_add_char(&text, ' ');
	assert_int_equal(selector_parse(&s, buf_view(&text), NULL), ERR_USAGE);
	selector_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_selectors_are_understood),
		cmocka_unit_test(types_may_be_short_or_among_the_labels),
		cmocka_unit_test(a_slip_is_named_with_its_place),
		cmocka_unit_test(too_much_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
