/* test_agent: a host's windows reach a server; where sampling is not permitted, it says so. */
#include "testing.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "agent/agent.h"
#include "base/clock.h"
#include "net/address.h"
#include "net/httpd.h"

struct server {
	pthread_mutex_t lock;
	unsigned asked;
	bool has_us, has_capture;
};

static void admit(void *owner, struct httpd_request *request, struct httpd_terms *terms,
	struct httpd_reply *refusal)
{
	terms->body_max = 64 << 20;
}

static void handle(void *owner, const struct httpd_request *request, struct httpd_reply *ret)
{
	struct server *server = owner;

	pthread_mutex_lock(&server->lock);
	server->asked++;
	server->has_us |= memmem(request->body.at, request->body.len, "test_agent", 10) != NULL;
	server->has_capture |= memmem(request->body.at, request->body.len, "capture", 7) != NULL;
	pthread_mutex_unlock(&server->lock);
}

static void windows_reach_the_server(void **state)
{
	struct server server = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct address address = { .host = "127.0.0.1" };
	struct httpd_options serving = { .handle = handle, .admit = admit, .owner = &server };
	struct agent_options options = { .window_s = 1, .cache_dir = "", .host = "here" };
	struct agent_figures figures = { 0 };
	struct httpd *httpd;
	struct agent *agent;
	struct err err = { 0 };
	char url[64];
	uint16_t port;
	bool taken;
	volatile unsigned work = 0;
	uint64_t end_ns = clock_monotonic_ns() + 60000000000;

	serving.fd = address_listen(&address, &port, &taken, NULL);
	assert_int_equal(httpd_start(&serving, &httpd, NULL), 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/push.v1.PusherService/Push", port);
	options.outbox = (struct outbox_options){ .url = url, .mime = "application/proto" };
	if (agent_start(&options, &agent, &err)) {
		printf("SKIP: %s\n", err.text);
		httpd_stop(httpd);
		exit(77);
	}
	while (clock_monotonic_ns() < end_ns && figures.windows < 3 && !figures.trouble[0]) {
		for (unsigned k = 0; k < 100000000; k++)
			work += k;
		agent_get_figures(agent, &figures);
	}
	assert_string_equal(figures.trouble, "");
	assert_true(figures.windows >= 3);
	assert_true(figures.series >= 2);
	agent_stop(agent, 10000);
	httpd_stop(httpd);
	assert_true(server.asked >= 2);
	assert_true(server.has_us);
	assert_true(server.has_capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_reach_the_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
