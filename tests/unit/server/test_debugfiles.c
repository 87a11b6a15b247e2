/* test_debugfiles: debug files come and go over HTTP, each tenant's for itself. */
#include "debuginfo/shelved.h"

#include "server/debugfiles.h"
#include "server/served_routes.h"
#include "store/store_mem.h"

#define PATH "/api/v1/debuginfo/" SHELVED_ID

static struct served_routes served;
static struct store *store;
static struct debugfiles *files;
static struct buf program;

static int start(void **state)
{
	struct router_options routes = { .n_tables = 1, .multi_tenant = true };

	if (shelved_begin(state) != 0 || disk_read("program", SIZE_MAX, &program, NULL) < 0 ||
		store_mem_open(&store, NULL) < 0)
		return -1;
	if (debugfiles_open(&(struct debugfiles_options){ .folder = "shelf", .store = store },
		    &files, NULL) < 0)
		return -1;
	routes.tables[0] = debugfiles_table(files);
	serve_routes(&served, &routes);
	return 0;
}

static int stop(void **state)
{
	stop_routes(&served);
	debugfiles_close(files);
	store_close(store);
	buf_fini(&program);
	return programs_end(state);
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
