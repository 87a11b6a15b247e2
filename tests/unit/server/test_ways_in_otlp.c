/* test_ways_in_otlp: OTLP over HTTP: both forms, and answers in the form of the question. */
#include "testing.h"

#include "codec/otlp_message.h"
#include "server/served_routes.h"
#include "server/ways_in_otlp.h"
#include "store/store_mem.h"
#include "wire/gzip.h"

#define PROTOBUF "Content-Type: application/x-protobuf\r\n"
#define JSON "Content-Type: application/json\r\n"

struct whole {
	struct served_routes served;
	struct store *store;
	struct metrics *metrics;
	struct ways_in_otlp otlp;
};

static int start(void **state)
{
	static struct whole whole;
	struct router_options options = { .n_tables = 1 };
	struct limits limits;

	limits_defaults(&limits);
	limits.unpacked_bytes = 1 << 20;
	assert_int_equal(store_mem_open(&whole.store, NULL), 0);
	whole.otlp.intake = intake_new(whole.store, &limits);
	whole.metrics = metrics_new();
	whole.otlp.ways = ways_in_new(whole.otlp.intake, NULL, whole.metrics);
	options.tables[0] = ways_in_otlp_table(&whole.otlp);
	serve_routes(&whole.served, &options);
	*state = &whole;
	return 0;
}

static int stop(void **state)
{
	struct whole *whole = *state;

	stop_routes(&whole->served);
	ways_in_free(whole->otlp.ways);
	metrics_free(whole->metrics);
	intake_free(whole->otlp.intake);
	store_close(whole->store);
	return 0;
}

static uint64_t stored(struct whole *whole)
{
	struct store_figures figures;

	store_figures(whole->store, &figures);
	return figures.profiles;
}

static const char *post(struct whole *whole, const char *headers, struct view body)
{
	return ask_routes(&whole->served, "POST /v1development/profiles", headers, body);
}

static void protobuf_is_kept(void **state)
{
	struct whole *whole = *state;
	uint64_t before = stored(whole);
	BUF_AUTO sample = { 0 };
	BUF_AUTO message = { 0 };
	BUF_AUTO packed = { 0 };
	const char *reply;

	put_sample(&sample, false);
	put_message(&message, &sample, 1);
	reply = post(whole, PROTOBUF, buf_view(&message));
	assert_non_null(strstr(reply, "HTTP/1.1 200"));
	assert_non_null(strstr(reply, "Content-Type: application/x-protobuf\r\n"));
	assert_non_null(strstr(reply, "Content-Length: 0\r\n"));
	assert_int_equal(gzip_deflate(buf_view(&message), 6, &packed, NULL), 0);
	assert_non_null(strstr(
		post(whole, PROTOBUF "Content-Encoding: gzip\r\n", buf_view(&packed)), " 200 "));
	assert_int_equal(stored(whole), before + 2); /* without a time each is another */
}

static void json_is_kept_and_answered_in_json(void **state)
{
	struct whole *whole = *state;
	uint64_t before = stored(whole);
	BUF_AUTO sample = { 0 };
	BUF_AUTO message = { 0 };
	BUF_AUTO text = { 0 };
	const char *reply;

	put_sample(&sample, false);
	put_message(&message, &sample, 1);
	assert_int_equal(otlp_json_write(buf_view(&message), &text, NULL), 0);
	reply = post(whole, JSON, buf_view(&text));
	assert_non_null(strstr(reply, "HTTP/1.1 200"));
	assert_non_null(strstr(reply, "\r\n\r\n{}"));
	assert_int_equal(stored(whole), before + 1);
}

static void a_refusal_is_a_status_in_the_same_form(void **state)
{
	struct whole *whole = *state;
	const char *reply = post(whole, JSON, VIEW("{\"resourceProfiles\":7}"));

	assert_non_null(strstr(reply, "HTTP/1.1 400"));
	assert_non_null(strstr(reply, "{\"code\":3,\"message\":\""));
	reply = post(whole, PROTOBUF, VIEW("\x0a\xff"));
	assert_non_null(strstr(reply, "HTTP/1.1 400"));
	assert_non_null(strstr(reply, "Content-Type: application/x-protobuf\r\n"));
	assert_non_null(strstr(reply, "\r\n\r\n\x08\x03\x12"));
	reply = post(whole, "Content-Type: text/plain\r\n", VIEW("x"));
	assert_non_null(strstr(reply, "HTTP/1.1 415"));
	assert_non_null(strstr(post(whole, JSON "Content-Encoding: br\r\n", VIEW("x")), " 415 "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(protobuf_is_kept),
		cmocka_unit_test(json_is_kept_and_answered_in_json),
		cmocka_unit_test(a_refusal_is_a_status_in_the_same_form),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
