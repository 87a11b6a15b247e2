/* test_store: what is checked before any implementation sees it. */
#include "testing.h"

#include "store/conformance.h"
#include "store/store_impl.h"
#include "store/store_mem.h"

static struct store *open_mem(void)
{
	struct store *store;

	assert_int_equal(store_mem_open(&store, NULL), 0);
	return store;
}

static void limits_are_named(void **state)
{
	struct store *store = open_mem();
	static char text[STORE_TEXT_MAX + 1];
	struct conformance_entry e;
	struct err err;

	memset(text, 'x', sizeof(text));
	conformance_make(&e, "p", 1, 0);
	e.labels[0].value = (struct view){ text, sizeof(text) };
	assert_int_equal(workload_append(store, &e.entry, 1, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "4097 bytes; the limit is 4096"));
	profile_free(e.profile);
	store_close(store);
}

static void samples_are_of_a_type(void **state)
{
	struct store *store = open_mem();
	struct store_select select = { .to_ns = 1 };
	struct store_scan scan = { .select = &select };

	assert_int_equal(store_scan(store, &scan, NULL), ERR_USAGE);
	store_close(store);
	store_close(NULL);
}

static void sums_stop_at_the_ends(void **state)
{
	assert_int_equal(store_sum(INT64_MAX, 1), INT64_MAX);
	assert_int_equal(store_sum(INT64_MIN, -1), INT64_MIN);
	assert_int_equal(store_day(-5), 0);
	assert_int_equal(store_day(STORE_DAY_NS * 3 + 1), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_are_named),
		cmocka_unit_test(samples_are_of_a_type),
		cmocka_unit_test(sums_stop_at_the_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
