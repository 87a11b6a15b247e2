/* test_problem: errors as JSON. */
#include "testing.h"

#include "server/problem.h"

static void a_problem_has_a_code_and_a_sentence(void **state)
{
	struct httpd_reply reply = { 0 };

	buf_add_text(&reply.made, "half an answer");
	problem_reply(&reply, 413, "too \"large\"");
	assert_int_equal(reply.status, 413);
	assert_string_equal(reply.mime, "application/json");
	assert_view_equal(buf_view(&reply.made),
		"{\"code\":\"resource_exhausted\",\"message\":\"too \\\"large\\\"\"}\n");
	buf_fini(&reply.made);
}

static void every_error_has_a_status(void **state)
{
	assert_int_equal(problem_status(ERR_USAGE), 400);
	assert_int_equal(problem_status(ERR_LIMIT), 413);
	assert_int_equal(problem_status(ERR_IO), 500);
	assert_string_equal(problem_code(418), "invalid_argument");
	assert_string_equal(problem_code(500), "internal");
	assert_string_equal(problem_code(422), "out_of_range");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_problem_has_a_code_and_a_sentence),
		cmocka_unit_test(every_error_has_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
