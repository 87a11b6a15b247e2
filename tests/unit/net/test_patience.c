/* test_patience: connections that are late are shut down, others are not. */
#include "testing.h"

#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/patience.h"

#define HOUR_MS 3600000u

/* Whether the other end was shut down: at once or not at all. */
static bool is_open(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_DONTWAIT) < 0;
}

static void who_is_late_is_shut_down_and_nobody_else(void **state)
{
	struct patience *patience = patience_new();
	int late[2], early[2];
	struct patient *one, *other;
	char byte;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, late), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, early), 0);
	other = patience_add(patience, early[0], HOUR_MS);
	one = patience_add(patience, late[0], 0);
	assert_int_equal(recv(late[1], &byte, 1, 0), 0); /* waits until it happens */
	assert_true(is_open(early[1]));
	patience_remove(patience, one);
	patience_extend(patience, other, 0);
	assert_int_equal(recv(early[1], &byte, 1, 0), 0);
	patience_remove(patience, other);
	patience_free(patience);
	for (int i = 0; i < 2; i++) {
		close(late[i]);
		close(early[i]);
	}
}

static void who_has_left_is_not_looked_after(void **state)
{
	struct patience *patience = patience_new();
	int pair[2], marker[2];
	struct patient *first, *middle, *last;
	char byte;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, marker), 0);
	first = patience_add(patience, pair[0], HOUR_MS);
	middle = patience_add(patience, pair[0], HOUR_MS);
	last = patience_add(patience, pair[0], HOUR_MS);
	patience_remove(patience, middle);
	patience_remove(patience, last);
	patience_remove(patience, first);
	patience_remove(patience, NULL);
	/* By the time that a later one is shut down, all before it had their turn. */
	first = patience_add(patience, marker[0], 0);
	assert_int_equal(recv(marker[1], &byte, 1, 0), 0);
	assert_true(is_open(pair[1]));
	patience_remove(patience, first);
	patience_free(patience);
	patience_free(NULL);
	for (int i = 0; i < 2; i++) {
		close(pair[i]);
		close(marker[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_late_is_shut_down_and_nobody_else),
		cmocka_unit_test(who_has_left_is_not_looked_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
