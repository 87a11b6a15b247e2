/* test_module: one module a file, its table built by the worker, placed, described and evicted. */
#include "testing.h"

#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "object/object.h"
#include "own_mapping.h"
#include "sampler/module.h"
#include "sampler/plain_space.h"

struct room {
	struct plain_space plain;
	struct unwind_space *space;
	struct module_table modules;
	struct process_table processes;
};

static int enter(void **state)
{
	struct room *room = calloc(1, sizeof(*room));
	struct unwind_space_memory memory;

	plain_space_open(&room->plain, NULL);
	memory = plain_space_memory(&room->plain);
	if (unwind_space_new(&memory, &room->space, NULL) < 0 ||
		module_table_init(&room->modules, room->space, NULL) < 0)
		return -1;
	*state = room;
	return 0;
}

static int leave(void **state)
{
	struct room *room = *state;

	module_table_fini(&room->modules);
	process_table_fini(&room->processes);
	unwind_space_free(room->space);
	plain_space_close(&room->plain);
	free(room);
	return 0;
}

static struct module *build(struct room *room, const struct process_mapping *m)
{
	struct module *module = module_find(&room->modules, getpid(), m);

	assert_non_null(module);
	module_request(&room->modules, module, getpid(), m, clock_monotonic_ns());
	assert_true(module_wait(&room->modules, module_of(module), 10000));
	return module;
}

/* Where this program was loaded: its addresses less this are the file's. */
static int note_base(struct dl_phdr_info *info, size_t size, void *context)
{
	*(uint64_t *)context = info->dlpi_addr;
	return 1; /* the first is the program itself */
}

static void builds_the_table_of_its_own_program(void **state)
{
	struct room *room = *state;
	struct process_mapping *m = own_mapping(&room->processes, note_base);
	struct module *module = module_find(&room->modules, getpid(), m);
	struct unwind_mapping seen;
	uint64_t base = 0;

	module_describe(module, m, &seen);
	assert_int_equal(seen.kind, UNWIND_MAPPING_PENDING);
	assert_ptr_equal(build(room, m), module);
	assert_int_equal(module->state, MODULE_TABLE);
	module_describe(module, m, &seen);
	dl_iterate_phdr(note_base, &base);
	assert_int_equal(seen.kind, UNWIND_MAPPING_TABLE);
	assert_int_equal(seen.bias, base);
	assert_true(seen.n_pages > 0);
}

static void one_file_is_one_module(void **state)
{
	struct room *room = *state;
	struct process_mapping *m = own_mapping(&room->processes, note_base), other = *m;
	struct module *module = module_find(&room->modules, getpid(), m);

	other.start += 1 << 20;
	other.end += 1 << 20;
	assert_ptr_equal(module_find(&room->modules, getpid(), &other), module);
	/* The inode was given to another file since. */
	module->generation = 1;
	other.generation = 2;
	assert_ptr_not_equal(module_find(&room->modules, getpid(), &other), module);
}

static void equal_build_ids_share_one_table(void **state)
{
	struct room *room = *state;
	struct process_mapping *m = own_mapping(&room->processes, note_base), copy = *m;
	char path[] = "/tmp/flyover-copy-XXXXXX", command[512];
	struct module *first = build(room, m), *second;
	struct stat st;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	if (object_build_id(first->object).len == 0) {
		unlink(path);
		skip(); /* this toolchain writes none */
	}
	snprintf(command, sizeof(command), "cp /proc/%d/exe %s", (int)getpid(), path);
	assert_int_equal(system(command), 0);
	fstat(fd, &st);
	copy.inode = st.st_ino;
	copy.path = path;
	copy.device = st.st_dev;
	copy.start = copy.end = 0;
	second = build(room, &copy);
	assert_ptr_not_equal(second, first);
	assert_ptr_equal(module_of(second), first);
	close(fd);
	unlink(path);
}

static void a_file_that_is_no_program_steps_by_frame_pointers(void **state)
{
	struct room *room = *state;
	char path[] = "/tmp/flyover-text-XXXXXX";
	int fd = mkstemp(path);
	struct process_mapping m = { .start = 0x1000, .end = 0x2000, .path = path };
	struct unwind_mapping seen;
	struct module *module;
	struct stat st;

	assert_int_equal(write(fd, "no program", 10), 10);
	fstat(fd, &st);
	m.inode = st.st_ino;
	m.device = st.st_dev;
	module = build(room, &m);
	assert_int_equal(module->state, MODULE_FAILED);
	module_describe(module, &m, &seen);
	assert_int_equal(seen.kind, UNWIND_MAPPING_NO_TABLE);
	/* It is not tried again at once. */
	module_request(&room->modules, module, getpid(), &m, clock_monotonic_ns());
	assert_int_equal(module->state, MODULE_FAILED);
	module_request(
		&room->modules, module, getpid(), &m, clock_monotonic_ns() + MODULE_RETRY_NS + 1);
	assert_int_equal(module->state, MODULE_BUILDING);
	assert_true(module_wait(&room->modules, module, 10000));
	close(fd);
	unlink(path);
}

static void an_evicted_table_can_come_back(void **state)
{
	struct room *room = *state;
	struct process_mapping *m = own_mapping(&room->processes, note_base);
	struct module *module = build(room, m);
	struct unwind_space_stats before, without, after;
	struct unwind_mapping seen;

	unwind_space_get_stats(room->space, &before);
	module_evict(&room->modules, module);
	unwind_space_settle(room->space);
	unwind_space_get_stats(room->space, &without);
	assert_true(without.rows < before.rows);
	module_describe(module, m, &seen);
	assert_int_equal(seen.kind, UNWIND_MAPPING_PENDING);
	build(room, m);
	unwind_space_get_stats(room->space, &after);
	assert_int_equal(after.rows, before.rows);
}

static void generated_code_has_no_module(void **state)
{
	struct process_mapping m = { .start = 0x1000, .end = 0x2000, .kind = PROCESS_JIT };
	struct unwind_mapping seen;

	module_describe(NULL, &m, &seen);
	assert_int_equal(seen.kind, UNWIND_MAPPING_JIT);
	assert_int_equal(seen.start, 0x1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(builds_the_table_of_its_own_program, enter, leave),
		cmocka_unit_test_setup_teardown(one_file_is_one_module, enter, leave),
		cmocka_unit_test_setup_teardown(equal_build_ids_share_one_table, enter, leave),
		cmocka_unit_test_setup_teardown(
			a_file_that_is_no_program_steps_by_frame_pointers, enter, leave),
		cmocka_unit_test_setup_teardown(an_evicted_table_can_come_back, enter, leave),
		cmocka_unit_test(generated_code_has_no_module),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
