/* test_httpd_gone: who has hung up is noticed while an answer is made, who waits is not. */
#include "testing.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "net/address.h"
#include "net/http_client.h"
#include "net/httpd.h"

#define SOON_NS UINT64_C(20000000000) /* to give up after */

static atomic_int n_begun, n_gone, n_waited;

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

/* Works until nobody wants it any longer, or for a little if that is asked for. */
static void handle(void *owner, const struct httpd_request *request, struct httpd_reply *reply)
{
	uint64_t end_ns = clock_monotonic_ns() +
			  (strcmp(request->path, "/short") == 0 ? SOON_NS / 400 : SOON_NS);

	atomic_fetch_add(&n_begun, 1);
	while (clock_monotonic_ns() < end_ns) {
		if (httpd_gone(request)) {
			atomic_fetch_add(&n_gone, 1);
			return;
		}
		nap();
	}
	atomic_fetch_add(&n_waited, 1);
	reply->body = VIEW("done");
}

static void admit(void *owner, struct httpd_request *request, struct httpd_terms *terms,
	struct httpd_reply *refusal)
{
	terms->lane = 1;
}

static void who_has_left_is_noticed(void **state)
{
	struct address address = { .host = "127.0.0.1" };
	struct httpd_options options = {
		.handle = handle, .admit = admit, .lanes = { { 1, 4 } }, .n_lanes = 1
	};
	uint64_t end_ns = clock_monotonic_ns() + SOON_NS;
	struct httpd *httpd;
	const char *reply;
	uint16_t port;
	bool taken;
	int fd;

	options.fd = address_listen(&address, &port, &taken, NULL);
	assert_true(options.fd >= 0);
	assert_int_equal(httpd_start(&options, &httpd, NULL), 0);
	fd = connect_to_port(port);
	assert_true(send(fd, "GET /long HTTP/1.1\r\nHost: a\r\n\r\n", 31, 0) == 31);
	while (!atomic_load(&n_begun) && clock_monotonic_ns() < end_ns)
		nap();
	assert_int_equal(atomic_load(&n_gone), 0);
	close(fd);
	while (!atomic_load(&n_gone) && clock_monotonic_ns() < end_ns)
		nap();
	assert_int_equal(atomic_load(&n_gone), 1);
	assert_int_equal(atomic_load(&n_waited), 0);
	reply = ask_port(port, "GET /short HTTP/1.1\r\nHost: a\r\n" END);
	assert_non_null(strstr(reply, "done"));
	assert_int_equal(atomic_load(&n_gone), 1);
	httpd_stop(httpd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_has_left_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
