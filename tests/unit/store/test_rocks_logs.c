/* test_rocks_logs: a log that is damaged in its middle is refused, and one that is cut is not. */
#include "testing.h"

#include "store/damaged.h"

/* A store as a kill leaves it: its profiles are in the log. */
static void make(char *folder)
{
	struct depot *depot;
	char copy[200];

	folder_make(folder);
	depot = depot_of(folder);
	for (int64_t n = 0; n < 20; n++)
		assert_int_equal(conformance_put(&depot->store, "p1", n, n), 0);
	snprintf(copy, sizeof(copy), "cp -r %s %s-killed", folder, folder);
	assert_int_equal(system(copy), 0);
	store_close(&depot->store);
	folder_remove(folder);
	memcpy(folder + strlen(folder), "-killed", sizeof("-killed"));
}

static int try(const char *folder, char *note, struct err *err)
{
	struct rocks_options options = { .path = folder, .memory_max = 64 << 20 };
	struct rocks rocks;
	int rc = rocks_open(&rocks, &options, err);

	memcpy(note, rocks.note, sizeof(rocks.note));
	rocks_close(&rocks);
	return rc;
}

static void the_middle_is_refused_and_the_end_is_not(void **state)
{
	char folder[80], path[300], note[160] = "";
	struct err err = { 0 };
	int64_t size;

	make(folder);
	size = damaged_find(folder, ".log", path);
	damaged_flip(path, size / 2);
	assert_int_equal(try(folder, note, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.text, "flyover store repair"));
	assert_int_equal(damaged_find(folder, ".log", path), size); /* as it was */
	damaged_flip(path, size / 2);
	assert_int_equal(truncate(path, size - 5), 0);
	assert_int_equal(try(folder, note, &err), 0);
	assert_non_null(strstr(note, "left out"));
	assert_int_equal(damaged_count(folder), 19);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_middle_is_refused_and_the_end_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
