/* test_when: the time grammar of Pyroscope's clients. */
#include "testing.h"

#include "ingest/when.h"

#define NOW INT64_C(1800000000000000000)

static int64_t at(const char *text)
{
	int64_t ns = -1;

	return when_parse(view_of(text), NOW, &ns) ? ns : -1;
}

static void now_and_before(void **state)
{
	assert_true(at("now") == NOW);
	assert_true(at("now-3h") == NOW - INT64_C(10800000000000));
	assert_true(at("now-15s") == NOW - INT64_C(15000000000));
	assert_true(at("now-7d") == NOW - INT64_C(604800000000000));
}

static void a_numbers_size_says_its_unit(void **state)
{
	assert_true(at("1700000000") == INT64_C(1700000000000000000));
	assert_true(at("1700000000123") == INT64_C(1700000000123000000));
	assert_true(at("1700000000123456") == INT64_C(1700000000123456000));
	assert_true(at("1700000000123456789") == INT64_C(1700000000123456789));
}

static void eight_digits_are_a_day(void **state)
{
	assert_true(at("20231114") == INT64_C(1699920000000000000));
	assert_true(at("20230230") != INT64_C(1677715200000000000)); /* no such day */
}

static void nonsense_is_none(void **state)
{
	static const char *const bad[] = { "", "then", "now-", "now-3", "now-h", "now-3x", "now+3h",
		"now-3h-2h", "-5", "1.5", "99999999999999999999", "now-99999999999999999h",
		"now-9999y" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_true(at(bad[i]) == -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(now_and_before),
		cmocka_unit_test(a_numbers_size_says_its_unit),
		cmocka_unit_test(eight_digits_are_a_day),
		cmocka_unit_test(nonsense_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
