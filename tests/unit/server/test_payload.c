/* test_payload: bodies that were packed for the way. */
#include "testing.h"

#include "server/payload.h"
#include "server/served_routes.h"
#include "wire/gzip.h"

static void echo(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	static const struct payload_limits limits = { 1000, 0, "limits.unpacked" };
	BUF_AUTO room = { 0 };
	struct view body;

	(void)owner;
	if (payload_read(call->http, &limits, &room, &body, reply))
		buf_add_view(&reply->made, body);
}

static const struct route routes[] = { { "POST", "/", echo, SCOPE_INGEST, LANE_INGEST } };

static int start(void **state)
{
	static struct served_routes served;
	struct router_options options = { .tables = { { routes, 1, NULL } }, .n_tables = 1 };

	serve_routes(&served, &options);
	*state = &served;
	return 0;
}

static int stop(void **state)
{
	stop_routes(*state);
	return 0;
}

#define GZIPPED "Content-Encoding: gzip\r\n"

static void gzip_is_unpacked_and_plain_is_left(void **state)
{
	BUF_AUTO packed = { 0 };

	assert_int_equal(gzip_deflate(VIEW("was packed"), 6, &packed, NULL), 0);
	assert_non_null(
		strstr(ask_routes(*state, "POST /", GZIPPED, buf_view(&packed)), "was packed"));
	assert_non_null(strstr(ask_routes(*state, "POST /", "", VIEW("is plain")), "is plain"));
	assert_non_null(
		strstr(ask_routes(*state, "POST /", "Content-Encoding: identity\r\n", VIEW("same")),
			"same"));
}

static void what_unpacks_to_too_much_names_the_limit(void **state)
{
	static char zeros[100000];
	BUF_AUTO packed = { 0 };
	const char *reply;

	assert_int_equal(gzip_deflate((struct view){ zeros, sizeof(zeros) }, 6, &packed, NULL), 0);
	reply = ask_routes(*state, "POST /", GZIPPED, buf_view(&packed));
	assert_non_null(strstr(reply, "HTTP/1.1 413"));
	assert_non_null(strstr(reply, "1000 bytes; limits.unpacked sets that"));
}

static void damaged_and_unknown_are_told_apart(void **state)
{
	assert_non_null(strstr(ask_routes(*state, "POST /", GZIPPED, VIEW("no gzip")), " 400 "));
	assert_non_null(strstr(
		ask_routes(*state, "POST /", "Content-Encoding: br\r\n", VIEW("x")), " 415 "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gzip_is_unpacked_and_plain_is_left),
		cmocka_unit_test(what_unpacks_to_too_much_names_the_limit),
		cmocka_unit_test(damaged_and_unknown_are_told_apart),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
