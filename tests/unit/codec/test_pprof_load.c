/* test_pprof_load: a message that says things twice is a profile that says them once. */
#include "pprof_message.h"

#include "base/hash.h"
#include "codec/pprof_load.h"

static void put_sample(struct buf *m, uint64_t leaf, uint64_t root, uint64_t value)
{
	PUT(m, PPROF_SAMPLE, PPROF_SAMPLE_LOCATION, leaf, PPROF_SAMPLE_LOCATION, root,
		PPROF_SAMPLE_VALUE, value);
}

/* Locations 3 and 4 are 1 and 2 again, by another function of the same name. */
static void what_is_equal_becomes_one(void **state)
{
	BUF_AUTO m = { 0 };
	PROFILE_AUTO p = NULL;

	put_tables(&m);
	for (uint64_t i = 3; i <= 4; i++) {
		size_t location = proto_begin(&m, PPROF_LOCATION);

		proto_put_number(&m, PPROF_LOCATION_ID, i);
		PUT(&m, PPROF_LOCATION_LINE, PPROF_LINE_FUNCTION, i);
		proto_end(&m, location);
		PUT(&m, PPROF_FUNCTION, PPROF_FUNCTION_ID, i, PPROF_FUNCTION_NAME, i + 2);
	}
	put_sample(&m, 2, 1, 5);
	put_sample(&m, 4, 1, 6);
	put_sample(&m, 4, 3, 7);
	put_strings(&m);
	proto_put_bytes(&m, PPROF_STRING_TABLE, VIEW("main"));
	proto_put_bytes(&m, PPROF_STRING_TABLE, VIEW("work"));
	p = accepted(&m);
	/* The second "main" is string 5, "work" string 6: function 3 has name 5, 4 has 6. */
	assert_int_equal(p->n_functions, 2);
	assert_int_equal(p->n_locations, 2);
	assert_int_equal(p->n_samples, 1);
	assert_int_equal(p->values[0], 18);
}

static void strings_that_nothing_names_are_left_out(void **state)
{
	BUF_AUTO m = { 0 };
	PROFILE_AUTO p = NULL;

	put_tables(&m);
	put_strings(&m);
	proto_put_bytes(&m, PPROF_STRING_TABLE, VIEW("nobody"));
	p = accepted(&m);
	assert_int_equal(strings_find(&p->strings, VIEW("nobody")), STRINGS_NONE);
	assert_int_equal(p->strings.count, 5);
}

/* Tables are keyed with a secret of the process: what we write must not tell which. */
static void the_secret_of_the_tables_does_not_show(void **state)
{
	BUF_AUTO file = { 0 };
	BUF_AUTO first = { 0 };
	PROFILE_AUTO sample = sample_profile();

	assert_int_equal(pprof_encode(sample, &file, NULL), 0);
	for (int i = 0; i < 20; i++) {
		BUF_AUTO again = { 0 };
		PROFILE_AUTO p = NULL;

		hash_secret[0] = hash_u64(hash_secret[0]);
		hash_secret[1] = hash_u64(hash_secret[1]) | 1;
		p = accepted(&file);
		assert_int_equal(pprof_encode(p, i ? &again : &first, NULL), 0);
		assert_true(i == 0 || view_equal(buf_view(&first), buf_view(&again)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_equal_becomes_one),
		cmocka_unit_test(the_secret_of_the_tables_does_not_show),
		cmocka_unit_test(strings_that_nothing_names_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
