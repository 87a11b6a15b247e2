/* test_connect: one method over the Connect protocol, in both codecs, well and badly asked. */
#include "testing.h"

#include <stdio.h>
#include <unistd.h>

#include "server/connect.h"
#include "server/problem.h"
#include "server/served_routes.h"
#include "wire/gzip.h"
#include "wire/proto.h"

static const struct protojson_message echoed = { (const struct protojson_field[]){
	{ .name = "some_text", .id = 1, .kind = PROTOJSON_TEXT },
	{ .name = "error_code", .id = 2, .kind = PROTOJSON_INT64 },
	{ .name = "wait_ms", .id = 3, .kind = PROTOJSON_INT64 }, { .name = NULL } } };

/* Gives back what it gets; or fails, or waits, as it is told. */
static int echo(void *owner, const struct connect_call *call, struct buf *reply, struct err *err)
{
	struct proto in = proto_of(call->request);
	struct proto_field f;

	assert_string_equal(owner, "the owner");
	while (proto_next(&in, &f)) {
		if (f.id == 2)
			return err_set(err, (int)(int64_t)f.number, "as you like");
		if (f.id == 3)
			usleep((unsigned)f.number * 1000);
	}
	if (in.wrong)
		return err_set(err, ERR_CORRUPT, "%s", in.wrong);
	buf_add_view(reply, call->request);
	return 0;
}

static const struct connect_method method = { &echoed, &echoed, echo };

static void answer(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	(void)owner;
	connect_answer(&method, "the owner", call, reply);
}

static const struct route routes[] = { { "POST", "/a.v1.A/Echo", answer, SCOPE_READ, LANE_QUERY } };

static int start(void **state)
{
	static struct served_routes served;
	struct router_options options = {
		.tables = { { routes, 1, NULL } }, .n_tables = 1, .body_max = 4 << 20
	};

	serve_routes(&served, &options);
	*state = &served;
	return 0;
}

static int stop(void **state)
{
	stop_routes(*state);
	return 0;
}

#define JSON "Content-Type: application/json; charset=utf-8\r\n"
#define PROTO "Content-Type: application/proto\r\n"

static void says(void **state, const char *headers, struct view body, const char *part)
{
	const char *reply = ask_routes(*state, "POST /a.v1.A/Echo", headers, body);

	if (!strstr(reply, part))
		fail_msg("%s\nwithout \"%s\"", reply, part);
}

static void the_answer_is_in_the_codec_of_the_question(void **state)
{
	says(state, JSON, VIEW("{\"some_text\":\"hello\"}"), "\r\n\r\n{\"someText\":\"hello\"}");
	says(state, JSON, VIEW("{}"), "Content-Type: application/json\r\n");
	says(state, PROTO, VIEW("\x0a\x05hello"), "\r\n\r\n\x0a\x05hello");
	says(state, PROTO, VIEW("\x0a\x01h"), "Content-Type: application/proto\r\n");
	says(state, "content-type: Application/JSON\r\n", VIEW("{}"), " 200 ");
}

static void an_empty_body_is_an_empty_message(void **state)
{
	says(state, PROTO, VIEW(""), " 200 ");
	says(state, JSON, VIEW(""), "\r\n\r\n{}");
}

static void gzip_goes_both_ways(void **state)
{
	BUF_AUTO large = { 0 };
	BUF_AUTO packed = { 0 };
	const char *reply;

	buf_add_text(&large, "{\"someText\":\"");
	for (int i = 0; i < 5000; i++)
		buf_add_char(&large, 'a');
	buf_add_text(&large, "\"}");
	assert_int_equal(gzip_deflate(buf_view(&large), 1, &packed, NULL), 0);
	says(state, JSON "Content-Encoding: gzip\r\n", buf_view(&packed), "\":\"aaaaaaaa");
	reply = ask_routes(*state, "POST /a.v1.A/Echo",
		JSON "Content-Encoding: gzip\r\nAccept-Encoding: gzip\r\n", buf_view(&packed));
	assert_non_null(strstr(reply, "Content-Encoding: gzip\r\n"));
	assert_null(strstr(reply, "aaaaaaaa"));
	says(state, JSON "Content-Encoding: br\r\n", VIEW("{}"), "\"unimplemented\"");
	says(state, JSON "Content-Encoding: gzip\r\n", VIEW("{}"), "\"invalid_argument\"");
}

static void what_is_no_such_request_is_refused(void **state)
{
	says(state, "", VIEW("{}"), " 415 ");
	says(state, "Content-Type: application/grpc-web\r\n", VIEW(""),
		"Accept-Post: application/json, application/proto\r\n");
	says(state, "Content-Type: application/jsonp\r\n", VIEW("{}"), " 415 ");
	says(state, JSON "Connect-Protocol-Version: 2\r\n", VIEW("{}"), " 400 ");
	says(state, JSON "Connect-Protocol-Version: 1\r\n", VIEW("{}"), " 200 ");
	says(state, JSON, VIEW("{\"someText\":1}"), "\"code\":\"invalid_argument\"");
	says(state, PROTO, VIEW("\x0a\x05hell"), "\"code\":\"invalid_argument\"");
	says(state, PROTO, VIEW("\x0a\x05hell"), "Content-Type: application/json\r\n");
}

static void a_question_has_a_size(void **state)
{
	BUF_AUTO large = { 0 };
	BUF_AUTO packed = { 0 };

	for (size_t i = 0; i < CONNECT_REQUEST_MAX + 1; i++)
		buf_add_char(&large, 'a');
	says(state, PROTO, buf_view(&large), "\"resource_exhausted\"");
	assert_int_equal(gzip_deflate(buf_view(&large), 9, &packed, NULL), 0);
	says(state, PROTO "Content-Encoding: gzip\r\n", buf_view(&packed),
		"\"resource_exhausted\"");
}

static void errors_have_connects_codes(void **state)
{
	static const struct {
		int code;
		const char *status, *name;
	} all[] = { { ERR_USAGE, " 400 ", "invalid_argument" },
		{ ERR_DENIED, " 403 ", "permission_denied" },
		{ ERR_NOT_FOUND, " 404 ", "not_found" },
		{ ERR_LIMIT, " 429 ", "resource_exhausted" }, { ERR_IO, " 500 ", "internal" },
		{ ERR_UNSUPPORTED, " 501 ", "unimplemented" },
		{ ERR_NOMEM, " 503 ", "unavailable" },
		{ ERR_CANCELLED, " 504 ", "deadline_exceeded" } };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		BUF_AUTO json = { 0 };
		char part[100];

		buf_add_format(&json, "{\"errorCode\":%d}", all[i].code);
		snprintf(part, sizeof(part), "{\"code\":\"%s\",\"message\":\"as you like\"}",
			all[i].name);
		says(state, JSON, buf_view(&json), part);
		says(state, JSON, buf_view(&json), all[i].status);
		assert_string_equal(problem_code(connect_status(all[i].code)), all[i].name);
	}
}

static void who_does_not_wait_is_told(void **state)
{
	says(state, JSON "Connect-Timeout-Ms: 20\r\n", VIEW("{\"waitMs\":50}"),
		"\"deadline_exceeded\"");
	says(state, JSON "Connect-Timeout-Ms: 60000\r\n", VIEW("{}"), " 200 ");
	says(state, JSON "Connect-Timeout-Ms: soon\r\n", VIEW("{}"), " 400 ");
	says(state, JSON "Connect-Timeout-Ms: 12345678901\r\n", VIEW("{}"), " 400 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_answer_is_in_the_codec_of_the_question),
		cmocka_unit_test(an_empty_body_is_an_empty_message),
		cmocka_unit_test(gzip_goes_both_ways),
		cmocka_unit_test(what_is_no_such_request_is_refused),
		cmocka_unit_test(a_question_has_a_size),
		cmocka_unit_test(errors_have_connects_codes),
		cmocka_unit_test(who_does_not_wait_is_told),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
