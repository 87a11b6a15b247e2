/* test_depot_drop: pods come and go; with a day goes all that only it had, beside whoever reads and
 * writes meanwhile. */
#include "testing.h"

#include <stdatomic.h>

#include "store/depot_of.h"

#define DAY0 ((int64_t)20002) /* the fourth day of a week */

static int put(struct depot *depot, const char *tenant, const char *pod, int64_t day, int64_t n)
{
	struct conformance_entry e;
	int rc;

	conformance_make(&e, pod, 1, n);
	e.entry.tenant = view_of(tenant);
	e.profile->time_ns = day * STORE_DAY_NS + n * WORKLOAD_SECOND;
	rc = workload_append(&depot->store, &e.entry, 1, NULL);
	profile_free(e.profile);
	return rc;
}

static int put_service(struct depot *depot, const char *service, int64_t day)
{
	struct conformance_entry e;
	int rc;

	conformance_make(&e, "p", 1, 1);
	for (size_t i = 0; i < e.entry.labels.n; i++)
		if (view_equal(e.labels[i].name, VIEW("service_name")))
			e.labels[i].value = view_of(service);
	e.profile->time_ns = day * STORE_DAY_NS;
	rc = workload_append(&depot->store, &e.entry, 1, NULL);
	profile_free(e.profile);
	return rc;
}

static size_t keys(struct depot *depot, enum rocks_family family)
{
	struct rocks_range range = { .family = family };
	struct rocks_walk walk;
	size_t n = 0;

	rocks_walk_init(&walk, &depot->rocks, &range);
	while (rocks_walk_next(&walk))
		n++;
	rocks_walk_fini(&walk);
	return n;
}

static void dictionaries_go_with_their_week(void **state)
{
	char folder[64];
	struct depot *depot;

	folder_make(folder);
	depot = depot_of(folder);
	for (int64_t day = DAY0; day < DAY0 + 21; day++) {
		char service[32];

		snprintf(service, sizeof(service), "job-%d", (int)day);
		assert_int_equal(put_service(depot, service, day), 0);
		assert_int_equal(put_service(depot, "stays", day), 0);
	}
	for (int64_t day = DAY0; day < DAY0 + 18; day++)
		assert_int_equal(depot_drop(depot, (uint32_t)day, NULL), 0);
	assert_int_equal(depot->lexica.n, 4);
	assert_int_equal(depot->lexica.keys.count, 5); /* with "" */
	assert_int_equal(keys(depot, ROCKS_DICTIONARY), 4);
	assert_int_equal(put_service(depot, "stays", DAY0 + 20), 0);
	store_close(&depot->store);
	folder_remove(folder);
}

/* Tenants without days of their own, in a store that keeps another's for ever. */
static void a_tenants_dictionaries_go_before_its_week_is_gone(void **state)
{
	struct store_rocksdb_tenant tenants[] = { { VIEW("for ever"), 0 } };
	char folder[64];
	struct store_rocksdb_options options = { .path = folder,
		.by_hand = true,
		.bytes_free = 1,
		.days_max = 2,
		.tenants = tenants,
		.n_tenants = 1 };
	struct store *store;
	struct depot *depot;

	folder_make(folder);
	assert_int_equal(store_rocksdb_open(&options, &store, NULL), 0);
	depot = (struct depot *)store;
	for (int64_t day = DAY0; day < DAY0 + 14; day++) {
		assert_int_equal(put(depot, "for ever", "p", day, 0), 0);
		assert_int_equal(put(depot, "some", "p", day, 0), 0);
		assert_int_equal(put(depot, "", "p", day, 0), 0);
		assert_int_equal(store_rocksdb_tend(store, day * STORE_DAY_NS, NULL), 0);
	}
	assert_int_equal(keys(depot, ROCKS_DICTIONARY), 3 + 2); /* of three weeks, and of this */
	store_close(store);
	folder_remove(folder);
}

/* ---- beside others ---- */

struct others {
	struct depot *depot;
	atomic_bool is_over;
	atomic_int n_scans, n_put;
};

static int look(void *owner, const struct store_part *part)
{
	size_t n;

	assert_true(part->series->labels.n > 0 && part->series->name.len > 0);
	for (size_t i = 0; i < part->n; i++)
		assert_true(part->stacks[i] < (dictionary_nodes(part->dictionary, &n), n));
	return 0;
}

static void *ask_always(void *others_)
{
	struct others *others = others_;
	struct store_select select = {
		.type = { VIEW("cpu"), VIEW("samples"), VIEW("count"), VIEW(""), VIEW("") },
		.to_ns = (DAY0 + 20) * STORE_DAY_NS,
	};
	struct store_scan scan = { .select = &select, .detail = STORE_STACKS, .part = look };

	while (!atomic_load(&others->is_over)) {
		assert_int_equal(store_scan(&others->depot->store, &scan, NULL), 0);
		others->n_scans++;
	}
	return NULL;
}

static void *put_always(void *others_)
{
	struct others *others = others_;
	char pod[32];

	while (!atomic_load(&others->is_over)) {
		int n = others->n_put++;

		snprintf(pod, sizeof(pod), "pod-%d", n);
		put(others->depot, "", pod, DAY0 + 40, n % 80000);
	}
	return NULL;
}

static void days_go_from_a_store_that_is_never_idle(void **state)
{
	char folder[64];
	pthread_t threads[8];
	struct others others = { 0 };
	struct store_figures figures;

	folder_make(folder);
	others.depot = depot_of(folder);
	for (int64_t day = DAY0; day < DAY0 + 20; day++)
		for (int n = 0; n < 50; n++)
			assert_int_equal(put(others.depot, "", "old", day, n), 0);
	for (size_t i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, i % 2 ? ask_always : put_always, &others);
	while (others.n_scans < 8 || others.n_put < 100)
		usleep(1000);
	for (int64_t day = DAY0; day < DAY0 + 20; day++)
		assert_int_equal(store_rocksdb_drop(&others.depot->store, (uint32_t)day, NULL), 0);
	atomic_store(&others.is_over, true);
	for (size_t i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	store_figures(&others.depot->store, &figures);
	assert_int_equal(store_day(figures.oldest_ns), DAY0 + 40);
	assert_true(figures.series <= (size_t)others.n_put);
	store_close(&others.depot->store);
	folder_remove(folder);
}

/* A question that takes long holds appends up for a moment only, and the day goes after it. */
static int wait_long(void *owner, const struct store_part *part)
{
	struct others *others = owner;

	others->n_scans++;
	while (!atomic_load(&others->is_over))
		usleep(1000);
	return 1;
}

static void *ask_long(void *others_)
{
	struct others *others = others_;
	struct store_select select = {
		.type = { VIEW("cpu"), VIEW("samples"), VIEW("count"), VIEW(""), VIEW("") },
		.to_ns = STORE_TIME_MAX,
	};
	struct store_scan scan = {
		.select = &select, .detail = STORE_TOTALS, .part = wait_long, .owner = others
	};

	assert_int_equal(store_scan(&others->depot->store, &scan, NULL), 1);
	return NULL;
}

static void a_long_question_is_waited_for_in_turns(void **state)
{
	char folder[64];
	pthread_t thread;
	struct others others = { 0 };

	folder_make(folder);
	others.depot = depot_of(folder);
	assert_int_equal(put_service(others.depot, "s", DAY0), 0);
	pthread_create(&thread, NULL, ask_long, &others);
	while (others.n_scans == 0)
		usleep(1000);
	assert_int_equal(depot_drop(others.depot, DAY0, NULL), DEPOT_IN_USE);
	assert_int_equal(put_service(others.depot, "s", DAY0 + 1), 0);
	assert_int_equal(put_service(others.depot, "s", DAY0), ERR_USAGE);
	atomic_store(&others.is_over, true);
	pthread_join(thread, NULL);
	assert_int_equal(store_rocksdb_drop(&others.depot->store, DAY0, NULL), 0);
	assert_int_equal(catalog_days(&others.depot->catalog, NULL, 0), 1);
	store_close(&others.depot->store);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dictionaries_go_with_their_week),
		cmocka_unit_test(a_tenants_dictionaries_go_before_its_week_is_gone),
		cmocka_unit_test(days_go_from_a_store_that_is_never_idle),
		cmocka_unit_test(a_long_question_is_waited_for_in_turns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
