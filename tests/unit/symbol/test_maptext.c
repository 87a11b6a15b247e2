/* test_maptext: the text of a perf map. */
#include "testing.h"

#include "symbol/codetable.h"
#include "symbol/maptext.h"

static size_t parse(const char *text, struct codetable *table)
{
	size_t taken;

	codetable_init(table);
	taken = maptext_parse(view_of(text), table);
	assert_int_equal(codetable_index(table), 0);
	return taken;
}

static void names_may_hold_spaces(void **state)
{
	struct codetable table;
	struct code_hit hit;

	parse("7f0010 20 JS:*work /a b.js:4:17\n0x7f0030 0x10 Interpreter\n", &table);
	assert_true(codetable_find(&table, 0x7f002f, &hit));
	assert_view_equal(hit.name, "JS:*work /a b.js:4:17");
	assert_int_equal(hit.start, 0x7f0010);
	assert_true(codetable_find(&table, 0x7f0030, &hit));
	assert_view_equal(hit.name, "Interpreter");
	codetable_fini(&table);
}

static void a_line_still_being_written_waits(void **state)
{
	struct codetable table;

	assert_int_equal(parse("10 10 a\n20 10 half", &table), strlen("10 10 a\n"));
	assert_int_equal(table.n_entries, 1);
	codetable_fini(&table);
}

static void lines_that_make_no_sense_are_left_out(void **state)
{
	struct codetable table;
	struct code_hit hit;

	parse("\n \nx y z\n10\n10 10\n10 10 \n-1 5 minus\n"
	      "11223344556677889 1 too long\nffffffffffffffff 10 wraps\n40 8 good\n",
		&table);
	assert_int_equal(table.n_entries, 1);
	assert_true(codetable_find(&table, 0x47, &hit));
	assert_view_equal(hit.name, "good");
	codetable_fini(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_may_hold_spaces),
		cmocka_unit_test(a_line_still_being_written_waits),
		cmocka_unit_test(lines_that_make_no_sense_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
