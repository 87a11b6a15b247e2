/* test_own_space: the mappings of this test, as they come and go. */
#include <dlfcn.h>
#include <sys/mman.h>

#include "inproc/own_file.h"
#include "inproc/own_space.h"
#include "testing.h"

static struct own_space *space;

static int set_up(void **state)
{
	return own_space_new(&space, NULL) < 0 ? -1 : own_space_refresh(space, NULL);
}

static int tear_down(void **state)
{
	own_space_free(space);
	return 0;
}

static void its_own_code_is_found_with_a_table(void **state)
{
	uint64_t here = (uint64_t)(uintptr_t)set_up;
	const struct own_range *range = own_space_find(space, 1, here);
	struct stackwalk_tables tables = own_space_tables(space);
	uint32_t n_tables = 0;

	assert_non_null(range);
	assert_int_equal(range->kind, OWN_FILE);
	assert_true(view_ends(view_of(range->file->path), VIEW("test_own_space")));
	assert_true(range->file->has_table);
	assert_ptr_equal(own_space_program(space)->file, range->file);
	for (uint32_t i = 0; i < tables.n_mappings; i++) {
		n_tables += tables.mappings[i].kind == UNWIND_MAPPING_TABLE;
		assert_true(i == 0 || tables.mappings[i].start >= tables.mappings[i - 1].end);
	}
	assert_true(n_tables >= 4); /* this, libc, ld.so, the vdso */
}

static void nothing_new_gives_no_new_map(void **state)
{
	assert_int_equal(own_space_generation(space), 1);
	assert_false(own_space_stale(space));
	assert_int_equal(own_space_refresh(space, NULL), 0);
	assert_int_equal(own_space_generation(space), 1);
}

static void libraries_come_and_go_and_old_maps_stay_a_while(void **state)
{
	void *library = dlopen("libgcc_s.so.1", RTLD_NOW);
	const struct own_range *range;

	if (!library || !own_space_stale(space)) {
		print_message("skipped: libgcc_s.so.1 is not there or loaded already\n");
		skip();
	}

	assert_int_equal(own_space_refresh(space, NULL), 0);
	assert_int_equal(own_space_generation(space), 2);
	dlclose(library);
	assert_true(own_space_stale(space));
	assert_int_equal(own_space_refresh(space, NULL), 0);
	assert_int_equal(own_space_generation(space), 3);
	range = own_space_find(space, 2, (uint64_t)(uintptr_t)set_up);
	assert_non_null(range);
	own_space_retire(space);
	assert_non_null(own_space_find(space, 2, (uint64_t)(uintptr_t)set_up));
	own_space_retire(space);
	assert_non_null(own_space_find(space, 3, (uint64_t)(uintptr_t)set_up));
}

static void generated_code_is_told_apart(void **state)
{
	void *code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct own_range *range;

	assert_true(code != MAP_FAILED);
	assert_int_equal(own_space_refresh(space, NULL), 0);
	range = own_space_find(space, own_space_generation(space), (uint64_t)(uintptr_t)code + 100);
	assert_non_null(range);
	assert_int_equal(range->kind, OWN_JIT);
	assert_null(own_space_find(space, 1, (uint64_t)(uintptr_t)&range)); /* a stack is no code */
	munmap(code, 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			its_own_code_is_found_with_a_table, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nothing_new_gives_no_new_map, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			libraries_come_and_go_and_old_maps_stay_a_while, set_up, tear_down),
		cmocka_unit_test_setup_teardown(generated_code_is_told_apart, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
