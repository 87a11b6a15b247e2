/* test_survey_dictionaries: a piece that is missing is found, with the service that it is of. */
#include "testing.h"

#include "store/checkup.h"
#include "store/damaged.h"

static void a_missing_piece_is_found(void **state)
{
	static struct checkup checkup;
	struct lexica_name name = { VIEW(""), VIEW("inventory"), 0 };
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
	struct depot *depot;
	BUF_AUTO key = { 0 };
	char folder[64];

	damaged_make(folder);
	name.week = store_day(WORKLOAD_START) / STORE_WEEK_DAYS;
	lexica_key(&name, &key);
	buf_add(&key, "\0\0\0", 4);
	depot = depot_of(folder);
	rocks_delete(&depot->rocks, batch, ROCKS_DICTIONARY, buf_view(&key));
	assert_int_equal(rocks_write(&depot->rocks, batch, true, NULL), 0);
	store_close(&depot->store);
	assert_int_equal(checkup_open(&checkup, folder, NULL), 0);
	assert_int_equal(survey_run(&checkup.survey, NULL), 0);
	assert_true(checkup.findings.n >= 1);
	assert_string_equal(checkup.findings.at[0].where, "dictionary");
	checkup_close(&checkup);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(a_missing_piece_is_found) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
