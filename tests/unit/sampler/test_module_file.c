/* test_module_file: the right file is opened, by whatever way still leads to it. */
#include "testing.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "object/object.h"
#include "own_mapping.h"
#include "sampler/module.h"
#include "sampler/module_file.h"

static void opens_a_living_processes_program(void **state)
{
	struct process_table table = { 0 };
	struct process_mapping *m = own_mapping(&table, opens_a_living_processes_program);
	struct module module = { .path = m->path,
		.inode = m->inode,
		.job = { .pid = getpid(), .start = m->start, .end = m->end } };
	struct object *object;

	assert_int_equal(module_file_open(&module, &object), 0);
	assert_int_equal(object_header(object)->e_machine, EM_X86_64);
	object_unref(object);
	process_table_fini(&table);
}

static void falls_back_to_the_path_when_the_process_has_gone(void **state)
{
	struct process_table table = { 0 };
	struct process_mapping *m = own_mapping(&table, opens_a_living_processes_program);
	struct module module = { .path = m->path,
		.inode = m->inode,
		.job = { .pid = 0x3ffffffe, .start = 1, .end = 2 } };
	struct object *object;

	assert_int_equal(module_file_open(&module, &object), 0);
	object_unref(object);
	process_table_fini(&table);
}

static void another_file_of_that_name_is_not_it(void **state)
{
	struct process_table table = { 0 };
	struct process_mapping *m = own_mapping(&table, opens_a_living_processes_program);
	struct module module = {
		.path = m->path, .inode = m->inode + 1, .job = { .pid = 0x3ffffffe }
	};
	struct object *object;

	assert_int_equal(module_file_open(&module, &object), ERR_NOT_FOUND);
	process_table_fini(&table);
}

static void a_pipe_of_that_name_does_not_hold_us_up(void **state)
{
	char path[] = "/tmp/flyover-fifo-XXXXXX";
	struct module module = { .path = path, .job = { .pid = 0x3ffffffe } };
	struct object *object;
	struct stat st;

	assert_non_null(mkdtemp(path));
	rmdir(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(stat(path, &st), 0);
	module.inode = st.st_ino;
	assert_int_equal(module_file_open(&module, &object), ERR_NOT_FOUND);
	unlink(path);
}

static void the_vdso_is_our_own(void **state)
{
	struct module module = { .path = (char *)"[vdso]", .is_vdso = true };
	struct object *object;

	assert_int_equal(module_file_open(&module, &object), 0);
	assert_int_equal(object_header(object)->e_type, ET_DYN);
	object_unref(object);
}

static void a_stamp_changes_with_the_file(void **state)
{
	char path[] = "/tmp/flyover-stamp-XXXXXX";
	int fd = mkstemp(path);
	struct module_file_stamp before, after;
	struct process_mapping m = { .path = path };
	struct stat st;

	assert_true(fd >= 0);
	fstat(fd, &st);
	m.inode = st.st_ino;
	before = module_file_look(getpid(), &m);
	assert_true(before.known);
	assert_int_equal(write(fd, "more", 4), 4);
	after = module_file_look(getpid(), &m);
	assert_int_equal(after.size, before.size + 4);
	m.inode++;
	assert_false(module_file_look(getpid(), &m).known);
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_a_living_processes_program),
		cmocka_unit_test(falls_back_to_the_path_when_the_process_has_gone),
		cmocka_unit_test(another_file_of_that_name_is_not_it),
		cmocka_unit_test(a_pipe_of_that_name_does_not_hold_us_up),
		cmocka_unit_test(the_vdso_is_our_own),
		cmocka_unit_test(a_stamp_changes_with_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
