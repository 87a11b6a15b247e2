/* test_openapi: the description is served, to anyone. */
#include "testing.h"

#include "server/openapi.h"

#include "served_routes.h"

static void anyone_can_read_it(void **state)
{
	struct router_options routes = { .tables = { openapi_table() }, .n_tables = 1 };
	struct served_routes served;
	const char *reply;

	serve_routes(&served, &routes);
	reply = ask_routes(&served, "GET /api/v1/openapi.yaml", "", VIEW(""));
	assert_non_null(strstr(reply, "200 OK"));
	assert_non_null(strstr(reply, "Content-Type: application/yaml"));
	assert_non_null(strstr(reply, "openapi: 3."));
	assert_int_equal(routes.tables[0].routes[0].scope, SCOPE_ANYONE);
	stop_routes(&served);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(anyone_can_read_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
