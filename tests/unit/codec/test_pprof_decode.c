/* test_pprof_decode: the tables, in any order, and each way they can be wrong. */
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

static void ids_may_be_sparse(void **state)
{
	BUF_AUTO m = { 0 };
	PROFILE_AUTO p = NULL;

	PUT(&m, PPROF_FUNCTION, PPROF_FUNCTION_ID, UINT64_MAX, PPROF_FUNCTION_NAME, 3);
	put_tables(&m);
	put_strings(&m);
	p = accepted(&m);
	assert_view_equal(profile_text(p, p->functions[0].name), "main");
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

static void broken(const char *sentence, uint32_t id, const uint64_t *pairs)
{
	BUF_AUTO m = { 0 };

	put_tables(&m);
	put_message(&m, id, pairs);
	put_strings(&m);
	assert_refused(&m, ERR_CORRUPT, sentence);
}

#define BROKEN(sentence, id, ...) broken(sentence, id, (const uint64_t[]){ __VA_ARGS__, 0 })

static void dangling_doubled_and_zero_ids_are_refused(void **state)
{
	BROKEN("a second function with id 1", PPROF_FUNCTION, PPROF_FUNCTION_ID, 1);
	BROKEN("a second location with id 2", PPROF_LOCATION, PPROF_LOCATION_ID, 2);
	BROKEN("a function with id 0", PPROF_FUNCTION, PPROF_FUNCTION_NAME, 3);
	BROKEN("a mapping with id 0", PPROF_MAPPING, PPROF_MAPPING_START, 3);
	BROKEN("a location with id 0", PPROF_LOCATION, PPROF_LOCATION_ADDRESS, 3);
	BROKEN("a location in mapping 9, which is nowhere", PPROF_LOCATION, PPROF_LOCATION_ID, 3,
		PPROF_LOCATION_MAPPING, 9);
	BROKEN("string 5 of 5", PPROF_FUNCTION, PPROF_FUNCTION_ID, 3, PPROF_FUNCTION_NAME, 5);
	BROKEN("string 18446744073709551615 of 5", PPROF_SAMPLE_TYPE, 1, UINT64_MAX);
}

static void a_line_needs_a_function(void **state)
{
	BUF_AUTO m = { 0 };
	size_t location = proto_begin(&m, PPROF_LOCATION);

	proto_put_number(&m, PPROF_LOCATION_ID, 9);
	PUT(&m, PPROF_LOCATION_LINE, PPROF_LINE_LINE, 4);
	proto_end(&m, location);
	put_tables(&m);
	put_strings(&m);
	assert_refused(&m, ERR_CORRUPT, "a line of function 0, which is nowhere");
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

static void every_cut_of_a_profile_is_an_error_or_a_profile(void **state)
{
	PROFILE_AUTO p = sample_profile();
	BUF_AUTO whole = { 0 };
	size_t refused = 0;

	assert_int_equal(pprof_encode(p, &whole, NULL), 0);
	for (size_t len = 0; len < whole.len; len++) {
		PROFILE_AUTO part = profile_new();
		/* Exactly as long as the cut, so that a sanitizer sees a read past it. */
		BUF_AUTO cut = { 0 };

		buf_add(&cut, whole.at, len);
		refused += pprof_decode(buf_view(&cut), part, NULL) < 0;
	}
	assert_true(refused > whole.len / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_string_table_may_come_first_or_last),
		cmocka_unit_test(unknown_fields_are_stepped_over),
		cmocka_unit_test(ids_may_be_sparse),
		cmocka_unit_test(joined_profiles_are_refused),
		cmocka_unit_test(dangling_doubled_and_zero_ids_are_refused),
		cmocka_unit_test(a_line_needs_a_function),
		cmocka_unit_test(the_string_table_must_be_there_and_begin_empty),
		cmocka_unit_test(wrong_wire_types_name_their_place),
		cmocka_unit_test(every_cut_of_a_profile_is_an_error_or_a_profile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
