/* test_push_spool: the folder in which profiles wait for their server. */
#include "inproc/push_spool.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/disk.h"
#include "inproc/push_item.h"
#include "testing.h"

static char folder[] = "/tmp/push_spool.XXXXXX";
static struct push_spool spool;

static int open_folder(void **state)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	if (system(command) != 0)
		return -1;
	return push_spool_open(&spool, folder, 40000, NULL);
}

static void put(struct push_spool *into, uint64_t number, size_t bytes)
{
	struct push_item *item = push_item_new();

	push_item_set_query(item, "shop", number, number + 1);
	memcpy(item->type, "x", 2);
	for (size_t i = 0; i < bytes; i++)
		buf_add_char(&item->body, 'b');
	assert_int_equal(push_spool_put(into, item, NULL), 0);
	push_item_free(item);
}

/* The number in the name of the oldest; 0 = none. */
static uint64_t first(void)
{
	struct push_item *item = push_spool_first(&spool);
	uint64_t number = item ? strtoull(strstr(item->query, "from=") + 5, NULL, 10) : 0;

	push_item_free(item);
	return number;
}

static void the_oldest_comes_first_and_stays_until_it_is_done(void **state)
{
	put(&spool, 20, 10);
	put(&spool, 3, 10);
	put(&spool, 100, 10);
	assert_int_equal(first(), 3);
	assert_int_equal(first(), 3);
	push_spool_done(&spool);
	assert_int_equal(first(), 20);
	push_spool_done(&spool);
	assert_int_equal(first(), 100);
	push_spool_done(&spool);
	assert_int_equal(first(), 0);
	push_spool_done(&spool);
}

static void the_limit_drops_the_oldest(void **state)
{
	struct push_item *item = push_item_new();
	struct err err;

	for (uint64_t i = 1; i <= 5; i++)
		put(&spool, i, 10000);
	assert_int_equal(spool.dropped, 2);
	assert_int_equal(first(), 3);
	for (int i = 0; i < 50000; i++)
		buf_add_char(&item->body, 'b');
	assert_int_equal(push_spool_put(&spool, item, &err), ERR_LIMIT);
	assert_int_equal(first(), 3);
	push_item_free(item);
}

static void a_disk_that_fails_leaves_no_half_of_a_file(void **state)
{
	struct push_item *item = push_item_new();

	push_item_set_query(item, "shop", 1, 2);
	disk_fail_after(DISK_WRITE, 1, ENOSPC);
	assert_true(push_spool_put(&spool, item, NULL) < 0);
	disk_fail_after(DISK_WRITE, 0, 0);
	assert_int_equal(first(), 0);
	push_item_free(item);
}

static void what_is_torn_is_set_aside(void **state)
{
	char path[256];

	put(&spool, 5, 10);
	snprintf(
		path, sizeof(path), "%s/00000000000000000001-%036d-%s.fly", folder, 0, spool.owner);
	assert_int_equal(disk_write(path, VIEW("torn"), NULL), 0);
	assert_int_equal(first(), 5);
	assert_int_equal(spool.bad, 1);
	memcpy(path + strlen(path), ".bad", 5);
	assert_int_equal(access(path, F_OK), 0);
}

static void what_a_process_left_is_taken_once_it_is_gone(void **state)
{
	int fds[2], status;
	char byte;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		struct push_spool mine;

		if (push_spool_open(&mine, folder, 40000, NULL) == 0)
			put(&mine, 9, 10);
		if (write(fds[1], "x", 1) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(fds[0], &byte, 1), 1); /* it is there, and its owner lives */
	assert_int_equal(first(), 0);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(first(), 9);
	close(fds[0]);
	close(fds[1]);
}

static void what_is_no_folder_is_refused(void **state)
{
	struct push_spool other;
	struct err err;

	assert_int_equal(push_spool_open(&other, "/dev/null", 0, &err), ERR_DENIED);
	assert_true(push_spool_open(&other, "/proc/nowhere/spool", 0, &err) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			the_oldest_comes_first_and_stays_until_it_is_done, open_folder),
		cmocka_unit_test_setup(the_limit_drops_the_oldest, open_folder),
		cmocka_unit_test_setup(a_disk_that_fails_leaves_no_half_of_a_file, open_folder),
		cmocka_unit_test_setup(what_is_torn_is_set_aside, open_folder),
		cmocka_unit_test_setup(what_a_process_left_is_taken_once_it_is_gone, open_folder),
		cmocka_unit_test(what_is_no_folder_is_refused),
	};

	if (!mkdtemp(folder))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
