/* test_codetable: generated code has the name it got last. */
#include "testing.h"

#include "symbol/codetable.h"

static void newer_code_hides_older_code(void **state)
{
	struct codetable table;
	struct code_hit hit;

	codetable_init(&table);
	assert_true(codetable_add(&table, 0x1000, 0x100, VIEW("old")));
	assert_true(codetable_add(&table, 0x1040, 0x20, VIEW("new")));
	assert_int_equal(codetable_index(&table), 0);
	assert_true(codetable_find(&table, 0x103f, &hit));
	assert_view_equal(hit.name, "old");
	assert_true(codetable_find(&table, 0x1040, &hit));
	assert_view_equal(hit.name, "new");
	assert_true(codetable_find(&table, 0x1060, &hit));
	assert_view_equal(hit.name, "old");
	assert_false(codetable_find(&table, 0x1100, &hit));
	codetable_fini(&table);
}

static void moved_code_keeps_its_name_and_lines(void **state)
{
	struct codetable table;
	struct code_hit hit;

	codetable_init(&table);
	codetable_add_line(&table, 0x1010, VIEW("b.js"), 12);
	codetable_add_line(&table, 0x1000, VIEW("a.js"), 11);
	codetable_add(&table, 0x1000, 0x20, VIEW("f"));
	codetable_add(&table, 0x3000, 0x20, VIEW("g"));
	assert_true(codetable_move(&table, 0, 0x5000));
	codetable_add(&table, 0x6000, 0x20, VIEW("h"));
	codetable_index(&table);
	assert_true(codetable_find(&table, 0x5014, &hit));
	assert_view_equal(hit.name, "f");
	assert_view_equal(hit.file, "b.js");
	assert_int_equal(hit.line, 12);
	assert_true(codetable_find(&table, 0x500f, &hit));
	assert_view_equal(hit.file, "a.js");
	assert_true(codetable_find(&table, 0x6000, &hit));
	assert_int_equal(hit.line, 0);
	codetable_fini(&table);
}

static void impossible_ranges_are_left_out(void **state)
{
	struct codetable table;

	codetable_init(&table);
	assert_false(codetable_add(&table, 0x1000, 0, VIEW("empty")));
	assert_false(codetable_add(&table, UINT64_MAX - 1, 16, VIEW("past the end")));
	assert_false(codetable_move(&table, 0, 0x1000));
	assert_int_equal(table.n_entries, 0);
	assert_false(table.full);
	codetable_fini(&table);
}

static void long_names_are_cut(void **state)
{
	static char name[CODETABLE_NAME_MAX + 100];
	struct codetable table;
	struct code_hit hit;

	memset(name, 'x', sizeof(name));
	codetable_init(&table);
	codetable_add(&table, 1, 1, (struct view){ name, sizeof(name) });
	codetable_index(&table);
	assert_true(codetable_find(&table, 1, &hit));
	assert_int_equal(hit.name.len, CODETABLE_NAME_MAX);
	codetable_fini(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(newer_code_hides_older_code),
		cmocka_unit_test(moved_code_keeps_its_name_and_lines),
		cmocka_unit_test(impossible_ranges_are_left_out),
		cmocka_unit_test(long_names_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
