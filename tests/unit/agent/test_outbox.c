/* test_outbox: parcels arrive in order, again after trouble, and never without bound. */
#include "testing.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "agent/outbox.h"
#include "net/address.h"
#include "net/httpd.h"

struct server {
	struct httpd *httpd;
	uint16_t port;
	pthread_mutex_t lock;
	unsigned asked, fail_first, status; /* answers the first so many with that status */
	char seen[256];
};

static void admit(void *owner, struct httpd_request *request, struct httpd_terms *terms,
	struct httpd_reply *refusal)
{
	terms->body_max = 1 << 20;
}

static void handle(void *owner, const struct httpd_request *request, struct httpd_reply *ret)
{
	struct server *server = owner;

	pthread_mutex_lock(&server->lock);
	if (server->asked++ < server->fail_first) {
		ret->status = server->status;
		ret->body = VIEW("not now");
	} else {
		strncat(server->seen, request->body.at, request->body.len);
		ret->body = VIEW("taken");
	}
	pthread_mutex_unlock(&server->lock);
}

static void serve(struct server *server)
{
	struct address address = { .host = "127.0.0.1" };
	struct httpd_options options = { .handle = handle, .admit = admit, .owner = server };
	bool taken;

	pthread_mutex_init(&server->lock, NULL);
	options.fd = address_listen(&address, &server->port, &taken, NULL);
	assert_int_equal(httpd_start(&options, &server->httpd, NULL), 0);
}

static struct outbox *new_outbox(uint16_t port, size_t bytes_max)
{
	char url[64];
	struct outbox_options options = {
		.url = url, .mime = "application/proto", .bytes_max = bytes_max
	};
	struct outbox *outbox;

	snprintf(url, sizeof(url), "http://127.0.0.1:%u/push", port);
	assert_int_equal(outbox_new(&options, &outbox, NULL), 0);
	return outbox;
}

static void put(struct outbox *outbox, const char *text)
{
	struct buf parcel = { 0 };

	buf_add_text(&parcel, text);
	outbox_put(outbox, &parcel);
}

static struct outbox_figures settle(struct outbox *outbox, uint64_t ended)
{
	struct outbox_figures figures = { 0 };

	for (int i = 0; i < 1000 && figures.sent + figures.refused + figures.dropped < ended; i++) {
		usleep(10000);
		outbox_get_figures(outbox, &figures);
	}
	return figures;
}

static void parcels_arrive_in_order(void **state)
{
	struct server server = { 0 };
	struct outbox *outbox;
	struct outbox_figures figures;

	serve(&server);
	outbox = new_outbox(server.port, 1000);
	put(outbox, "a"), put(outbox, "b"), put(outbox, "c");
	figures = settle(outbox, 3);
	assert_int_equal(figures.sent, 3);
	assert_int_equal(figures.waiting_bytes, 0);
	assert_string_equal(figures.trouble, "");
	outbox_free(outbox, 0);
	httpd_stop(server.httpd);
	assert_string_equal(server.seen, "abc");
}

static void what_may_pass_is_tried_again(void **state)
{
	struct server server = { .fail_first = 2, .status = 503 };
	struct outbox *outbox;

	serve(&server);
	outbox = new_outbox(server.port, 1000);
	put(outbox, "a"), put(outbox, "b");
	assert_int_equal(settle(outbox, 2).sent, 2);
	outbox_free(outbox, 0);
	httpd_stop(server.httpd);
	assert_string_equal(server.seen, "ab");
	assert_int_equal(server.asked, 4);
}

static void what_is_refused_for_good_is_dropped(void **state)
{
	struct server server = { .fail_first = 1, .status = 400 };
	struct outbox *outbox;
	struct outbox_figures figures;

	serve(&server);
	outbox = new_outbox(server.port, 1000);
	put(outbox, "a"), put(outbox, "b");
	figures = settle(outbox, 2);
	assert_int_equal(figures.refused, 1);
	assert_int_equal(figures.sent, 1);
	outbox_free(outbox, 0);
	httpd_stop(server.httpd);
	assert_string_equal(server.seen, "b");
}

static void a_dead_server_costs_the_oldest(void **state)
{
	struct outbox *outbox = new_outbox(1, 10);
	struct outbox_figures figures;

	for (int i = 0; i < 8; i++)
		put(outbox, "abcd");
	outbox_get_figures(outbox, &figures);
	assert_true(figures.waiting_bytes <= 10);
	assert_true(figures.dropped >= 5);
	put(outbox, "larger than all that may wait");
	figures = settle(outbox, figures.dropped + 1);
	assert_true(figures.dropped >= 6);
	for (int i = 0; i < 500 && !figures.trouble[0]; i++) {
		usleep(10000);
		outbox_get_figures(outbox, &figures);
	}
	assert_non_null(strstr(figures.trouble, "cannot fetch"));
	outbox_free(outbox, 0);
}

static void what_is_left_is_sent_at_the_end(void **state)
{
	struct server server = { .fail_first = 1, .status = 503 };
	struct outbox *outbox;

	serve(&server);
	outbox = new_outbox(server.port, 1000);
	put(outbox, "a"), put(outbox, "b");
	outbox_free(outbox, 20000);
	httpd_stop(server.httpd);
	assert_string_equal(server.seen, "ab");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parcels_arrive_in_order),
		cmocka_unit_test(what_may_pass_is_tried_again),
		cmocka_unit_test(what_is_refused_for_good_is_dropped),
		cmocka_unit_test(a_dead_server_costs_the_oldest),
		cmocka_unit_test(what_is_left_is_sent_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
