/* test_otlp_places: mappings, functions and locations arrive with what attributes say of them. */
#include "otlp_message.h"

static void a_location_has_its_names_and_its_build_id(void **state)
{
	BUF_AUTO sample = { 0 };
	PROFILE_AUTO p = NULL;

	put_sample(&sample, false);
	assert_int_equal(decode_samples(&sample, 1, &p, NULL), 0);
	assert_int_equal(p->n_locations, 2);
	assert_int_equal(p->n_mappings, 2);
	assert_view_equal(profile_text(p, p->mappings[1].build_id), "beef");
	assert_view_equal(profile_text(p, p->mappings[1].file), "/bin/x");
	assert_view_equal(profile_text(p, p->functions[p->lines[0].function].name), "work");
	assert_int_equal(p->locations[0].address, 0x1002);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_location_has_its_names_and_its_build_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
