/* test_serving: the whole server, from its start to its end. */
#include "testing.h"

#include <stdio.h>

#include "net/address.h"
#include "net/http_client.h"
#include "server/serving.h"
#include "store/store_mem.h"

static void it_takes_profiles_until_it_is_stopped(void **state)
{
	struct address address = { .host = "127.0.0.1" };
	struct serving_options options = { .version = "test", .drain_ms = 1000 };
	struct serving *serving;
	struct err err;
	char request[300];
	uint16_t port;
	bool taken;

	limits_defaults(&options.limits);
	assert_int_equal(store_mem_open(&options.store, &err), 0);
	options.fd = address_listen(&address, &port, &taken, &err);
	assert_true(options.fd >= 0);
	options.guard = (struct guard){ .bound = "127.0.0.1", .port = port };
	assert_int_equal(serving_start(&options, &serving, &err), 0);
	snprintf(request, sizeof(request),
		"POST /ingest?name=a.cpu HTTP/1.1\r\nHost: localhost:%u\r\nContent-Length: "
		"4\r\n" END "a 1\n",
		port);
	assert_non_null(strstr(ask_port(port, request), " 200 "));
	snprintf(request, sizeof(request), "GET /-/ready HTTP/1.1\r\nHost: localhost:%u\r\n" END,
		port);
	assert_non_null(strstr(ask_port(port, request), "ready"));
	snprintf(request, sizeof(request), "GET /metrics HTTP/1.1\r\nHost: localhost:%u\r\n" END,
		port);
	assert_non_null(strstr(ask_port(port, request), "flyover_store_profiles 1\n"));
	serving_stop(serving);
	store_close(options.store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_takes_profiles_until_it_is_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
