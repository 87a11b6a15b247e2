/* test_depot_fold: rows become blocks and blocks roll-ups, and nothing is left to do. */
#include "testing.h"

#include "store/depot_of.h"

static void nothing_is_left_to_do(void **state)
{
	char folder[64];
	struct depot *depot;
	struct rocks_range range = { .family = ROCKS_SAMPLES };
	struct rocks_walk walk;
	int n = 0;

	folder_make(folder);
	depot = depot_of(folder);
	for (int i = 0; i < 100; i++)
		assert_int_equal(conformance_put(&depot->store, "p1", i * 60, 0), 0);
	assert_int_equal(depot_fold(depot, WORKLOAD_START, NULL), 0); /* too early */
	assert_int_equal(depot->heads.n_rows, 100);
	assert_int_equal(depot_fold(depot, DEPOT_LATER, NULL), 0);
	assert_int_equal(depot->heads.n_rows, 0);
	assert_int_equal(depot->unrolled.count, 0);
	rocks_walk_init(&walk, &depot->rocks, &range);
	while (rocks_walk_next(&walk))
		n++;
	rocks_walk_fini(&walk);
	assert_int_equal(n, 21 + 2 + 1); /* and what the series is */
	store_close(&depot->store);
	folder_remove(folder);
}

static void count(void *owner, enum store_rocksdb_news news, const char *sentence)
{
	assert_int_equal(news, STORE_ROCKSDB_TROUBLE);
	assert_non_null(strstr(sentence, "series 0"));
	++*(int *)owner;
}

/* A block that makes no sense: it is said once, what is there stays, and everything else goes on.
 */
static void a_damaged_bucket_stops_no_other(void **state)
{
	uint32_t bucket = rocks_bucket_of(WORKLOAD_START + 600 * WORKLOAD_SECOND);
	struct rocks_key bad = rocks_key_block(rocks_day_of_bucket(bucket), 'B', 0, bucket);
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();
	struct store_figures figures;
	char folder[64];
	struct depot *depot;
	int n_told = 0;

	folder_make(folder);
	depot = depot_of(folder);
	depot->options.tell = count;
	depot->options.owner = &n_told;
	for (int i = 0; i < 10; i++)
		assert_int_equal(conformance_put(&depot->store, "p1", i * 300, 0), 0);
	rocks_put(&depot->rocks, batch, ROCKS_SAMPLES, rocks_key_view(&bad), VIEW("nonsense"));
	assert_int_equal(rocks_write(&depot->rocks, batch, true, NULL), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(depot_tend(depot, DEPOT_LATER, NULL), 0);
	store_figures(&depot->store, &figures);
	assert_int_equal(figures.damaged, 2); /* the five minutes and their hour */
	assert_int_equal(n_told, 2);
	assert_int_equal(depot->heads.n_rows, 1);
	assert_int_equal(conformance_put(&depot->store, "p1", 5000, 0), 0);
	assert_int_equal(depot_drop(depot, store_day(WORKLOAD_START), NULL), 0);
	store_figures(&depot->store, &figures);
	assert_int_equal(figures.damaged, 0); /* gone with its day */
	store_close(&depot->store);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(nothing_is_left_to_do),
		cmocka_unit_test(a_damaged_bucket_stops_no_other) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
