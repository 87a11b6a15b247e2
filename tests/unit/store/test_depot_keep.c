/* test_depot_keep: days go by age, each tenant's by its own, and by bytes; what was too old stays
 * out. */
#include "testing.h"

#include "store/depot_of.h"

#define DAY0 ((int64_t)20000)

static struct depot *open_with(const char *folder, uint32_t days, uint64_t bytes)
{
	struct store_rocksdb_tenant tenants[] = { { VIEW("brief"), 2 }, { VIEW("for ever"), 0 } };
	struct store_rocksdb_options options = { .path = folder,
		.by_hand = true,
		.bytes_free = 1,
		.days_max = days,
		.bytes_max = bytes,
		.tenants = tenants,
		.n_tenants = days ? 2 : 0 };
	struct store *store;

	assert_int_equal(store_rocksdb_open(&options, &store, NULL), 0);
	return (struct depot *)store;
}

static int put(struct depot *depot, const char *tenant, int64_t day, int64_t n)
{
	struct conformance_entry e;
	int rc;

	conformance_make(&e, "p1", n, n);
	e.entry.tenant = view_of(tenant);
	e.profile->time_ns = day * STORE_DAY_NS + n * WORKLOAD_SECOND;
	rc = workload_append(&depot->store, &e.entry, 1, NULL);
	profile_free(e.profile);
	return rc;
}

static int count(void *owner, const struct store_part *part)
{
	*(uint32_t *)owner += part->n_profiles;
	return 0;
}

static uint32_t kept(struct depot *depot, const char *tenant, int64_t from_day, int64_t to_day)
{
	struct store_select select = {
		.tenant = view_of(tenant),
		.type = { VIEW("cpu"), VIEW("samples"), VIEW("count"), VIEW(""), VIEW("") },
		.from_ns = from_day * STORE_DAY_NS,
		.to_ns = to_day * STORE_DAY_NS,
	};
	uint32_t n = 0;
	struct store_scan scan = {
		.select = &select, .detail = STORE_STACKS, .part = count, .owner = &n
	};

	assert_int_equal(store_scan(&depot->store, &scan, NULL), 0);
	return n;
}

static void each_tenant_has_its_days(void **state)
{
	static const char *const tenants[] = { "", "brief", "for ever" };
	char folder[64];
	struct depot *depot;

	folder_make(folder);
	depot = open_with(folder, 5, 0);
	for (int64_t day = DAY0; day < DAY0 + 10; day++)
		for (size_t i = 0; i < 3; i++)
			assert_int_equal(put(depot, tenants[i], day, 7), 0);
	for (int round = 0; round < 2; round++) { /* as it is, and as it is opened again */
		assert_int_equal(depot_tend(depot, (DAY0 + 9) * STORE_DAY_NS + 5, NULL), 0);
		assert_int_equal(kept(depot, "", 0, 100000), 6);
		assert_int_equal(kept(depot, "", DAY0 + 4, DAY0 + 10), 6);
		assert_int_equal(kept(depot, "brief", 0, 100000), 3);
		assert_int_equal(kept(depot, "brief", DAY0 + 7, DAY0 + 10), 3);
		assert_int_equal(kept(depot, "for ever", 0, 100000), 10);
		store_close(&depot->store);
		depot = open_with(folder, 5, 0);
	}
	assert_int_equal(depot_tend(depot, (DAY0 + 9) * STORE_DAY_NS + 5, NULL), 0);
	assert_int_equal(put(depot, "", DAY0 + 3, 8), ERR_USAGE);
	assert_int_equal(put(depot, "brief", DAY0 + 6, 8), ERR_USAGE);
	assert_int_equal(put(depot, "for ever", DAY0, 8), 0);
	assert_int_equal(put(depot, "brief", DAY0 + 7, 8), 0);
	store_close(&depot->store);
	folder_remove(folder);
}

/* Many days in one file: what a day had is given back before the next one is judged. */
static void bytes_take_the_oldest_days_and_no_more(void **state)
{
	char folder[64];
	struct depot *depot;
	uint64_t full;
	uint32_t left;

	folder_make(folder);
	depot = open_with(folder, 0, 0);
	for (int64_t day = DAY0; day < DAY0 + 10; day++)
		for (int64_t n = 0; n < 100; n++)
			assert_int_equal(put(depot, "", day, n), 0);
	store_close(&depot->store);
	depot = open_with(folder, 0, 0);
	full = rocks_bytes(&depot->rocks);
	store_close(&depot->store);
	depot = open_with(folder, 0, full / 2);
	assert_int_equal(depot_keep(depot, (DAY0 + 12) * STORE_DAY_NS, NULL), 0);
	assert_true(rocks_bytes(&depot->rocks) <= full / 2);
	left = kept(depot, "", 0, 100000);
	assert_true(left >= 200 && left < 1000);
	assert_int_equal(kept(depot, "", DAY0 + 9, DAY0 + 10), 100);
	assert_int_equal(kept(depot, "", DAY0, DAY0 + 1), 0);
	store_close(&depot->store);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_tenant_has_its_days),
		cmocka_unit_test(bytes_take_the_oldest_days_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
