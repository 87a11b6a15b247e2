/* test_catalog_drop: of series that came and went nothing is left, in memory and on disk. */
#include "testing.h"

#include <stdlib.h>

#include "store/catalog.h"
#include "store/conformance.h"
#include "store/opened.h"
#include "store/store_impl.h"

#define DAYS 30
#define KEPT 3
#define NEW_A_DAY 400

struct opened {
	struct catalog catalog;
	struct rocks rocks;
	char folder[64];
};

static uint32_t find(struct catalog *catalog, const char *pod)
{
	struct conformance_entry e;
	BUF_AUTO bytes = { 0 };
	uint32_t id;

	conformance_make(&e, pod, 1, 0);
	series_info_encode(&e.entry, &bytes);
	profile_free(e.profile);
	assert_int_equal(catalog_find(catalog, buf_view(&bytes), &id, NULL), 0);
	return id;
}

static uint32_t pod_of(struct catalog *catalog, unsigned day, unsigned i)
{
	char pod[32];

	snprintf(pod, sizeof(pod), "pod-%u-%u", day, i);
	return find(catalog, pod);
}

static void save(struct opened *o)
{
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();

	catalog_save(&o->catalog, &o->rocks, batch);
	assert_int_equal(rocks_write(&o->rocks, batch, true, NULL), 0);
	catalog_saved(&o->catalog, true);
}

static void drop(struct opened *o, uint32_t day)
{
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();

	catalog_drop_put(&o->catalog, &o->rocks, day, NULL, batch);
	assert_int_equal(rocks_write(&o->rocks, batch, true, NULL), 0);
	catalog_drop(&o->catalog, day, NULL);
}

static size_t keys(struct rocks *rocks)
{
	struct rocks_range range = { .family = ROCKS_INDEX };
	struct rocks_walk walk;
	size_t n = 0;

	rocks_walk_init(&walk, rocks, &range);
	while (rocks_walk_next(&walk))
		n++;
	rocks_walk_fini(&walk);
	return n;
}

static size_t selected(struct catalog *catalog, const char *pattern)
{
	struct matcher matcher = {
		.name = VIEW("pod"), .value = view_of(pattern), .op = MATCHER_LIKE
	};
	struct store_select select = {
		.matchers = &matcher, .n_matchers = 1, .to_ns = STORE_TIME_MAX
	};
	uint32_t *ids;
	size_t n;

	assert_int_equal(matcher_init(&matcher, NULL), 0);
	assert_int_equal(catalog_select(catalog, &select, &ids, &n, NULL), 0);
	free(ids);
	matcher_fini(&matcher);
	return n;
}

/* Pods live for a day; one stays. Some never have a day: their profiles were refused. */
static void churn(struct opened *o, size_t *ret_bytes_max)
{
	uint32_t stays = find(&o->catalog, "stays"), last = 0;
	size_t bytes, series, values;

	for (unsigned day = 1; day <= DAYS; day++) {
		catalog_touch(&o->catalog, day, stays);
		for (unsigned i = 0; i < NEW_A_DAY; i++) {
			uint32_t id = pod_of(&o->catalog, day, i);

			assert_true(id > last); /* no number comes twice */
			last = id;
			if (i > 0)
				catalog_touch(&o->catalog, day, id);
		}
		save(o);
		if (day > KEPT)
			drop(o, day - KEPT);
		bytes = catalog_bytes(&o->catalog, &series, &values);
		assert_true(series <= KEPT * NEW_A_DAY + 1);
		assert_true(values <= (KEPT + 1) * NEW_A_DAY * 9 / 8 + 8);
		if (day == KEPT + 4)
			*ret_bytes_max = bytes * 9 / 8;
		else if (day > KEPT + 4)
			assert_true(bytes <= *ret_bytes_max);
		assert_int_equal(find(&o->catalog, "stays"), stays);
	}
}

static void what_no_day_has_is_forgotten(void **state)
{
	struct opened o;
	size_t bytes_max = 0, series, values;

	opened_begin(&o.rocks, o.folder);
	catalog_init(&o.catalog, (KEPT + 2) * NEW_A_DAY); /* which those of all days are past */
	churn(&o, &bytes_max);
	for (int round = 0; round < 2; round++) { /* as it is, and as it is read again */
		assert_int_equal(selected(&o.catalog, "pod-.*"), KEPT * (NEW_A_DAY - 1));
		assert_int_equal(selected(&o.catalog, "pod-30-.*"), NEW_A_DAY - 1);
		assert_int_equal(selected(&o.catalog, "pod-27-.*"), 0);
		assert_int_equal(selected(&o.catalog, "stays"), 1);
		assert_int_equal(keys(&o.rocks), KEPT + KEPT * (NEW_A_DAY - 1) + 1);
		catalog_fini(&o.catalog);
		catalog_init(&o.catalog, CATALOG_SERIES_MAX);
		assert_int_equal(catalog_load(&o.catalog, &o.rocks, NULL), 0);
	}
	for (uint32_t day = DAYS - KEPT + 1; day <= DAYS; day++)
		drop(&o, day);
	catalog_bytes(&o.catalog, &series, &values);
	assert_int_equal(series, 0);
	assert_int_equal(values, 0);
	assert_int_equal(keys(&o.rocks), 0);
	catalog_fini(&o.catalog);
	opened_end(&o.rocks, o.folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_no_day_has_is_forgotten) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
