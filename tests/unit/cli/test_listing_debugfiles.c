/* test_listing_debugfiles: the debug files of a server, a line each. */
#include "testing.h"

#include "cli/listing.h"

static void a_file_is_a_line(void **state)
{
	BUF_AUTO out = { 0 };
	bool any;

	(void)state;
	assert_int_equal(
		listing_debugfiles(VIEW("{\"files\":[{\"build_id\":\"0a\",\"kind\":\"debug\","
					"\"bytes\":2048,\"added\":60,\"used\":61},{\"build_id\":"
					"\"0b\",\"kind\":\"program\",\"bytes\":1,\"added\":0,"
					"\"new\":[]}],\"bytes\":2049,\"bytes_max\":3000}"),
			&out, &any, NULL),
		0);
	assert_true(any);
	assert_view_equal(buf_view(&out),
		"0a                                        debug         2kB  "
		"1970-01-01T00:01:00Z  1970-01-01T00:01:01Z\n"
		"0b                                        program        1B  "
		"1970-01-01T00:00:00Z  -\n");
}

static void nothing_is_nothing_and_nonsense_is_told(void **state)
{
	BUF_AUTO out = { 0 };
	bool any;

	(void)state;
	assert_int_equal(listing_debugfiles(VIEW("{\"files\":[]}"), &out, &any, NULL), 0);
	assert_false(any);
	assert_int_equal(listing_debugfiles(VIEW("{}"), &out, &any, NULL), ERR_CORRUPT);
	assert_int_equal(
		listing_debugfiles(VIEW("{\"files\":[{\"bytes\":\"x\"}]}"), &out, &any, NULL),
		ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_a_line),
		cmocka_unit_test(nothing_is_nothing_and_nonsense_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
