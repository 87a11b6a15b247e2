/* test_pyroscope: Pyroscope's routes are there, and nothing else is. */
#include "testing.h"

#include "server/asking_querier.h"

static void every_method_answers(void **state)
{
	struct router_table table = pyroscope_table(&asking_pyroscope);
	size_t methods = 0;

	for (size_t i = 0; i < table.n; i++) {
		const char *reply;

		if (strcmp(table.routes[i].method, "POST") != 0)
			continue;
		methods++;
		reply = asking_post(
			table.routes[i].path, "Content-Type: application/json\r\n", VIEW("{}"));
		assert_non_null(strstr(reply, "application/json"));
		assert_null(strstr(reply, " 404 "));
		assert_null(strstr(reply, " 500 "));
		assert_int_equal(table.routes[i].scope, SCOPE_READ);
	}
	assert_true(methods >= 6);
}

static void connect_is_by_post(void **state)
{
	asking_has(asking_get("/querier.v1.QuerierService/ProfileTypes"), " 405 ");
	asking_has(asking_querier("Nothing", "{}"), " 404 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_method_answers),
		cmocka_unit_test(connect_is_by_post),
	};

	return cmocka_run_group_tests(tests, asking_start, asking_stop);
}
