/* test_survey: samples that belong to nothing are found, and so are values that make no sense. */
#include "testing.h"

#include "store/checkup.h"
#include "store/damaged.h"

static struct checkup checkup;

static void change(const char *folder, enum rocks_family family, struct view key, struct view value)
{
	struct depot *depot = depot_of(folder);
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();

	rocks_put(&depot->rocks, batch, family, key, value);
	assert_int_equal(rocks_write(&depot->rocks, batch, true, NULL), 0);
	store_close(&depot->store);
}

static size_t look(const char *folder)
{
	size_t n;

	assert_int_equal(checkup_open(&checkup, folder, NULL), 0);
	assert_int_equal(survey_run(&checkup.survey, NULL), 0);
	n = checkup.findings.n;
	checkup_close(&checkup);
	return n;
}

static void what_makes_no_sense_is_found(void **state)
{
	uint32_t day = store_day(WORKLOAD_START);
	struct rocks_key nonsense = rocks_key_block(day, 'B', 0, 9), block;
	struct depot *depot;
	BUF_AUTO bytes = { 0 };
	char folder[64];

	damaged_make(folder);
	assert_int_equal(look(folder), 0);
	change(folder, ROCKS_SAMPLES, rocks_key_view(&nonsense), VIEW("not a block"));
	assert_int_equal(look(folder), 1);
	depot = depot_of(folder);
	block = rocks_key_block(day, 'B', 0, rocks_bucket_of(WORKLOAD_START));
	assert_int_equal(
		rocks_get(&depot->rocks, ROCKS_SAMPLES, rocks_key_view(&block), &bytes, NULL), 0);
	store_close(&depot->store);
	block = rocks_key_block(day, 'B', 77, rocks_bucket_of(WORKLOAD_START));
	change(folder, ROCKS_SAMPLES, rocks_key_view(&block), buf_view(&bytes));
	assert_int_equal(look(folder), 2); /* of a series that nobody knows */
	change(folder, ROCKS_SAMPLES, VIEW("what?"), VIEW(""));
	assert_int_equal(look(folder), 3);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_makes_no_sense_is_found) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
