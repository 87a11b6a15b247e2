/* test_httpd: requests over a real socket, byte by byte where it matters. */
#include "testing.h"

#include <stdio.h>

#include "net/address.h"
#include "net/http_client.h"
#include "net/httpd.h"

static const char *const headers[] = { "X-Test", "always", NULL };

struct served {
	struct httpd *httpd;
	uint16_t port;
};

static char large[64 << 20];

static void handle(void *owner, const struct httpd_request *request, struct httpd_reply *ret)
{
	const char *name = httpd_argument(request, "name");

	if (strcmp(request->path, "/fixed") == 0)
		ret->body = VIEW("fixed body");
	else if (strcmp(request->path, "/large") == 0)
		ret->body = (struct view){ large, sizeof(large) };
	else if (strcmp(request->path, "/save") == 0)
		ret->file = "a.txt";
	else
		buf_add_format(&ret->made, "path=%s host=%s gzip=%d name=%s", request->path,
			request->host, request->takes_gzip, name ? name : "(none)");
}

static int start(void **state)
{
	static struct served served;
	struct address address = { .host = "127.0.0.1" };
	bool taken;
	struct httpd_options options = { .handle = handle, .headers = headers };

	options.fd = address_listen(&address, &served.port, &taken, NULL);
	if (options.fd < 0 || httpd_start(&options, &served.httpd, NULL) < 0)
		return -1;
	*state = &served;
	return 0;
}

static int stop(void **state)
{
	httpd_stop(((struct served *)*state)->httpd);
	return 0;
}

static int connect_to(const struct served *served)
{
	return connect_to_port(served->port);
}

static const char *ask(void **state, const char *request)
{
	return ask_port(((struct served *)*state)->port, request);
}

/* The same without waiting for an answer. */
static void say(void **state, const char *bytes)
{
	int fd = connect_to(*state);

	send(fd, bytes, strlen(bytes), MSG_NOSIGNAL);
	close(fd);
}

static void a_request_reaches_the_handler_decoded(void **state)
{
	const char *reply = ask(state, "GET /a%20b?name=x%2By HTTP/1.1\r\nHost: "
				       "here:1\r\nAccept-Encoding: br, gzip\r\n" END);

	assert_non_null(strstr(reply, "HTTP/1.1 200"));
	assert_non_null(strstr(reply, "path=/a b host=here:1 gzip=1 name=x+y"));
	assert_non_null(strstr(reply, "X-Test: always"));
}

static void gzip_that_is_refused_is_not_sent(void **state)
{
	assert_non_null(
		strstr(ask(state, "GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip;q=0\r\n" END),
			"gzip=0"));
}

static void head_has_the_length_and_no_body(void **state)
{
	const char *reply = ask(state, "HEAD /fixed HTTP/1.1\r\nHost: h\r\n" END);

	assert_non_null(strstr(reply, "Content-Length: 10"));
	assert_null(strstr(reply, "fixed body"));
}

static void other_methods_are_not_allowed(void **state)
{
	const char *reply =
		ask(state, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n" END "hello");

	assert_non_null(strstr(reply, "HTTP/1.1 405"));
	assert_non_null(strstr(reply, "Allow: GET, HEAD"));
}

static void a_file_is_to_be_saved_under_its_name(void **state)
{
	assert_non_null(strstr(ask(state, "GET /save HTTP/1.1\r\nHost: h\r\n" END),
		"Content-Disposition: attachment; filename=\"a.txt\""));
}

static void headers_without_end_are_refused(void **state)
{
	BUF_AUTO request = { 0 };
	const char *reply;

	buf_add_text(&request, "GET / HTTP/1.1\r\nHost: h\r\n");
	for (int i = 0; i < 4000; i++)
		buf_add_format(&request, "X-%d: aaaaaaaaaaaaaaaa\r\n", i);
	buf_add_text(&request, END);
	buf_add_char(&request, '\0');
	reply = ask(state, request.at);
	assert_null(strstr(reply, "HTTP/1.1 200"));
	assert_non_null(strstr(ask(state, "GET /fixed HTTP/1.1\r\nHost: h\r\n" END), "fixed body"));
}

static void bytes_that_are_no_http_hurt_nobody(void **state)
{
	say(state, "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n");
	say(state, "GET\r\n\r\n");
	say(state, "\r\n\r\n\r\n");
	assert_non_null(strstr(ask(state, "GET /fixed HTTP/1.1\r\nHost: h\r\n" END), "fixed body"));
}

/* A server of its own, that has little patience. */
static void start_strict(struct served *served, unsigned time_ms, unsigned rate_min)
{
	struct address address = { .host = "127.0.0.1" };
	struct httpd_options options = {
		.handle = handle, .time_ms = time_ms, .rate_min = rate_min
	};
	bool taken;

	options.fd = address_listen(&address, &served->port, &taken, NULL);
	assert_true(options.fd >= 0);
	assert_int_equal(httpd_start(&options, &served->httpd, NULL), 0);
}

static void who_asks_a_byte_at_a_time_is_cut_off(void **state)
{
	struct served served;
	bool is_open = true;
	int fd;
	char byte;

	start_strict(&served, 300, 0);
	fd = connect_to(&served);
	send(fd, "GET / HTTP/1.1\r\nHost: ", 23, MSG_NOSIGNAL);
	for (int i = 0; is_open && i < 2000; i++) {
		usleep(10000);
		is_open =
			send(fd, "h", 1, MSG_NOSIGNAL) == 1 && recv(fd, &byte, 1, MSG_DONTWAIT) < 0;
	}
	assert_false(is_open);
	close(fd);
	httpd_stop(served.httpd);
}

static void who_takes_an_answer_too_slowly_does_not_get_all_of_it(void **state)
{
	static const char request[] = "GET /large HTTP/1.1\r\nHost: h\r\n" END;
	static char part[1 << 16];
	struct served served;
	size_t len = 0;
	ssize_t got;
	int fd;

	start_strict(&served, 300, 64 << 10);
	fd = connect_to(&served);
	send(fd, request, strlen(request), MSG_NOSIGNAL);
	/* Three times as long as the rate allows for so large an answer, always taking some. */
	for (int i = 0; i < 60; i++) {
		usleep(50000);
		got = recv(fd, part, 1024, MSG_DONTWAIT);
		len += got > 0 ? (size_t)got : 0;
	}
	while ((got = recv(fd, part, sizeof(part), 0)) > 0)
		len += (size_t)got;
	assert_true(len > 0 && len < sizeof(large));
	close(fd);
	httpd_stop(served.httpd);
}

static void a_connection_in_use_may_stay_as_long_as_it_likes(void **state)
{
	static const char request[] = "GET /fixed HTTP/1.1\r\nHost: h\r\n\r\n";
	struct served served;
	char reply[1024];
	int fd;

	start_strict(&served, 500, 0);
	fd = connect_to(&served);
	for (int i = 0; i < 10; i++) {
		usleep(100000);
		assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL), strlen(request));
		assert_true(recv(fd, reply, sizeof(reply), 0) > 0);
	}
	close(fd);
	httpd_stop(served.httpd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_reaches_the_handler_decoded),
		cmocka_unit_test(gzip_that_is_refused_is_not_sent),
		cmocka_unit_test(head_has_the_length_and_no_body),
		cmocka_unit_test(other_methods_are_not_allowed),
		cmocka_unit_test(a_file_is_to_be_saved_under_its_name),
		cmocka_unit_test(headers_without_end_are_refused),
		cmocka_unit_test(bytes_that_are_no_http_hurt_nobody),
		cmocka_unit_test(who_asks_a_byte_at_a_time_is_cut_off),
		cmocka_unit_test(who_takes_an_answer_too_slowly_does_not_get_all_of_it),
		cmocka_unit_test(a_connection_in_use_may_stay_as_long_as_it_likes),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
