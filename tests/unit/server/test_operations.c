/* test_operations: health, readiness and metrics. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>

#include "server/operations.h"
#include "server/served_routes.h"

static const char *trouble = "";

static void reasons(void *owner, struct buf *out)
{
	(void)owner;
	buf_add_text(out, trouble);
}

static void health_and_readiness_are_two_things(void **state)
{
	struct served_routes served;
	struct operations operations = { .reasons = reasons };
	struct router_options options = { .tables = { operations_table(&operations) },
		.n_tables = 1 };
	const char *reply;

	serve_routes(&served, &options);
	operations.metrics = served.metrics;
	assert_non_null(
		strstr(ask_routes(&served, "GET /-/ready", "", (struct view){ 0 }), " 200 "));
	trouble = "the disk is full\n";
	reply = ask_routes(&served, "GET /readyz", "", (struct view){ 0 });
	assert_non_null(strstr(reply, " 503 "));
	assert_non_null(strstr(reply, "the disk is full"));
	assert_non_null(
		strstr(ask_routes(&served, "GET /healthz", "", (struct view){ 0 }), " 200 "));
	reply = ask_routes(&served, "GET /metrics", "", (struct view){ 0 });
	assert_non_null(strstr(reply, "Content-Type: text/plain; version=0.0.4"));
	assert_non_null(strstr(reply, "flyover_http_requests_total{route=\"/-/ready\""));
	stop_routes(&served);
}

/* Through the socket, to a reader who takes his time; a megabyte is far more than any buffer. */
static void however_long_the_metrics_are_all_of_them_come(void **state)
{
	struct served_routes served;
	struct operations operations = { .reasons = reasons };
	struct router_options options = { .tables = { operations_table(&operations) },
		.n_tables = 1 };
	BUF_AUTO got = { 0 }, wanted = { 0 };
	char labels[200], part[5000];
	const char *body, *length;
	ssize_t n;
	int fd;

	serve_routes(&served, &options);
	operations.metrics = served.metrics;
	for (unsigned i = 0; i < 8000; i++) {
		snprintf(labels, sizeof(labels), "target=\"%0120u\"", i);
		metrics_count(metrics_counter(served.metrics, "made_up_total", "Some.", labels), i);
	}
	metrics_write(served.metrics, &wanted);
	assert_true(wanted.len > 1000000);
	fd = connect_to_port(served.port);
	snprintf(part, sizeof(part), "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n" END,
		served.port);
	send_text(fd, part);
	usleep(100000);
	while ((n = recv(fd, part, sizeof(part), 0)) > 0)
		buf_add(&got, part, (size_t)n);
	close(fd);
	buf_add_char(&got, '\0');
	body = strstr(got.at, "\r\n\r\n") + 4;
	length = strstr(got.at, "Content-Length: ");
	assert_int_equal(strlen(body), strtoul(length + strlen("Content-Length: "), NULL, 10));
	assert_int_equal(strlen(body), wanted.len);
	stop_routes(&served);
}

static void a_process_knows_itself(void **state)
{
	BUF_AUTO out = { 0 };

	operations_write_process("1.2.3", &out);
	buf_add_char(&out, '\0');
	assert_non_null(strstr(out.at, "flyover_build_info{version=\"1.2.3\"} 1\n"));
	assert_null(strstr(out.at, "process_resident_memory_bytes 0\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(health_and_readiness_are_two_things),
		cmocka_unit_test(however_long_the_metrics_are_all_of_them_come),
		cmocka_unit_test(a_process_knows_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
