/* test_catalog: series keep their numbers, and go with their last day. */
#include "testing.h"

#include "store/catalog.h"
#include "store/conformance.h"
#include "store/opened.h"

static int find(struct catalog *catalog, const char *pod, uint32_t *ret_id, struct err *err)
{
	struct conformance_entry e;
	BUF_AUTO bytes = { 0 };

	conformance_make(&e, pod, 1, 0);
	series_info_encode(&e.entry, &bytes);
	profile_free(e.profile);
	return catalog_find(catalog, buf_view(&bytes), ret_id, err);
}

static void write_to(struct catalog *catalog, struct rocks *rocks, rocksdb_writebatch_t *batch)
{
	catalog_save(catalog, rocks, batch);
	assert_int_equal(rocks_write(rocks, batch, true, NULL), 0);
	catalog_saved(catalog, true);
}

static void series_go_with_their_last_day(void **state)
{
	struct catalog catalog;
	struct rocks rocks;
	char folder[64];
	uint32_t one, two, again, days[4];
	rocksdb_writebatch_t *batch;
	struct err err;

	opened_begin(&rocks, folder);
	catalog_init(&catalog, 2);
	assert_int_equal(find(&catalog, "p1", &one, NULL), 0);
	assert_int_equal(find(&catalog, "p2", &two, NULL), 0);
	assert_int_equal(find(&catalog, "p3", &again, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "2 series"));
	assert_true(catalog_touch(&catalog, 7, one) && catalog_touch(&catalog, 7, two) &&
		    catalog_touch(&catalog, 5, one));
	write_to(&catalog, &rocks, rocksdb_writebatch_create());
	batch = rocksdb_writebatch_create();
	catalog_drop_put(&catalog, &rocks, 7, NULL, batch);
	assert_int_equal(rocks_write(&rocks, batch, true, NULL), 0);
	assert_non_null(catalog_at(&catalog, two));
	catalog_drop(&catalog, 7, NULL);
	assert_null(catalog_at(&catalog, two));
	assert_non_null(catalog_at(&catalog, one));
	catalog_fini(&catalog);
	catalog_init(&catalog, 9);
	assert_int_equal(catalog_load(&catalog, &rocks, NULL), 0);
	assert_int_equal(catalog_days(&catalog, days, 4), 1);
	assert_int_equal(days[0], 5);
	assert_int_equal(find(&catalog, "p1", &again, NULL), 0);
	assert_int_equal(again, one);
	assert_int_equal(catalog.at.count, 1);
	catalog_fini(&catalog);
	opened_end(&rocks, folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(series_go_with_their_last_day) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
