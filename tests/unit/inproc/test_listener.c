/* test_listener: where the endpoint may listen. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "inproc/listener.h"
#include "testing.h"

static void a_port_is_taken_once(void **state)
{
	struct listener first, second;
	char where[64];
	struct err err;

	assert_int_equal(listener_open("localhost:0", &first, NULL), 0);
	assert_true(first.port > 0 && first.is_loopback);
	snprintf(where, sizeof(where), "127.0.0.1:%u", first.port);
	assert_int_equal(listener_open(where, &second, &err), ERR_DENIED);
	assert_non_null(strstr(err.text, "is taken"));
	close(first.fd);
}

static void addresses_of_others_are_known_as_such(void **state)
{
	struct listener all;

	assert_int_equal(listener_open("0.0.0.0:0", &all, NULL), 0);
	assert_false(all.is_loopback);
	close(all.fd);
	assert_int_equal(listener_open("example.com:80", &all, NULL), ERR_USAGE);
	assert_int_equal(listener_open("80", &all, NULL), ERR_USAGE);
}

static void a_unix_socket_is_for_its_owner(void **state)
{
	char folder[] = "/tmp/flyover-listener-XXXXXX", where[128];
	struct listener first, second;
	struct stat st;

	assert_non_null(mkdtemp(folder));
	snprintf(where, sizeof(where), "unix:%s/%%p.sock", folder);
	assert_int_equal(listener_open(where, &first, NULL), 0);
	assert_int_equal(stat(first.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_true(first.is_loopback);
	assert_int_equal(listener_open(where, &second, NULL), ERR_DENIED);
	close(first.fd); /* left behind: the next one takes its place */
	assert_int_equal(listener_open(where, &second, NULL), 0);
	close(second.fd);
	unlink(second.path);
	rmdir(folder);
}

static void a_file_in_the_way_stays(void **state)
{
	char path[] = "/tmp/flyover-listener-XXXXXX", where[64];
	struct listener listener;
	int fd = mkstemp(path);

	snprintf(where, sizeof(where), "unix:%s", path);
	assert_int_equal(listener_open(where, &listener, NULL), ERR_DENIED);
	assert_int_equal(access(path, F_OK), 0);
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_port_is_taken_once),
		cmocka_unit_test(addresses_of_others_are_known_as_such),
		cmocka_unit_test(a_unix_socket_is_for_its_owner),
		cmocka_unit_test(a_file_in_the_way_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
