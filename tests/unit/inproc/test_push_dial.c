/* test_push_dial: connections to who is there and who is not. */
#include "inproc/push_dial.h"

#include <poll.h>

#include "base/clock.h"
#include "push_peer.h"

#define SECOND UINT64_C(1000000000)

static int dial(const char *host, unsigned port, struct err *err)
{
	struct push_target target = { .port = (uint16_t)port };

	snprintf(target.host, sizeof(target.host), "%s", host);
	return push_dial(&target, clock_monotonic_ns() + SECOND, err);
}

static void who_listens_is_reached_by_address_and_name(void **state)
{
	struct push_peer peer;
	struct err err;
	int fd;

	push_peer_start(&peer, "x");
	for (int i = 0; i < 2; i++) {
		fd = dial(i ? "localhost" : "127.0.0.1", peer.port, &err);
		assert_true(fd >= 0);
		assert_int_equal(push_dial_wait(fd, POLLIN, clock_monotonic_ns() + 1000000), 0);
		assert_int_equal(send(fd, "a\r\n\r\n", 5, 0), 5);
		assert_true(push_dial_wait(fd, POLLIN, clock_monotonic_ns() + 5 * SECOND) & POLLIN);
		close(fd);
	}
	push_peer_stop(&peer);
	assert_int_equal(dial("127.0.0.1", peer.port, &err), ERR_IO);
	assert_non_null(strstr(err.text, "cannot reach 127.0.0.1"));
}

static void sockets_of_this_machine_are_told_apart(void **state)
{
	struct push_target target = { .is_unix = true, .host = "/nowhere/socket" };
	struct err err;

	assert_int_equal(push_dial(&target, clock_monotonic_ns() + SECOND, &err), ERR_IO);
	assert_non_null(strstr(err.text, "/nowhere/socket"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_listens_is_reached_by_address_and_name),
		cmocka_unit_test(sockets_of_this_machine_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
