/* test_conf_value: times and sizes are read as they are printed. */
#include "testing.h"

#include "wire/conf_value.h"

static void is_duration(const char *text, int64_t ns, const char *printed)
{
	BUF_AUTO out = { 0 };
	int64_t got;

	assert_true(conf_duration(view_of(text), &got));
	assert_int_equal(got, ns);
	conf_print_duration(&out, ns);
	assert_view_equal(buf_view(&out), printed);
}

static void times_have_units(void **state)
{
	static const char *const WRONG[] = { "", "5", "s", "1m1h", "1s1s", "1.5h", "-1s", "1 s",
		"300000y", "1ns", "99999999999999999999s" };
	int64_t ns;

	is_duration("0", 0, "0");
	is_duration("15s", 15000000000, "15s");
	is_duration("1h30m", 5400000000000, "1h30m");
	is_duration("90m", 5400000000000, "1h30m");
	is_duration("1d12h", 129600000000000, "1d12h");
	is_duration("1w", 604800000000000, "1w");
	is_duration("1y", 31536000000000000, "52w1d");
	is_duration("1m500ms", 60500000000, "1m500ms");
	for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
		assert_false(conf_duration(view_of(WRONG[i]), &ns));
}

static void is_size(const char *text, uint64_t bytes, const char *printed)
{
	BUF_AUTO out = { 0 };
	uint64_t got;

	assert_true(conf_size(view_of(text), &got));
	assert_int_equal(got, bytes);
	conf_print_size(&out, bytes);
	assert_view_equal(buf_view(&out), printed);
}

static void sizes_have_units(void **state)
{
	static const char *const WRONG[] = { "", "MB", "1.5GB", "-1", "1 MB", "1mb", "99999999TB" };
	uint64_t bytes;

	is_size("0", 0, "0");
	is_size("1023", 1023, "1023");
	is_size("1024B", 1024, "1KB");
	is_size("64MB", 64 << 20, "64MB");
	is_size("64MiB", 64 << 20, "64MB");
	is_size("3TB", 3ull << 40, "3TB");
	for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
		assert_false(conf_size(view_of(WRONG[i]), &bytes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_have_units),
		cmocka_unit_test(sizes_have_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
