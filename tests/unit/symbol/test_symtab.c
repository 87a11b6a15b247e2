/* test_symtab: which function an address belongs to. */
#include "testing.h"

#include "symbol/symtab.h"

#define SECTION_END 0x9000

static void add(struct symtab_builder *builder, uint64_t start, uint64_t size, const char *name,
	enum symtab_binding binding)
{
	symtab_add(builder, &(struct symtab_symbol){ .start = start,
				    .size = size,
				    .end_max = SECTION_END,
				    .name = view_of(name),
				    .kind = SYMTAB_FUNCTION,
				    .binding = binding });
}

static void add_label(struct symtab_builder *builder, uint64_t start, const char *name)
{
	symtab_add(
		builder, &(struct symtab_symbol){
				 .start = start, .end_max = SECTION_END, .name = view_of(name) });
}

static struct symtab *build(struct symtab_builder *builder)
{
	struct symtab *table;

	assert_int_equal(symtab_build(builder, &table, NULL), 0);
	symtab_builder_fini(builder);
	return table;
}

static void assert_at(const struct symtab *table, uint64_t address, const char *name)
{
	const struct symtab_row *row = symtab_find(table, address);

	if (!name) {
		assert_null(row);
		return;
	}
	assert_non_null(row);
	assert_view_equal(symtab_name(table, row), name);
}

static void an_address_past_a_functions_end_is_not_its_own(void **state)
{
	struct symtab_builder builder = { 0 };
	struct symtab *table;

	add(&builder, 0x1000, 0x10, "f", SYMTAB_GLOBAL);
	add(&builder, 0x2000, 0x10, "g", SYMTAB_LOCAL);
	table = build(&builder);
	assert_at(table, 0xfff, NULL);
	assert_at(table, 0x1000, "f");
	assert_at(table, 0x100f, "f");
	assert_at(table, 0x1010, NULL);
	assert_at(table, 0x2005, "g");
	symtab_unref(table);
}

static void of_aliases_the_plain_exported_name_is_chosen(void **state)
{
	struct symtab_builder builder = { 0 };
	struct symtab *table;

	add(&builder, 0x1000, 0x10, "__libc_malloc", SYMTAB_GLOBAL);
	add(&builder, 0x1000, 0x10, "malloc", SYMTAB_GLOBAL);
	add(&builder, 0x1000, 0x10, "__malloc", SYMTAB_GLOBAL);
	add(&builder, 0x2000, 0x10, "__write", SYMTAB_GLOBAL);
	add(&builder, 0x2000, 0x10, "write", SYMTAB_WEAK);
	add(&builder, 0x2000, 0x10, "w", SYMTAB_LOCAL);
	add(&builder, 0x3000, 0x10, "copy@@V_1", SYMTAB_GLOBAL);
	add(&builder, 0x3000, 0x10, "copy", SYMTAB_WEAK);
	add(&builder, 0x4000, 0x10, "b", SYMTAB_GLOBAL);
	add(&builder, 0x4000, 0x10, "a", SYMTAB_GLOBAL);
	table = build(&builder);
	assert_at(table, 0x1001, "malloc");
	assert_at(table, 0x2001, "write");
	assert_at(table, 0x3001, "copy");
	assert_at(table, 0x4001, "a");
	symtab_unref(table);
}

static void a_symbol_without_a_size_ends_at_the_next_or_at_the_limit(void **state)
{
	struct symtab_builder builder = { 0 };
	struct symtab *table;

	add_label(&builder, 0x1000, "_start");
	add_label(&builder, 0x1000, "start");
	add(&builder, 0x1040, 0x10, "f", SYMTAB_GLOBAL);
	add_label(&builder, 0x1048, "inside_f");
	add_label(&builder, 0x4000, "far");
	add_label(&builder, 0x8ff0, "last");
	table = build(&builder);
	assert_at(table, 0x103f, "start");
	assert_at(table, 0x104a, "f");
	assert_at(table, 0x1050, "inside_f");
	assert_at(table, 0x4000 + SYMTAB_GAP_MAX - 1, "far");
	assert_at(table, 0x4000 + SYMTAB_GAP_MAX, NULL);
	assert_at(table, SECTION_END - 1, "last");
	assert_at(table, SECTION_END, NULL);
	symtab_unref(table);
}

static void a_function_inside_another_interrupts_it(void **state)
{
	struct symtab_builder builder = { 0 };
	struct symtab *table;

	add(&builder, 0x1000, 0x100, "outer", SYMTAB_GLOBAL);
	add(&builder, 0x1010, 0x10, "inner", SYMTAB_LOCAL);
	table = build(&builder);
	assert_at(table, 0x100f, "outer");
	assert_at(table, 0x1010, "inner");
	assert_at(table, 0x1020, "outer");
	symtab_unref(table);
}

static void a_size_past_the_section_is_cut(void **state)
{
	struct symtab_builder builder = { 0 };
	struct symtab *table;

	add(&builder, 0x8000, UINT64_MAX, "liar", SYMTAB_GLOBAL);
	add(&builder, SECTION_END, 1, "outside", SYMTAB_GLOBAL);
	add(&builder, 0x1000, 1, "", SYMTAB_GLOBAL);
	table = build(&builder);
	assert_at(table, SECTION_END - 1, "liar");
	assert_at(table, SECTION_END, NULL);
	assert_at(table, 0x1000, NULL);
	symtab_unref(table);
}

static void rows_that_overlap_are_refused(void **state)
{
	const struct symtab_row good[] = { { 0x10, 0x10, 0 }, { 0x20, 8, 2 } };
	const struct symtab_row overlapping[] = { { 0x10, 0x11, 0 }, { 0x20, 8, 2 } };
	const struct symtab_row no_name[] = { { 0x10, 0x10, 4 } };
	const struct symtab_row empty[] = { { 0x10, 0, 0 } };
	const struct view names = { "a\0b\0", 4 }, endless = { "a\0b", 3 };
	struct symtab *table;

	assert_int_equal(symtab_from_rows(good, 2, names, &table, NULL), 0);
	assert_at(table, 0x27, "b");
	symtab_unref(table);
	assert_int_equal(symtab_from_rows(overlapping, 2, names, &table, NULL), ERR_CORRUPT);
	assert_int_equal(symtab_from_rows(no_name, 1, names, &table, NULL), ERR_CORRUPT);
	assert_int_equal(symtab_from_rows(empty, 1, names, &table, NULL), ERR_CORRUPT);
	assert_int_equal(symtab_from_rows(good, 2, endless, &table, NULL), ERR_CORRUPT);
}

static void no_symbols_make_an_empty_table(void **state)
{
	struct symtab_builder builder = { 0 };
	struct symtab *table = build(&builder);

	assert_at(table, 0, NULL);
	assert_at(table, UINT64_MAX, NULL);
	symtab_unref(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_past_a_functions_end_is_not_its_own),
		cmocka_unit_test(of_aliases_the_plain_exported_name_is_chosen),
		cmocka_unit_test(a_symbol_without_a_size_ends_at_the_next_or_at_the_limit),
		cmocka_unit_test(a_function_inside_another_interrupts_it),
		cmocka_unit_test(a_size_past_the_section_is_cut),
		cmocka_unit_test(rows_that_overlap_are_refused),
		cmocka_unit_test(no_symbols_make_an_empty_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
