/* test_rocks_open: what is no store is told apart, and left as it is. */
#include "testing.h"

#include "store/folder.h"
#include "store/rocks.h"

static void what_is_no_store_is_named(void **state)
{
	char folder[64];
	struct rocks_options options = { .memory_max = 64 << 20 };
	struct rocks rocks;
	struct err err;

	folder_make(folder);
	options.path = folder;
	assert_int_equal(rocks_open(&rocks, &options, &err), ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, folder));
	rocks_close(&rocks);
	assert_int_equal(rmdir(folder), 0); /* nothing was put there */
	assert_int_equal(rocks_open(&rocks, &options, &err), ERR_NOT_FOUND);
	rocks_close(&rocks);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_no_store_is_named) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
