/* test_endpoint: the endpoint as its clients meet it, the rude ones too. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/view.h"
#include "inproc/cpu_capture.h"
#include "inproc/endpoint.h"
#include "profiled.h"

#define CLIENTS 20

static int open_it(void *options, struct err *err)
{
	return endpoint_open(options, err);
}

static int close_it(void *unused, struct err *err)
{
	endpoint_close();
	return 0;
}

static int is_capturing(void *unused, struct err *err)
{
	return cpu_capture_running();
}

static void open_endpoint(const char *token, bool show_cmdline)
{
	struct endpoint_options options = { "127.0.0.1:0", token, show_cmdline };
	struct err err;

	if (engine_call(open_it, &options, &err) < 0)
		fail_msg("%s", err.text);
}

static void close_endpoint(void)
{
	engine_call(close_it, NULL, NULL);
}

static int dial(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(endpoint_port()),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* All that comes until the other side closes. */
static void hear(int fd, struct buf *ret)
{
	char bytes[4096];
	ssize_t n;

	while ((n = recv(fd, bytes, sizeof(bytes), 0)) > 0)
		buf_add(ret, bytes, (size_t)n);
	close(fd);
}

/* Asks for a page; returns the status. */
static int get(const char *page, const char *headers, struct buf *ret)
{
	char request[512];
	int fd = dial();

	snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", page,
		headers);
	say(fd, request);
	hear(fd, ret);
	buf_add_char(ret, '\0');
	assert_true(ret->len > 13 && strncmp(ret->at, "HTTP/1.1 ", 9) == 0);
	ret->len--;
	return (int)strtol(ret->at + 9, NULL, 10);
}

static int status_of(const char *page, const char *headers)
{
	BUF_AUTO reply = { 0 };

	return get(page, headers, &reply);
}

static struct view body_of(const struct buf *reply)
{
	const char *at = memmem(reply->at, reply->len, "\r\n\r\n", 4);

	assert_non_null(at);
	return view_between(at + 4, reply->at + reply->len);
}

static void pages_are_where_go_has_them(void **state)
{
	BUF_AUTO reply = { 0 };

	open_endpoint(NULL, false);
	assert_int_equal(status_of("/debug/pprof/", ""), 200);
	assert_int_equal(status_of("/debug/pprof/symbol", ""), 200);
	assert_int_equal(status_of("/debug/pprof/cmdline", ""), 404); /* not asked for */
	assert_int_equal(status_of("/debug/pprof", ""), 301);
	assert_int_equal(status_of("/", ""), 404);
	assert_int_equal(get("/debug/pprof/nosuch", "", &reply), 404);
	assert_view_equal(
		body_of(&reply), "Unknown profile: /debug/pprof/ lists those that there are\n");
	close_endpoint();
	open_endpoint(NULL, true);
	buf_clear(&reply);
	assert_int_equal(get("/debug/pprof/cmdline", "", &reply), 200);
	assert_non_null(memmem(reply.at, reply.len, "test_endpoint", 13));
	close_endpoint();
}

static volatile bool burning;

static void *burn(void *unused)
{
	while (burning)
		PROFILED_BURN(0.01);
	return NULL;
}

static void a_profile_of_a_second_comes_back(void **state)
{
	BUF_AUTO reply = { 0 };
	struct profile *p;
	pthread_t thread;

	open_endpoint(NULL, false);
	burning = true;
	pthread_create(&thread, NULL, burn, NULL);
	assert_int_equal(get("/debug/pprof/profile?seconds=1&hz=50", "", &reply), 200);
	burning = false;
	pthread_join(thread, NULL);
	p = profiled_decode(body_of(&reply));
	assert_int_equal(p->period, 20000000);
	assert_true(p->duration_ns >= 1000000000);
	assert_true(profiled_total(p, "burn") > 0);
	profile_free(p);
	close_endpoint();
}

static void parameters_have_limits(void **state)
{
	open_endpoint(NULL, false);
	assert_int_equal(status_of("/debug/pprof/profile?seconds=301", ""), 400);
	assert_int_equal(status_of("/debug/pprof/profile?seconds=1&hz=100000", ""), 400);
	close_endpoint();
}

static void *ask(void *ret)
{
	*(int *)ret = status_of("/debug/pprof/profile?seconds=1", "");
	return NULL;
}

static void of_twenty_clients_one_is_served(void **state)
{
	pthread_t threads[CLIENTS];
	int status[CLIENTS], served = 0, refused = 0;

	open_endpoint(NULL, false);
	for (int i = 0; i < CLIENTS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask, &status[i]), 0);
	for (int i = 0; i < CLIENTS; i++) {
		pthread_join(threads[i], NULL);
		served += status[i] == 200;
		refused += status[i] == 429;
	}
	assert_int_equal(served + refused, CLIENTS);
	assert_true(served >= 1 && refused >= 1);
	close_endpoint();
}

static void wait_until_capturing(bool wanted)
{
	for (int i = 0; i < 2000 && engine_call(is_capturing, NULL, NULL) != wanted; i++)
		usleep(5000);
	assert_int_equal(engine_call(is_capturing, NULL, NULL), wanted);
}

static void a_client_that_leaves_ends_its_profile(void **state)
{
	int fd;

	open_endpoint(NULL, false);
	fd = dial();
	say(fd, "GET /debug/pprof/profile?seconds=300 HTTP/1.1\r\nHost: localhost\r\n\r\n");
	wait_until_capturing(true);
	close(fd);
	wait_until_capturing(false);
	assert_int_equal(status_of("/debug/pprof/profile?seconds=1", ""), 200);
	close_endpoint();
}

static void closing_the_endpoint_ends_its_profile(void **state)
{
	int fd;

	open_endpoint(NULL, false);
	fd = dial();
	say(fd, "GET /debug/pprof/profile?seconds=300 HTTP/1.1\r\nHost: localhost\r\n\r\n");
	wait_until_capturing(true);
	close_endpoint();
	wait_until_capturing(false);
	close(fd);
}

static void only_who_has_the_token_is_answered(void **state)
{
	open_endpoint("secret", false);
	assert_int_equal(status_of("/debug/pprof/", ""), 401);
	assert_int_equal(status_of("/debug/pprof/", "Authorization: Bearer wrong\r\n"), 401);
	assert_int_equal(status_of("/debug/pprof/", "Authorization: Bearer secret\r\n"), 200);
	close_endpoint();
}

static void a_page_from_elsewhere_cannot_ask(void **state)
{
	BUF_AUTO reply = { 0 };
	int fd;

	open_endpoint(NULL, false);
	fd = dial();
	say(fd, "GET /debug/pprof/ HTTP/1.1\r\nHost: rebound.example\r\n\r\n");
	hear(fd, &reply);
	assert_non_null(memmem(reply.at, reply.len, " 403 ", 5));
	close_endpoint();
}

static void other_methods_and_nonsense_are_refused(void **state)
{
	BUF_AUTO reply = { 0 };
	BUF_AUTO other = { 0 };
	int fd;

	open_endpoint(NULL, false);
	fd = dial();
	say(fd, "POST /debug/pprof/profile HTTP/1.1\r\nHost: localhost\r\n\r\n");
	hear(fd, &reply);
	assert_non_null(memmem(reply.at, reply.len, " 405 ", 5));
	fd = dial();
	say(fd, "\x16\x03\x01 nonsense\r\n\r\n");
	hear(fd, &other);
	assert_non_null(memmem(other.at, other.len, " 400 ", 5));
	close_endpoint();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_where_go_has_them),
		cmocka_unit_test(a_profile_of_a_second_comes_back),
		cmocka_unit_test(parameters_have_limits),
		cmocka_unit_test(of_twenty_clients_one_is_served),
		cmocka_unit_test(a_client_that_leaves_ends_its_profile),
		cmocka_unit_test(closing_the_endpoint_ends_its_profile),
		cmocka_unit_test(only_who_has_the_token_is_answered),
		cmocka_unit_test(a_page_from_elsewhere_cannot_ask),
		cmocka_unit_test(other_methods_and_nonsense_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
