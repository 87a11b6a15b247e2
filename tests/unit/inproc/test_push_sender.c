/* test_push_sender: what is added is sent, kept, or dropped and counted. */
#include "inproc/push_sender.h"

#include "base/clock.h"
#include "inproc/push_item.h"
#include "push_peer.h"

#define SECOND UINT64_C(1000000000)

static void add(size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct push_item *item = push_item_new();

		push_item_set_query(item, "shop", i, i + 1);
		memcpy(item->type, "text/plain", 11);
		buf_add_text(&item->body, "body");
		push_sender_add(item);
	}
}

static void start(const struct push_sender_options *options)
{
	struct err err;

	if (push_sender_start(options, &err) < 0)
		fail_msg("%s", err.text);
}

static void what_is_added_is_sent_before_the_stop_is_over(void **state)
{
	struct push_sender_counts counts;
	struct push_peer peer;
	char url[64];
	BUF_AUTO line = { 0 };

	push_peer_start(&peer, "HTTP/1.1 204 x\r\n\r\n");
	snprintf(url, sizeof(url), "http://127.0.0.1:%u", peer.port);
	start(&(struct push_sender_options){ .url = url });
	assert_int_equal(
		push_sender_start(&(struct push_sender_options){ .url = url }, NULL), ERR_LIMIT);
	add(5);
	push_sender_stop(20000);
	push_peer_stop(&peer);
	assert_false(push_sender_running());
	push_sender_count(&counts);
	assert_int_equal(counts.sent, 5);
	assert_int_equal(counts.sent_bytes, 20);
	assert_int_equal(counts.dropped + counts.failed + counts.waiting, 0);
	push_sender_say(&line);
	buf_add_char(&line, '\0');
	assert_non_null(strstr(line.at, "flyover.push sent=5 failed=0"));
	add(1); /* nobody is there for it, and it is not kept */
}

static void a_server_that_is_away_fills_memory_up_to_the_limit(void **state)
{
	struct push_sender_counts counts;

	start(&(struct push_sender_options){
		.url = "unix:/nowhere", .memory_max = 10 * (sizeof(struct push_item) + 4096) });
	add(50);
	push_sender_count(&counts);
	assert_true(counts.dropped >= 28);
	assert_true(counts.waiting <= 22);
	push_sender_stop(100);
	push_sender_count(&counts);
	assert_int_equal(counts.dropped, 50);
	assert_true(counts.failed >= 1);
}

static void waits_grow_and_differ(void **state)
{
	for (unsigned n = 0; n < 100; n++) {
		uint64_t most = push_sender_backoff(n, UINT64_MAX);

		assert_int_equal(push_sender_backoff(n, 0), SECOND);
		assert_true(most >= SECOND && most <= 60 * SECOND);
	}
	assert_true(push_sender_backoff(4, 15 * SECOND) == 16 * SECOND);
	assert_true(push_sender_backoff(50, 58 * SECOND) == 59 * SECOND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_added_is_sent_before_the_stop_is_over),
		cmocka_unit_test(a_server_that_is_away_fills_memory_up_to_the_limit),
		cmocka_unit_test(waits_grow_and_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
