/* test_router: paths, methods, hosts, tenants, ids, and what is counted. */
#include "testing.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "server/served_routes.h"

static void echo(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	buf_add_format(&reply->made, "%s rest=%.*s tenant=%s", (const char *)owner,
		(int)call->rest.len, call->rest.at ? call->rest.at : "", call->tenant);
}

static const struct route routes[] = {
	{ "GET", "/plain", echo, SCOPE_READ, LANE_AT_ONCE },
	{ "POST", "/plain", echo, SCOPE_INGEST, LANE_INGEST },
	{ "GET", "/label/?/values", echo, SCOPE_READ, LANE_QUERY },
	{ "GET", "/files/*", echo, SCOPE_READ, LANE_QUERY },
	{ "GET", "/open", echo, SCOPE_ANYONE, LANE_AT_ONCE },
};

static void start_with(struct served_routes *served, bool multi_tenant)
{
	struct router_options options = { .tables = { { routes, 5, (void *)"echo" } },
		.n_tables = 1,
		.body_max = 10,
		.body_setting = "limits.body",
		.multi_tenant = multi_tenant };

	serve_routes(served, &options);
}

static int start(void **state)
{
	static struct served_routes served;

	start_with(&served, false);
	*state = &served;
	return 0;
}

static int stop(void **state)
{
	stop_routes(*state);
	return 0;
}

static const struct view no_body;

static void a_route_answers_with_a_request_id(void **state)
{
	const char *reply = ask_routes(*state, "GET /plain", "", no_body);

	assert_non_null(strstr(reply, "HTTP/1.1 200"));
	assert_non_null(strstr(reply, "X-Request-Id: "));
	assert_non_null(strstr(reply, "echo rest= tenant="));
	reply = ask_routes(*state, "GET /plain", "X-Request-Id: abc-1\r\n", no_body);
	assert_non_null(strstr(reply, "X-Request-Id: abc-1\r\n"));
	reply = ask_routes(*state, "GET /plain", "X-Request-Id: a b\r\n", no_body);
	assert_null(strstr(reply, "X-Request-Id: a b"));
}

static void parts_of_a_path_may_be_anything(void **state)
{
	assert_non_null(strstr(
		ask_routes(*state, "GET /label/a%20b/values", "", no_body), "rest=a b tenant"));
	assert_non_null(
		strstr(ask_routes(*state, "GET /label//values", "", no_body), "HTTP/1.1 404"));
	assert_non_null(
		strstr(ask_routes(*state, "GET /label/a/b/values", "", no_body), "HTTP/1.1 404"));
	assert_non_null(strstr(ask_routes(*state, "GET /files/a/b", "", no_body), "rest=a/b"));
}

static void other_methods_hear_which_there_are(void **state)
{
	const char *reply = ask_routes(*state, "PUT /plain", "", VIEW("x"));

	assert_non_null(strstr(reply, "HTTP/1.1 405"));
	assert_non_null(strstr(reply, "Allow: GET, POST"));
	assert_non_null(strstr(reply, "\"code\":\"unimplemented\""));
}

static void a_body_has_a_limit_with_a_name(void **state)
{
	const char *reply = ask_routes(*state, "POST /plain", "", VIEW("0123456789a"));

	assert_non_null(strstr(reply, "HTTP/1.1 413"));
	assert_non_null(strstr(reply, "limits.body"));
	assert_non_null(strstr(reply, "X-Request-Id: "));
}

static void a_host_that_is_not_ours_is_refused(void **state)
{
	struct served_routes *served = *state;

	assert_non_null(
		strstr(ask_port(served->port, "GET /plain HTTP/1.1\r\nHost: evil.example\r\n" END),
			"HTTP/1.1 403"));
}

static void pages_of_other_sites_may_not_write(void **state)
{
	struct served_routes *served = *state;
	char same[60];

	assert_non_null(strstr(
		ask_routes(served, "POST /plain", "Origin: http://evil.example\r\n", VIEW("x")),
		"HTTP/1.1 403"));
	assert_non_null(strstr(
		ask_routes(served, "POST /plain", "Origin: null\r\n", VIEW("x")), "HTTP/1.1 403"));
	assert_non_null(strstr(
		ask_routes(served, "POST /plain", "Sec-Fetch-Site: cross-site\r\n", VIEW("x")),
		"HTTP/1.1 403"));
	snprintf(same, sizeof(same), "Origin: http://127.0.0.1:%u\r\n", served->port);
	assert_non_null(strstr(ask_routes(served, "POST /plain", same, VIEW("x")), "HTTP/1.1 200"));
	assert_non_null(strstr(ask_routes(served, "GET /plain", "Origin: http://evil.example\r\n",
				       (struct view){ 0 }),
		"HTTP/1.1 200"));
}

static void several_tenants_have_to_say_who_they_are(void **state)
{
	struct served_routes served;

	start_with(&served, true);
	assert_non_null(strstr(ask_routes(&served, "GET /plain", "", no_body), "HTTP/1.1 401"));
	assert_non_null(strstr(
		ask_routes(&served, "GET /plain", "X-Scope-OrgID: a/b\r\n", no_body), "401"));
	assert_non_null(
		strstr(ask_routes(&served, "GET /plain", "X-Scope-OrgID: ..\r\n", no_body), "401"));
	assert_non_null(strstr(ask_routes(&served, "GET /plain", "X-Scope-OrgID: t-1\r\n", no_body),
		"tenant=t-1"));
	assert_non_null(strstr(ask_routes(&served, "GET /open", "", no_body), "tenant="));
	stop_routes(&served);
}

static void what_happened_is_counted(void **state)
{
	struct served_routes served;
	BUF_AUTO out = { 0 };

	start_with(&served, false);
	ask_routes(&served, "GET /plain", "", no_body);
	ask_routes(&served, "POST /plain", "", VIEW("0123456789a"));
	ask_routes(&served, "POST /plain", "", VIEW("012"));
	ask_routes(&served, "GET /nowhere", "", no_body);
	httpd_stop(served.httpd);
	metrics_write(served.metrics, &out);
	buf_add_char(&out, '\0');
	assert_non_null(strstr(out.at, "flyover_http_requests_total{route=\"/plain\",method="
				       "\"GET\",outcome=\"good\"} 1\n"));
	assert_non_null(
		strstr(out.at, "{route=\"/plain\",method=\"POST\",outcome=\"refused\"} 1\n"));
	assert_non_null(strstr(out.at, "flyover_http_requests_unknown_total 1\n"));
	assert_non_null(strstr(out.at, "flyover_http_request_body_bytes_total{route=\"/plain\","
				       "method=\"POST\"} 3\n"));
	router_free(served.router);
	metrics_free(served.metrics);
}

static atomic_int n_begun;

/* Works for as long as somebody waits. */
static void work(void *owner, const struct router_call *call, struct httpd_reply *reply)
{
	uint64_t end_ns = clock_monotonic_ns() + UINT64_C(20000000000);

	assert_true(budget_take(call->budget, 100));
	atomic_fetch_add(&n_begun, 1);
	while (budget_check(call->budget, NULL) == 0 && clock_monotonic_ns() < end_ns)
		usleep(1000);
}

static void nobody_answers_who_has_left(void **state)
{
	static const struct route works[] = { { "GET", "/work", work, SCOPE_READ, LANE_QUERY } };
	char request[80];
	struct budget_pool pool = { 0 };
	struct router_options options = {
		.tables = { { works, 1, NULL } }, .n_tables = 1, .questions = &pool
	};
	struct served_routes served;
	uint64_t end_ns = clock_monotonic_ns() + UINT64_C(20000000000);
	int fd;

	serve_routes(&served, &options);
	snprintf(request, sizeof(request), "GET /work HTTP/1.1\r\nHost: localhost:%u\r\n\r\n",
		served.port);
	fd = connect_to_port(served.port);
	assert_true(send(fd, request, strlen(request), 0) == (ssize_t)strlen(request));
	while (!atomic_load(&n_begun) && clock_monotonic_ns() < end_ns)
		usleep(1000);
	assert_int_equal(atomic_load(&n_begun), 1);
	close(fd);
	stop_routes(&served); /* waits for the handler */
	assert_int_equal(atomic_load(&pool.n_left), 1);
	assert_int_equal(atomic_load(&pool.bytes), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_route_answers_with_a_request_id),
		cmocka_unit_test(parts_of_a_path_may_be_anything),
		cmocka_unit_test(other_methods_hear_which_there_are),
		cmocka_unit_test(a_body_has_a_limit_with_a_name),
		cmocka_unit_test(a_host_that_is_not_ours_is_refused),
		cmocka_unit_test(pages_of_other_sites_may_not_write),
		cmocka_unit_test(several_tenants_have_to_say_who_they_are),
		cmocka_unit_test(what_happened_is_counted),
		cmocka_unit_test(nobody_answers_who_has_left),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
