/* test_series_info: a series is read as it was written. */
#include "testing.h"

#include "store/series_info.h"
#include "store/workload.h"

static void it_comes_back_as_it_was(void **state)
{
	struct workload_entry made;
	struct series_info info;
	BUF_AUTO bytes = { 0 };
	uint32_t seed = 1;

	workload_make(&made, &seed, 10);
	series_info_encode(&made.entry, &bytes);
	assert_int_equal(series_info_decode(buf_view(&bytes), &info, NULL), 0);
	assert_true(view_equal(info.tenant, made.entry.tenant));
	assert_true(view_equal(info.service, view_of(made.service)));
	assert_int_equal(info.series.labels.n, made.entry.labels.n);
	assert_int_equal(info.series.n_types, 2);
	assert_view_equal(info.series.types[1].type, "cpu");
	assert_view_equal(info.series.types[1].period_unit, "nanoseconds");
	assert_view_equal(info.series.types[0].name, "process_cpu");
	series_info_fini(&info);
	workload_free(&made);
}

static void damage_is_refused(void **state)
{
	struct workload_entry made;
	struct series_info info;
	BUF_AUTO bytes = { 0 };
	uint32_t seed = 1;

	workload_make(&made, &seed, 10);
	series_info_encode(&made.entry, &bytes);
	for (size_t len = 0; len < bytes.len; len++) {
		struct view cut = { bytes.at, len };

		assert_int_equal(series_info_decode(cut, &info, NULL), ERR_CORRUPT);
		series_info_fini(&info);
	}
	workload_free(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_comes_back_as_it_was),
		cmocka_unit_test(damage_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
