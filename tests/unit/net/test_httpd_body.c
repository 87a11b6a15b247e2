/* test_httpd_body: bodies of every shape, honest and not, and answers that come later. */
#include "testing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/address.h"
#include "net/http_client.h"
#include "net/httpd.h"

#define BODY_MAX 1000

struct served {
	struct httpd *httpd;
	uint16_t port;
	pthread_mutex_t gate; /* /slow goes on when it gets it */
	pthread_t later;
	bool has_later;
	atomic_uint forgotten;
};

static void admit(void *owner, struct httpd_request *request, struct httpd_terms *terms,
	struct httpd_reply *refusal)
{
	(void)owner;
	if (strcmp(request->path, "/closed") == 0) {
		refusal->status = 403;
		refusal->body = VIEW("not you");
	}
	terms->body_max = strcmp(request->method, "GET") == 0 ? 0 : BODY_MAX;
	terms->setting = "limits.body_bytes";
	terms->lane = strcmp(request->path, "/slow") == 0    ? 2
		      : strcmp(request->path, "/quick") == 0 ? 0
							     : 1;
}

static void *answer_later(void *owner)
{
	struct httpd_reply reply = { .status = 202 };

	usleep(20000);
	buf_add_text(&reply.made, "later");
	httpd_answer(owner, &reply);
	return NULL;
}

static void handle(void *owner, const struct httpd_request *request, struct httpd_reply *ret)
{
	struct served *served = owner;
	const char *type = httpd_header(request, "Content-Type");
	unsigned sum = 0;

	if (strcmp(request->path, "/later") == 0) {
		served->has_later = true;
		assert_int_equal(
			pthread_create(&served->later, NULL, answer_later, httpd_defer(request)),
			0);
		return;
	}
	if (strcmp(request->path, "/slow") == 0) {
		pthread_mutex_lock(&served->gate);
		pthread_mutex_unlock(&served->gate);
	}
	for (size_t i = 0; i < request->body.len; i++)
		sum += (uint8_t)request->body.at[i];
	httpd_reply_header(ret, "X-Sum", "%u", sum);
	buf_add_format(&ret->made, "%s %s len=%zu type=%s", request->method, request->path,
		request->body.len, type ? type : "none");
}

static void forget(void *owner, const struct httpd_request *request, unsigned status)
{
	struct served *served = owner;

	(void)status;
	if (request->path[0] == '/')
		atomic_fetch_add(&served->forgotten, 1);
}

static void start_with(struct served *served, size_t bodies_max)
{
	struct address address = { .host = "127.0.0.1" };
	bool taken;
	struct httpd_options options = { .handle = handle,
		.owner = served,
		.admit = admit,
		.forget = forget,
		.lanes = { { 2, 8 }, { 1, 1 } },
		.n_lanes = 2,
		.bodies_max = bodies_max,
		.drain_ms = 2000 };

	options.fd = address_listen(&address, &served->port, &taken, NULL);
	assert_true(options.fd >= 0);
	assert_int_equal(httpd_start(&options, &served->httpd, NULL), 0);
}

static int start(void **state)
{
	static struct served served = { .gate = PTHREAD_MUTEX_INITIALIZER };

	start_with(&served, 0);
	*state = &served;
	return 0;
}

static int stop(void **state)
{
	struct served *served = *state;

	httpd_stop(served->httpd);
	if (served->has_later)
		pthread_join(served->later, NULL);
	return 0;
}

static uint16_t port_of(void **state)
{
	return ((struct served *)*state)->port;
}

static void a_body_reaches_the_handler(void **state)
{
	const char *reply = ask_port(port_of(state),
		"POST /a HTTP/1.1\r\nHost: h\r\nContent-Type: x/y\r\nContent-Length: 5\r\n" END
		"\x01\x02\x03\x04\x05");

	assert_non_null(strstr(reply, "HTTP/1.1 200"));
	assert_non_null(strstr(reply, "POST /a len=5 type=x/y"));
	assert_non_null(strstr(reply, "X-Sum: 15"));
}

static void chunks_are_put_together(void **state)
{
	const char *reply = ask_port(port_of(state),
		"PUT /quick HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n" END
		"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");

	assert_non_null(strstr(reply, "PUT /quick len=5"));
}

static void no_body_is_an_empty_one(void **state)
{
	assert_non_null(strstr(ask_port(port_of(state),
				       "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n" END),
		"len=0"));
}

static void too_large_a_length_is_refused_before_a_byte_is_sent(void **state)
{
	const char *reply = ask_port(
		port_of(state), "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n");

	assert_non_null(strstr(reply, "HTTP/1.1 413"));
	assert_non_null(strstr(reply, "1000 bytes, the limit that limits.body_bytes sets"));
}

static void a_length_that_is_no_number_is_refused(void **state)
{
	const char *reply = ask_port(port_of(state),
		"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999999\r\n\r\n");

	assert_non_null(strstr(reply, "HTTP/1.1 4"));
}

static void too_many_chunks_are_refused_when_they_have_come(void **state)
{
	BUF_AUTO request = { 0 };
	const char *reply;

	buf_add_text(&request, "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n" END);
	for (int i = 0; i < 101; i++)
		buf_add_text(&request, "a\r\n0123456789\r\n");
	buf_add_text(&request, "0\r\n\r\n");
	buf_add_char(&request, '\0');
	reply = ask_port(port_of(state), request.at);
	assert_non_null(strstr(reply, "HTTP/1.1 413"));
}

static void two_lengths_are_refused(void **state)
{
	const char *reply = ask_port(port_of(state),
		"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: "
		"chunked\r\n\r\n0\r\n\r\n");

	assert_non_null(strstr(reply, "HTTP/1.1 400"));
	reply = ask_port(port_of(state), "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: "
					 "3\r\nContent-Length: 4\r\n\r\nabc");
	assert_non_null(strstr(reply, "HTTP/1.1 400"));
}

static void who_is_not_admitted_hears_why_and_may_ask_again(void **state)
{
	int fd = connect_to_port(port_of(state));
	const char *reply;

	send_text(fd, "POST /closed HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc");
	send_text(fd, "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n" END "abc");
	reply = read_reply(fd);
	assert_non_null(strstr(reply, "HTTP/1.1 403"));
	assert_non_null(strstr(reply, "not you"));
	assert_non_null(strstr(reply, "POST /a len=3"));
}

static void an_answer_may_come_later_from_elsewhere(void **state)
{
	const char *reply = ask_port(port_of(state), "GET /later HTTP/1.1\r\nHost: h\r\n" END);

	assert_non_null(strstr(reply, "HTTP/1.1 202"));
	assert_non_null(strstr(reply, "later"));
}

/* One runs, one waits, the third is refused; and all the while others are answered. */
static void slow_requests_stop_nobody_else(void **state)
{
	static const char request[] = "GET /slow HTTP/1.1\r\nHost: h\r\n" END;
	struct served *served = *state;
	unsigned good = 0, busy = 0;
	int fds[6];

	pthread_mutex_lock(&served->gate);
	for (size_t i = 0; i < 6; i++) {
		fds[i] = connect_to_port(served->port);
		send_text(fds[i], request);
		usleep(20000);
	}
	assert_non_null(
		strstr(ask_port(served->port, "GET /a HTTP/1.1\r\nHost: h\r\n" END), "GET /a"));
	assert_non_null(
		strstr(ask_port(served->port, "GET /quick HTTP/1.1\r\nHost: h\r\n" END), "quick"));
	pthread_mutex_unlock(&served->gate);
	for (size_t i = 0; i < 6; i++) {
		const char *reply = read_reply(fds[i]);

		good += strstr(reply, "HTTP/1.1 200") != NULL;
		busy += strstr(reply, "HTTP/1.1 503") && strstr(reply, "Retry-After: 1");
	}
	assert_int_equal(good, 2);
	assert_int_equal(busy, 4);
}

static void bodies_together_have_a_limit(void **state)
{
	struct served served = { .gate = PTHREAD_MUTEX_INITIALIZER };
	const char *reply;
	int fd;

	start_with(&served, 100);
	fd = connect_to_port(served.port);
	send_text(fd, "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n"
		      "0123456789012345678901234567890123456789"
		      "0123456789012345678901234567890123456789");
	usleep(50000);
	reply = ask_port(served.port, "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 30\r\n" END
				      "012345678901234567890123456789");
	assert_non_null(strstr(reply, "HTTP/1.1 503"));
	close(fd);
	usleep(50000);
	reply = ask_port(served.port, "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 30\r\n" END
				      "012345678901234567890123456789");
	assert_non_null(strstr(reply, "HTTP/1.1 200"));
	httpd_stop(served.httpd);
}

static void *stop_it(void *owner)
{
	httpd_stop(owner);
	return NULL;
}

static void what_runs_is_answered_before_the_end(void **state)
{
	struct served served = { .gate = PTHREAD_MUTEX_INITIALIZER };
	pthread_t stopper;
	int fd;

	start_with(&served, 0);
	pthread_mutex_lock(&served.gate);
	fd = connect_to_port(served.port);
	send_text(fd, "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
	usleep(50000);
	assert_int_equal(pthread_create(&stopper, NULL, stop_it, served.httpd), 0);
	usleep(50000);
	pthread_mutex_unlock(&served.gate);
	assert_non_null(strstr(read_reply(fd), "GET /slow len=0"));
	pthread_join(stopper, NULL);
	assert_int_equal(served.forgotten, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_reaches_the_handler),
		cmocka_unit_test(chunks_are_put_together),
		cmocka_unit_test(no_body_is_an_empty_one),
		cmocka_unit_test(too_large_a_length_is_refused_before_a_byte_is_sent),
		cmocka_unit_test(a_length_that_is_no_number_is_refused),
		cmocka_unit_test(too_many_chunks_are_refused_when_they_have_come),
		cmocka_unit_test(two_lengths_are_refused),
		cmocka_unit_test(who_is_not_admitted_hears_why_and_may_ask_again),
		cmocka_unit_test(an_answer_may_come_later_from_elsewhere),
		cmocka_unit_test(slow_requests_stop_nobody_else),
		cmocka_unit_test(bodies_together_have_a_limit),
		cmocka_unit_test(what_runs_is_answered_before_the_end),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
