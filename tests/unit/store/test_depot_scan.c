/* test_depot_scan: late rows take their place among the profiles of a block. */
#include "testing.h"

#include "store/depot_of.h"

static int check_order(void *owner, const struct store_part *part)
{
	int64_t *last = owner;

	assert_true(part->begin_ns > *last);
	*last = part->begin_ns;
	return 0;
}

static void late_rows_take_their_place(void **state)
{
	char folder[64];
	struct depot *depot;
	struct store_select select = { .type = { VIEW("cpu"), VIEW("samples"), VIEW("count"),
					       VIEW(""), VIEW("") },
		.from_ns = WORKLOAD_START,
		.to_ns = DEPOT_LATER };
	int64_t last = 0;
	struct store_scan scan = { .select = &select,
		.apart = true,
		.detail = STORE_STACKS,
		.part = check_order,
		.owner = &last };

	folder_make(folder);
	depot = depot_of(folder);
	for (int i = 0; i < 20; i += 2)
		assert_int_equal(conformance_put(&depot->store, "p1", i, 0), 0);
	assert_int_equal(depot_tend(depot, DEPOT_LATER, NULL), 0);
	for (int i = 1; i < 20; i += 2)
		assert_int_equal(conformance_put(&depot->store, "p1", i, 0), 0);
	assert_int_equal(store_scan(&depot->store, &scan, NULL), 0);
	assert_int_equal(last, WORKLOAD_START + 19 * WORKLOAD_SECOND);
	store_close(&depot->store);
	folder_remove(folder);
}

static int count_profiles(void *owner, const struct store_part *part)
{
	*(unsigned *)owner += part->n_profiles;
	return 0;
}

static int put_of(struct depot *depot, unsigned service, unsigned pod)
{
	char name[16], pod_name[16];
	struct conformance_entry e;
	int rc;

	snprintf(name, sizeof(name), "service-%u", service);
	snprintf(pod_name, sizeof(pod_name), "pod-%u", pod);
	conformance_make(&e, pod_name, 1, 0);
	e.labels[1].value = view_of(name);
	rc = workload_append(&depot->store, &e.entry, 1, NULL);
	profile_free(e.profile);
	return rc;
}

/* Pods of all services came one after another, and memory has room for no dictionary. */
static void a_dictionary_is_read_once_for_all_of_its_series(void **state)
{
	char folder[64];
	struct depot *depot;
	unsigned n = 0;
	struct store_select select = { .type = { VIEW("cpu"), VIEW("samples"), VIEW("count"),
					       VIEW(""), VIEW("") },
		.from_ns = WORKLOAD_START,
		.to_ns = DEPOT_LATER };
	struct store_scan scan = {
		.select = &select, .detail = STORE_STACKS, .part = count_profiles, .owner = &n
	};

	folder_make(folder);
	depot = depot_of(folder);
	for (unsigned pod = 0; pod < 20; pod++)
		for (unsigned service = 0; service < 5; service++)
			assert_int_equal(put_of(depot, service, pod), 0);
	depot->lexica.bytes_max = 1;
	lexica_trim(&depot->lexica);
	depot->lexica.n_loads = 0;
	assert_int_equal(store_scan(&depot->store, &scan, NULL), 0);
	assert_int_equal(n, 100);
	assert_in_range(depot->lexica.n_loads, 4, 5); /* the last append may hold its own still */
	store_close(&depot->store);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(late_rows_take_their_place),
		cmocka_unit_test(a_dictionary_is_read_once_for_all_of_its_series),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
