/* test_pprof_tables: mappings, functions and locations, and the ids that hold them together. */
#include "pprof_message.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_may_be_sparse),
		cmocka_unit_test(dangling_doubled_and_zero_ids_are_refused),
		cmocka_unit_test(a_line_needs_a_function),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
