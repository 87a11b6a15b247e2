/* test_pprof_scan: the message, in any order, and each way it can be wrong. */
#include "pprof_message.h"

static void the_string_table_may_come_first_or_last(void **state)
{
	for (int last = 0; last < 2; last++) {
		BUF_AUTO m = { 0 };
		PROFILE_AUTO p = NULL;

		if (!last)
			put_strings(&m);
		put_tables(&m);
		if (last)
			put_strings(&m);
		p = accepted(&m);
		assert_int_equal(p->n_locations, 2);
		assert_view_equal(profile_text(p, p->functions[1].name), "work");
		assert_view_equal(profile_text(p, p->types[0].unit), "count");
	}
}

static void unknown_fields_are_stepped_over(void **state)
{
	BUF_AUTO m = { 0 };
	PROFILE_AUTO p = NULL;

	put_tables(&m);
	proto_put_number(&m, 99, 5);
	buf_add(&m,
		"\xa1\x06"
		"12345678",
		10); /* field 100, eight bytes */
	buf_add(&m,
		"\xa5\x06"
		"1234",
		6); /* field 100, four bytes */
	PUT(&m, PPROF_MAPPING, PPROF_MAPPING_ID, 1, 77, 8);
	put_strings(&m);
	p = accepted(&m);
	assert_int_equal(p->n_mappings, 2);
}

static void joined_profiles_are_refused(void **state)
{
	BUF_AUTO m = { 0 };

	for (int i = 0; i < 2; i++) {
		put_tables(&m);
		put_strings(&m);
		proto_put_number(&m, PPROF_TIME_NANOS, 17);
	}
	assert_refused(&m, ERR_CORRUPT, "a second profile follows the first");
}

static void the_string_table_must_be_there_and_begin_empty(void **state)
{
	BUF_AUTO none = { 0 };
	BUF_AUTO full = { 0 };

	put_tables(&none);
	assert_refused(&none, ERR_CORRUPT, "no string table");
	proto_put_bytes(&full, PPROF_STRING_TABLE, VIEW("x"));
	assert_refused(&full, ERR_CORRUPT, "string 0 is not the empty one");
}

static void wrong_wire_types_name_their_place(void **state)
{
	PROFILE_AUTO p = profile_new();
	BUF_AUTO m = { 0 };
	struct err err;

	put_strings(&m);
	proto_put_bytes(&m, PPROF_TIME_NANOS, VIEW("x"));
	assert_int_equal(pprof_decode(buf_view(&m), p, &err), ERR_CORRUPT);
	assert_string_equal(err.text, "at byte 30: field 9 has wire type 2 instead of 0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_string_table_may_come_first_or_last),
		cmocka_unit_test(unknown_fields_are_stepped_over),
		cmocka_unit_test(joined_profiles_are_refused),
		cmocka_unit_test(the_string_table_must_be_there_and_begin_empty),
		cmocka_unit_test(wrong_wire_types_name_their_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
