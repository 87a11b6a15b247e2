/* test_mend_parts: a row that its block has already is left out, and so is a roll-up that does not
 * agree with its blocks. */
#include "testing.h"

#include "base/hash.h"
#include "store/damaged.h"
#include "store/mend.h"

/* The rows of before, once more, and without two of the blocks: as if deletes and a table were
 * lost. */
static void undo(struct depot *depot)
{
	struct conformance_entry e;

	for (int64_t n = 10; n < 14; n++) {
		rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
		uint32_t bucket = rocks_bucket_of(WORKLOAD_START + n * 700 * WORKLOAD_SECOND);
		struct rocks_key block =
			rocks_key_block(rocks_day_of_bucket(bucket), 'B', 0, bucket);
		struct rocks_key row;
		BUF_AUTO bytes = { 0 };

		conformance_make(&e, "p1", n * 700, n);
		row = rocks_key_row(
			0, e.profile->time_ns, hash_view((struct view){ (char *)e.entry.id, 16 }));
		assert_int_equal(rocks_get(&depot->rocks, ROCKS_SAMPLES, rocks_key_view(&block),
					 &bytes, NULL),
			0);
		rocks_put(&depot->rocks, batch, ROCKS_ROWS, rocks_key_view(&row), buf_view(&bytes));
		if (n >= 12)
			rocks_delete(&depot->rocks, batch, ROCKS_SAMPLES, rocks_key_view(&block));
		assert_int_equal(rocks_write(&depot->rocks, batch, true, NULL), 0);
		profile_free(e.profile);
	}
}

static void nothing_is_there_twice(void **state)
{
	static struct checkup checkup;
	char folder[64];
	struct mend mended;
	struct depot *depot;
	struct err err = { 0 };

	damaged_make(folder);
	depot = depot_of(folder);
	undo(depot);
	store_close(&depot->store);
	if (checkup_open(&checkup, folder, &err) < 0 || mend_run(&mended, &checkup, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(mended.n_doubled, 2);
	assert_true(mended.n_stale >= 1);
	assert_int_equal(mended.n_profiles, DAMAGED_PROFILES);
	assert_int_equal(damaged_count(folder), DAMAGED_PROFILES);
	folder_remove(mended.aside.at);
	mend_fini(&mended);
	checkup_close(&checkup);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(nothing_is_there_twice) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
