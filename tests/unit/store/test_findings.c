/* test_findings: what is past the limit is counted. */
#include "testing.h"

#include "store/findings.h"

static void the_rest_is_counted(void **state)
{
	struct findings findings = { 0 };

	for (int i = 0; i < FINDINGS_MAX + 7; i++)
		findings_add(&findings, "here", "number %d", i);
	assert_int_equal(findings.n, FINDINGS_MAX);
	assert_int_equal(findings.n_more, 7);
	assert_string_equal(findings.at[3].what, "number 3");
	assert_string_equal(findings.at[3].where, "here");
	findings_fini(&findings);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_rest_is_counted) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
