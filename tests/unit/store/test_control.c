/* test_control: who has the folder gets a checkpoint, for as long as the line is held; an error is
 * handed on. */
#include "testing.h"

#include <sys/stat.h>

#include "store/control.h"
#include "store/folder.h"

static int make(void *owner, const char *path, struct err *err)
{
	if (*(int *)owner)
		return err_set(err, ERR_IO, "the disk is gone");
	return mkdir(path, 0700) < 0 ? err_set(err, ERR_IO, "no folder") : 0;
}

static void wait_until_gone(const char *path)
{
	for (int i = 0; i < 2000 && access(path, F_OK) == 0; i++)
		usleep(5000);
	assert_int_equal(access(path, F_OK), -1);
}

static void a_checkpoint_stays_while_the_line_is_held(void **state)
{
	int fails = 0, fd;
	char folder[64], path[100];
	struct control control = { .path = folder, .checkpoint = make, .owner = &fails };
	struct err err = { 0 };

	folder_make(folder);
	snprintf(path, sizeof(path), "%s/" CONTROL_CHECKPOINT, folder);
	assert_int_equal(control_ask(folder, &fd, &err), ERR_NOT_FOUND);
	assert_int_equal(mkdir(path, 0700), 0); /* what a kill left */
	assert_int_equal(control_start(&control, NULL), 0);
	assert_int_equal(access(path, F_OK), -1);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(control_ask(folder, &fd, &err), 0);
		assert_int_equal(access(path, F_OK), 0);
		close(fd);
		wait_until_gone(path);
	}
	fails = 1;
	assert_int_equal(control_ask(folder, &fd, &err), ERR_IO);
	assert_non_null(strstr(err.text, "the disk is gone"));
	control_stop(&control);
	assert_int_equal(control_ask(folder, &fd, &err), ERR_NOT_FOUND);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_checkpoint_stays_while_the_line_is_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
