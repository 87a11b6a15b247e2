/* test_walk_tables: tables are there while somebody uses them, and follow the mappings. */
#include <dlfcn.h>

#include "inproc/own_space.h"
#include "inproc/sig_tables.h"
#include "inproc/walk_tables.h"
#include "testing.h"

static uint32_t generation(void)
{
	const struct sig_tables *tables = sig_tables_enter();
	uint32_t is = tables ? tables->generation : 0;

	sig_tables_leave();
	return is;
}

static void tables_are_published_while_they_are_used(void **state)
{
	assert_int_equal(generation(), 0);
	assert_int_equal(walk_tables_use(NULL), 0);
	assert_int_equal(walk_tables_use(NULL), 0);
	assert_int_not_equal(generation(), 0);
	walk_tables_done();
	assert_int_not_equal(generation(), 0);
	walk_tables_done();
	assert_int_equal(generation(), 0);
	assert_int_equal(walk_tables_use(NULL), 0); /* again, with what was kept */
	assert_int_not_equal(generation(), 0);
	walk_tables_done();
}

static void they_follow_the_loader(void **state)
{
	uint32_t before;
	void *library;

	assert_int_equal(walk_tables_use(NULL), 0);
	before = generation();
	library = dlopen("libmvec.so.1", RTLD_NOW);
	if (!library)
		skip();
	for (int i = 0; i < 3; i++)
		walk_tables_part.run(NULL);
	assert_true(generation() > before);
	assert_true(own_space_generation(walk_tables_space()) == generation());
	dlclose(library);
	walk_tables_done();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_published_while_they_are_used),
		cmocka_unit_test(they_follow_the_loader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
