/* test_folded_format: units say how many decimals were kept. */
#include "testing.h"

#include "codec/folded_format.h"

static void a_unit_and_its_decimals_belong_together(void **state)
{
	for (unsigned decimals = 3; decimals <= FOLDED_DECIMALS_MAX; decimals += 3)
		assert_int_equal(folded_format_decimals(folded_format_unit(decimals)), decimals);
	assert_view_equal(folded_format_unit(0), "count");
	assert_int_equal(folded_format_decimals(VIEW("count")), 0);
	assert_int_equal(folded_format_decimals(VIEW("nanoseconds")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_unit_and_its_decimals_belong_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
