/* test_exhibit: one selection as a page, and what it says when it could not keep all. */
#include "testing.h"

#include "server/asking.h"
#include "server/exhibit.h"
#include "server/viewer.h"

#define SHOP "c2VydmljZT1zaG9w" /* service=shop */

static const char *about_of(const struct exhibit *exhibit)
{
	struct address address = { .host = "127.0.0.1" };
	struct httpd_options how = { .handle = viewer_handle, .owner = exhibit->viewer };
	char request[200];
	struct httpd *httpd;
	const char *reply;
	uint16_t port;
	bool taken;

	how.fd = address_listen(&address, &port, &taken, NULL);
	assert_int_equal(httpd_start(&how, &httpd, NULL), 0);
	snprintf(request, sizeof(request),
		"GET /api/v1/about HTTP/1.1\r\nHost: localhost:%u\r\n" END, asking_guard.port);
	reply = ask_port(port, request);
	httpd_stop(httpd);
	return reply;
}

static struct exhibit make(size_t nodes_max)
{
	struct exhibit_options how = { .store = asking_store,
		.guard = &asking_guard,
		.version = "1",
		.nodes_max = nodes_max };
	struct router_call call = { .tenant = "" };
	struct exhibit exhibit;

	assert_int_equal(exhibit_make(&how, VIEW(SHOP), &call, &exhibit, NULL), 0);
	return exhibit;
}

static void all_of_it_is_nothing_to_warn_of(void **state)
{
	struct exhibit exhibit = make(100);
	const char *about = about_of(&exhibit);

	assert_int_equal(exhibit.nodes, 3);
	assert_string_equal(exhibit.title, "shop");
	assert_non_null(strstr(about, "\"title\":\"shop\""));
	assert_null(strstr(about, "partial"));
	exhibit_fini(&exhibit);
}

/* main and work are kept; wait, a quarter, is not. */
static void what_was_cut_is_told_with_its_share_and_the_setting(void **state)
{
	struct exhibit exhibit = make(2);
	const char *about = about_of(&exhibit);

	assert_int_equal(exhibit.nodes, 2);
	assert_non_null(strstr(about, "\"partial\":true"));
	assert_non_null(strstr(about,
		"25 % of this picture is frames called \\\"other\\\": of 3 call paths the 2 "
		"heaviest are told apart."));
	assert_non_null(strstr(about, "query.memory_total"));
	exhibit_fini(&exhibit);
}

static void what_cannot_be_made_leaves_nothing(void **state)
{
	struct exhibit_options how = { .store = asking_store, .guard = &asking_guard };
	struct router_call call = { .tenant = "" };
	struct exhibit exhibit;
	struct err err = { 0 };

	assert_int_equal(exhibit_make(&how, VIEW("!!!"), &call, &exhibit, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "this address has no selection in it"));
	assert_null(exhibit.viewer);
	exhibit_fini(&exhibit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it_is_nothing_to_warn_of),
		cmocka_unit_test(what_was_cut_is_told_with_its_share_and_the_setting),
		cmocka_unit_test(what_cannot_be_made_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, asking_start, asking_stop);
}
