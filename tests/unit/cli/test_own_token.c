/* test_own_token: a token is long, and no two are the same. */
#include "testing.h"

#include "cli/own_token.h"

static void tokens_are_long_and_differ(void **state)
{
	char one[OWN_TOKEN_MAX], other[OWN_TOKEN_MAX];

	(void)state;
	own_token_draw(one);
	own_token_draw(other);
	assert_int_equal(strlen(one), 32);
	assert_string_not_equal(one, other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_long_and_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
