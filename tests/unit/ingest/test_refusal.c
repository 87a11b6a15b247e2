/* test_refusal: what went wrong, as a status. */
#include "testing.h"

#include "ingest/refusal.h"

static unsigned status_of(int code, const char *limit)
{
	struct refusal refusal = { 0 };
	struct err err = { code, "it is so" };

	assert_true(refusal_of(&refusal, &err, limit) < 0);
	assert_non_null(strstr(refusal.text, "it is so"));
	return refusal.status;
}

static void every_error_has_a_status(void **state)
{
	assert_int_equal(status_of(ERR_CORRUPT, NULL), 400);
	assert_int_equal(status_of(ERR_USAGE, NULL), 400);
	assert_int_equal(status_of(ERR_LIMIT, NULL), 422);
	assert_int_equal(status_of(ERR_LIMIT, "limits.x"), 413);
	assert_int_equal(status_of(ERR_NOMEM, NULL), 503);
	assert_int_equal(status_of(ERR_IO, NULL), 500);
}

static void a_limit_is_named(void **state)
{
	struct refusal refusal = { 0 };
	struct err err = { ERR_LIMIT, "too much" };

	refusal_of(&refusal, &err, "limits.x");
	assert_string_equal(refusal.text, "too much; limits.x sets that");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_error_has_a_status),
		cmocka_unit_test(a_limit_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
