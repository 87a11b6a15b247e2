/* test_push: start and stop of continuous uploads; the rest is in tests/system/inproc/pushed. */
#include "inproc/push.h"

#include "profiled.h"
#include "push_peer.h"

static void it_starts_once_and_sends_its_last_window(void **state)
{
	struct push_sender_counts counts;
	struct push_peer peer;
	struct err err;
	char url[64];
	struct push_options options = { .sender.url = url, .service = "shop", .interval_s = 3600 };

	push_peer_start(&peer, "HTTP/1.1 204 x\r\n\r\n");
	snprintf(url, sizeof(url), "http://127.0.0.1:%u", peer.port);
	for (int round = 0; round < 2; round++) {
		assert_int_equal(push_start(&options, &err), 0);
		assert_true(push_running());
		assert_int_equal(push_start(&options, &err), ERR_LIMIT);
		PROFILED_BURN(0.1);
		assert_int_equal(push_stop(20000, &err), 0);
		assert_int_equal(push_stop(0, &err), ERR_USAGE);
		push_sender_count(&counts);
		assert_int_equal(counts.sent, 1);
	}
	push_peer_stop(&peer);
}

static void what_makes_no_sense_is_refused(void **state)
{
	struct push_options options = { .sender.url = "http://h:1", .interval_s = 4000 };
	struct err err;

	assert_int_equal(push_start(&options, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "3600"));
	options = (struct push_options){ .sender.url = "" };
	assert_int_equal(push_start(&options, &err), ERR_USAGE);
	options = (struct push_options){ .sender.url = "https://h" };
	assert_int_equal(push_start(&options, &err), ERR_UNSUPPORTED);
	assert_false(push_running());
	options = (struct push_options){ .sender.url = "unix:/nowhere", .hz = 5000 };
	assert_int_equal(push_start(&options, &err), ERR_USAGE);
	assert_false(push_sender_running()); /* what had begun is ended */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_starts_once_and_sends_its_last_window),
		cmocka_unit_test(what_makes_no_sense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
