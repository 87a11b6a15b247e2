/* test_objtables: tables come from the object once, and then from the cache. */
#include "programs.h"

#include "symbol/objtables.h"
#include "symbol/symcache.h"
#include "symbol/symtab.h"

static bool has(const struct objtables *tables, const char *function)
{
	const struct symtab_row *rows;
	size_t n;

	rows = symtab_rows(tables->symbols, &n);
	for (size_t i = 0; i < n; i++)
		if (view_equal(symtab_name(tables->symbols, &rows[i]), view_of(function)))
			return true;
	return false;
}

static void what_was_unloaded_comes_from_the_cache(void **state)
{
	struct objtables_options options = { .debug_dir = "debug" };
	struct objtables tables = { 0 };
	struct object *object;
	size_t bytes;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -Wl,--build-id -o p p.c");
	object = programs_open("p");
	assert_int_equal(symcache_open("cache", 0, &options.cache, NULL), 0);
	objtables_load(&tables, object, &options);
	assert_true(tables.loaded && !tables.from_cache && !tables.failed);
	assert_true(has(&tables, "work"));
	bytes = objtables_bytes(&tables);
	assert_true(bytes > 0);
	objtables_unload(&tables);
	assert_false(tables.loaded);
	assert_int_equal(objtables_bytes(&tables), 0);
	objtables_load(&tables, object, &options);
	assert_true(tables.from_cache);
	assert_true(has(&tables, "work"));
	assert_int_equal(objtables_bytes(&tables), bytes);
	objtables_unload(&tables);
	object_unref(object);
	symcache_free(options.cache);
}

static void a_debug_file_is_opened_where_lines_are_not_in_the_object(void **state)
{
	struct objtables_options options = { .debug_dir = "debug" };
	struct objtables tables = { 0 };
	struct object *object;

	PROGRAMS_NEED("objcopy");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -g -Wl,--build-id=0x0123456789 -o p p.c && "
		     "mkdir -p debug/.build-id/01 && "
		     "objcopy --only-keep-debug p debug/.build-id/01/23456789.debug && strip p");
	object = programs_open("p");
	objtables_load(&tables, object, &options);
	assert_non_null(objtables_debug(&tables, object, &options));
	assert_true(has(&tables, "work"));
	objtables_unload(&tables);
	object_unref(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_was_unloaded_comes_from_the_cache, programs_begin, programs_end),
		cmocka_unit_test_setup_teardown(
			a_debug_file_is_opened_where_lines_are_not_in_the_object, programs_begin,
			programs_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
