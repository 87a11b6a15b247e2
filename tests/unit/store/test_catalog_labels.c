/* test_catalog_labels: every condition chooses the series for which it holds. */
#include "testing.h"

#include <stdlib.h>

#include "store/catalog.h"
#include "store/conformance.h"
#include "store/store_impl.h"

static void conditions_choose_as_they_would_one_by_one(void **state)
{
	static const char *const values[] = { "p1", "", "p.*", "p[13]?", "none", ".*" };
	struct catalog catalog;
	uint32_t *ids;
	size_t n;

	catalog_init(&catalog, 1000);
	for (uint32_t i = 0; i < 12; i++) {
		struct conformance_entry e;
		BUF_AUTO bytes = { 0 };
		char pod[8] = { 'p', (char)('0' + i), 0 };
		uint32_t id;

		conformance_make(&e, pod, 1, 0);
		if (i % 4 == 0) /* without the label */
			e.entry.labels = (struct store_labels){ e.labels + 1, i == 0 };
		series_info_encode(&e.entry, &bytes);
		assert_int_equal(catalog_find(&catalog, buf_view(&bytes), &id, NULL), 0);
		catalog_touch(&catalog, 1, id);
		profile_free(e.profile);
	}
	for (uint32_t i = 0; i < 24; i++) {
		struct matcher matcher = { .name = VIEW("pod"),
			.value = view_of(values[i / 4]),
			.op = (enum matcher_op)(i % 4) };
		struct store_select select = {
			.matchers = &matcher, .n_matchers = 1, .to_ns = 3 * STORE_DAY_NS
		};
		size_t wanted = 0;

		assert_int_equal(matcher_init(&matcher, NULL), 0);
		for (uint32_t k = 0; k < catalog.next; k++)
			wanted += store_selects(&select, &catalog_get(&catalog, k)->info.series);
		assert_int_equal(catalog_select(&catalog, &select, &ids, &n, NULL), 0);
		assert_int_equal(n, wanted);
		for (size_t k = 0; k < n; k++)
			assert_true(store_selects(
				&select, &catalog_get(&catalog, ids[k])->info.series));
		free(ids);
		matcher_fini(&matcher);
	}
	catalog_fini(&catalog);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_choose_as_they_would_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
