/* test_ways_in: each way in over HTTP, what the store has then, and what is refused. */
#include "testing.h"

#include "base/clock.h"
#include "ingest/ingest_samples.h"
#include "server/served_routes.h"
#include "server/ways_in.h"
#include "store/store_mem.h"

struct whole {
	struct served_routes served;
	struct store *store;
	struct intake *intake;
	struct ways_in *ways;
	struct metrics *metrics;
};

static int start(void **state)
{
	static struct whole whole;
	struct router_options options = { .n_tables = 1 };
	struct limits limits;

	limits_defaults(&limits);
	limits.unpacked_bytes = 1 << 20;
	assert_int_equal(store_mem_open(&whole.store, NULL), 0);
	whole.intake = intake_new(whole.store, &limits);
	whole.metrics = metrics_new();
	whole.ways = ways_in_new(whole.intake, NULL, whole.metrics);
	options.tables[0] = ways_in_table(whole.ways);
	serve_routes(&whole.served, &options);
	*state = &whole;
	return 0;
}

static int stop(void **state)
{
	struct whole *whole = *state;

	stop_routes(&whole->served);
	ways_in_free(whole->ways);
	metrics_free(whole->metrics);
	intake_free(whole->intake);
	store_close(whole->store);
	return 0;
}

static uint64_t stored(struct whole *whole)
{
	struct store_figures figures;

	store_figures(whole->store, &figures);
	return figures.profiles;
}

static const char *post(void **state, const char *path, const char *headers, struct view body)
{
	char line[300];

	snprintf(line, sizeof(line), "POST %s", path);
	return ask_routes(&((struct whole *)*state)->served, line, headers, body);
}

static void a_text_is_kept(void **state)
{
	uint64_t before = stored(*state);
	const char *reply =
		post(state, "/ingest?name=shop.cpu%7Ba%3Db%7D&from=now-10s", "", VIEW("main 3\n"));

	assert_non_null(strstr(reply, "HTTP/1.1 200"));
	assert_non_null(strstr(reply, "X-Request-Id: "));
	assert_int_equal(stored(*state), before + 1);
	assert_non_null(
		strstr(post(state, "/pyroscope/ingest?name=b.cpu", "", VIEW("main 3\n")), " 200 "));
}

static void the_same_key_is_kept_once(void **state)
{
	uint64_t before = stored(*state);
	char path[100];

	snprintf(path, sizeof(path), "/ingest?name=once.cpu&from=%llu",
		(unsigned long long)clock_realtime_ns() / 1000000000 - 10);
	for (int i = 0; i < 3; i++)
		assert_non_null(strstr(post(state, path, "Idempotency-Key: k1\r\n",
					       i ? VIEW("main 4\n") : VIEW("main 3\n")),
			" 200 "));
	assert_int_equal(stored(*state), before + 1);
}

static void pprof_comes_bare_and_by_hand(void **state)
{
	BUF_AUTO pprof = { 0 };
	uint64_t before = stored(*state);

	cpu_pprof((int64_t)clock_realtime_ns(), &pprof);
	assert_non_null(strstr(post(state, "/api/v1/profiles?service=shop&label=a%3Db&label=c%3Dd",
				       "", buf_view(&pprof)),
		"{}\n"));
	assert_non_null(
		strstr(post(state, "/ingest?name=node&format=pprof",
			       "Content-Type: application/octet-stream\r\n", buf_view(&pprof)),
			" 200 "));
	assert_int_equal(stored(*state), before + 2);
	assert_non_null(
		strstr(post(state, "/api/v1/profiles?service=shop&label=a", "", buf_view(&pprof)),
			"label='a' should be"));
}

static void push_answers_in_the_same_form(void **state)
{
	const char *reply = post(state, "/push.v1.PusherService/Push",
		"Content-Type: application/json\r\n", VIEW("{}"));

	assert_non_null(strstr(reply, "Content-Type: application/json"));
	assert_non_null(strstr(reply, "{}"));
	reply = post(state, "/push.v1.PusherService/Push", "Content-Type: application/proto\r\n",
		VIEW(""));
	assert_non_null(strstr(reply, "Content-Type: application/proto"));
	assert_non_null(strstr(post(state, "/push.v1.PusherService/Push",
				       "Content-Type: text/plain\r\n", VIEW("x")),
		" 415 "));
	reply = post(state, "/push.v1.PusherService/Push", "Content-Type: application/json\r\n",
		VIEW("{\"series\":[{\"labels\":[]}]}"));
	assert_non_null(strstr(reply, " 400 "));
	assert_non_null(strstr(reply, "\"code\":\"invalid_argument\""));
}

static void what_is_refused_is_told_and_not_kept(void **state)
{
	uint64_t before = stored(*state);
	BUF_AUTO out = { 0 };
	const char *reply =
		post(state, "/ingest?name=a.cpu&from=now-60d&until=now-59d", "", VIEW("a 1\n"));

	assert_non_null(strstr(reply, " 422 "));
	assert_non_null(strstr(reply, "limits.age_seconds"));
	assert_non_null(strstr(post(state, "/ingest", "", VIEW("a 1\n")), " 400 "));
	assert_non_null(
		strstr(post(state, "/ingest?name=a.cpu&format=pprof", "", VIEW("junk")), " 400 "));
	assert_int_equal(stored(*state), before);
	metrics_write(((struct whole *)*state)->metrics, &out);
	buf_add_char(&out, '\0');
	assert_non_null(strstr(
		out.at, "flyover_ingest_refused_total{status=\"422\",limit=\"age_seconds\"} 1\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_kept),
		cmocka_unit_test(the_same_key_is_kept_once),
		cmocka_unit_test(pprof_comes_bare_and_by_hand),
		cmocka_unit_test(push_answers_in_the_same_form),
		cmocka_unit_test(what_is_refused_is_told_and_not_kept),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
