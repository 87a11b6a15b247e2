/* test_debugfiles: debug files come and go over HTTP, each tenant's for itself. */
#include "server/served_debugfiles.h"

#define PATH "/api/v1/debuginfo/" SHELVED_ID

static struct buf program;

static int start(void **state)
{
	if (served_debugfiles_start(state, (struct router_options){ .multi_tenant = true }) != 0)
		return -1;
	return disk_read("program", SIZE_MAX, &program, NULL);
}

static int stop(void **state)
{
	buf_fini(&program);
	return served_debugfiles_stop(state);
}

static const char *ask(const char *line, struct view body)
{
	return ask_routes(&served, line, "X-Scope-OrgID: a\r\n", body);
}

static void a_file_comes_is_listed_and_goes(void **state)
{
	const char *reply = ask("PUT " PATH, buf_view(&program));

	assert_non_null(strstr(reply, "HTTP/1.1 201"));
	assert_non_null(strstr(reply, "\"kind\":\"program\""));
	assert_non_null(strstr(ask("PUT " PATH, buf_view(&program)), "\"state\":\"there\""));
	assert_non_null(strstr(ask("GET /api/v1/debuginfo", VIEW("")), SHELVED_ID));
	assert_non_null(strstr(ask("GET " PATH, VIEW("")), SHELVED_ID));
	assert_non_null(strstr(ask_routes(&served, "GET " PATH, "X-Scope-OrgID: b\r\n", VIEW("")),
		"HTTP/1.1 404"));
	assert_non_null(strstr(ask("DELETE " PATH, VIEW("")), "{\"removed\":1}"));
	assert_non_null(strstr(ask("DELETE " PATH, VIEW("")), "HTTP/1.1 404"));
	assert_non_null(strstr(ask("HEAD " PATH, VIEW("")), "HTTP/1.1 404"));
}

static void what_is_wrong_has_its_status(void **state)
{
	assert_non_null(strstr(ask("PUT /api/v1/debuginfo/XY", VIEW("a")), "HTTP/1.1 400"));
	assert_non_null(strstr(ask("GET /api/v1/debuginfo/XY", VIEW("")), "HTTP/1.1 400"));
	assert_non_null(strstr(ask("PUT " PATH, VIEW("no ELF file")), "HTTP/1.1 422"));
	assert_non_null(strstr(ask("PUT " PATH "?hash=x", VIEW("a")), "HTTP/1.1 400"));
	assert_non_null(
		strstr(ask("PUT " PATH "?size=99999999999999", VIEW("a")), "debuginfo.file_bytes"));
	assert_non_null(strstr(ask("PUT " PATH "?size=10&offset=5", VIEW("a")), "HTTP/1.1 409"));
}

static void the_store_knows_who_has_names(void **state)
{
	assert_non_null(store_names(store));
}

static void without_a_folder_it_says_so(void **state)
{
	struct router_options routes = { .n_tables = 1 };
	struct debugfiles *none;
	struct served_routes other;
	struct store *empty;

	assert_int_equal(store_mem_open(&empty, NULL), 0);
	assert_int_equal(
		debugfiles_open(&(struct debugfiles_options){ .store = empty }, &none, NULL), 0);
	routes.tables[0] = debugfiles_table(none);
	serve_routes(&other, &routes);
	assert_non_null(strstr(ask_routes(&other, "PUT " PATH, "", VIEW("a")), "HTTP/1.1 501"));
	assert_non_null(strstr(
		ask_routes(&other, "GET /api/v1/debuginfo", "", VIEW("")), "debuginfo.folder"));
	stop_routes(&other);
	debugfiles_close(none);
	store_close(empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_comes_is_listed_and_goes),
		cmocka_unit_test(what_is_wrong_has_its_status),
		cmocka_unit_test(the_store_knows_who_has_names),
		cmocka_unit_test(without_a_folder_it_says_so),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
