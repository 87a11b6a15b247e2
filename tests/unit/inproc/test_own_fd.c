/* test_own_fd: a number that means something else now is left alone. */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inproc/own_fd.h"
#include "testing.h"

static void a_pair_is_alive_until_closed(void **state)
{
	struct own_fd a = OWN_FD_NONE, b = OWN_FD_NONE;
	int number;

	assert_false(own_fd_alive(&a));
	assert_true(own_fd_pair(&a, &b));
	assert_true(own_fd_alive(&a) && own_fd_alive(&b));
	assert_true(fcntl(a.fd, F_GETFD) & FD_CLOEXEC);
	number = a.fd;
	own_fd_close(&a);
	assert_int_equal(a.fd, -1);
	assert_int_equal(fcntl(number, F_GETFD), -1);
	own_fd_close(&b);
}

static void anothers_descriptor_is_not_closed(void **state)
{
	struct own_fd a = OWN_FD_NONE, b = OWN_FD_NONE;
	int number, others;

	assert_true(own_fd_pair(&a, &b));
	number = a.fd;
	close(number); /* as a daemon does */
	others = socket(AF_UNIX, SOCK_STREAM, 0);
	if (others != number) {
		assert_int_equal(dup2(others, number), number);
		close(others);
	}
	assert_false(own_fd_alive(&a));
	own_fd_close(&a);
	assert_true(fcntl(number, F_GETFD) >= 0);
	close(number);
	own_fd_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pair_is_alive_until_closed),
		cmocka_unit_test(anothers_descriptor_is_not_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
