/* test_pyroscope_appquery: names of applications become selectors. */
#include "testing.h"

#include "query/selector.h"
#include "server/pyroscope_appquery.h"

#define CPU "process_cpu:cpu:nanoseconds:cpu:nanoseconds"

static void reads(const char *text, const char *type, const char *selector)
{
	struct pyroscope_appquery query;
	struct selector parsed;

	assert_int_equal(pyroscope_appquery_read(&query, view_of(text), NULL), 0);
	assert_view_equal(query.type, type);
	assert_view_equal(query.selector, selector);
	assert_int_equal(selector_parse(&parsed, query.selector, NULL), 0);
	selector_fini(&parsed);
	pyroscope_appquery_fini(&query);
}

static void a_selector_stays_as_it_is(void **state)
{
	reads(CPU "{region=\"eu\"}", "", CPU "{region=\"eu\"}");
	reads("{a=\"shop.cpu\"}", "", "{a=\"shop.cpu\"}");
	reads("cpu", "", "cpu");
	reads("", "", "");
}

static void an_applications_name_is_a_service_and_a_kind(void **state)
{
	reads("shop.cpu", CPU, "{service_name=`shop`,}");
	reads("my.shop.cpu{}", CPU, "{service_name=`my.shop`,}");
	reads("shop.inuse_space{region=\"eu\",}", "memory:inuse_space:bytes:space:bytes",
		"{service_name=`shop`,region=\"eu\",}");
	reads("a\"b.itimer", CPU, "{service_name=`a\"b`,}");
}

static void what_is_neither_is_left_to_the_selector(void **state)
{
	static const char *const texts[] = { "shop.speed{}", "shop{}", ".cpu", "shop.cpu.{}" };
	struct pyroscope_appquery query;
	struct selector parsed;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(pyroscope_appquery_read(&query, view_of(texts[i]), NULL), 0);
		assert_view_equal(query.selector, texts[i]);
		assert_int_equal(selector_parse(&parsed, query.selector, NULL), ERR_USAGE);
		selector_fini(&parsed);
		pyroscope_appquery_fini(&query);
	}
	assert_int_equal(pyroscope_appquery_read(&query, VIEW("a`b.cpu"), NULL), ERR_USAGE);
	pyroscope_appquery_fini(&query);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_selector_stays_as_it_is),
		cmocka_unit_test(an_applications_name_is_a_service_and_a_kind),
		cmocka_unit_test(what_is_neither_is_left_to_the_selector),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
