/* test_err: the sentence says what, then where, and is cut rather than overrun. */
#include "testing.h"

#include <errno.h>

#include "base/err.h"

static void outer_layers_prepend_where(void **state)
{
	struct err err;

	assert_int_equal(err_set(&err, ERR_CORRUPT, "no count"), ERR_CORRUPT);
	assert_int_equal(err_where(&err, "line %d", 3), ERR_CORRUPT);
	assert_string_equal(err.text, "line 3: no count");
}

static void an_errno_becomes_a_code_and_a_reason(void **state)
{
	struct err err;

	assert_int_equal(err_errno(&err, ENOENT, "cannot open x"), ERR_NOT_FOUND);
	assert_string_equal(err.text, "cannot open x: No such file or directory");
	assert_int_equal(err_errno(NULL, EPERM, "x"), ERR_DENIED);
}

static void long_sentences_are_cut(void **state)
{
	struct err err;
	char text[2 * ERR_TEXT_MAX];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	err_set(&err, ERR_IO, "%s", text);
	assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
	err_where(&err, "%s", text);
	assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outer_layers_prepend_where),
		cmocka_unit_test(an_errno_becomes_a_code_and_a_reason),
		cmocka_unit_test(long_sentences_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
