/* test_store_mem_scan: the oracle against sums taken from the profiles themselves. */
#include "testing.h"

#include "store/store_mem.h"
#include "store/workload.h"

#define N 200

static int add_total(void *owner, const struct store_part *part)
{
	int64_t sum = 0;

	for (size_t i = 0; i < part->n; i++)
		sum += part->values[i];
	if (part->dictionary)
		assert_int_equal(sum, part->total);
	*(int64_t *)owner += part->total;
	return 0;
}

static bool is_in(const struct workload_entry *made, const struct store_select *select)
{
	return made->entry.tenant.len == select->tenant.len &&
	       made->profile->time_ns >= select->from_ns && made->profile->time_ns < select->to_ns;
}

static void totals_are_those_of_the_profiles(void **state)
{
	static struct workload_entry made[N];
	struct store *store;
	uint32_t seed = 77;

	assert_int_equal(store_mem_open(&store, NULL), 0);
	for (size_t i = 0; i < N; i++) {
		workload_make(&made[i], &seed, 86400 * 9);
		assert_int_equal(workload_append(store, &made[i].entry, 1, NULL), 0);
	}
	for (int round = 0; round < 60; round++) {
		uint32_t which = random_next(&seed) % 2;
		int64_t from = random_next(&seed) % (86400 * 9), total = 0, wanted = 0;
		struct store_select select = { .type = workload_type(which),
			.tenant = round % 4 ? VIEW("") : VIEW("other"),
			.from_ns = WORKLOAD_START + from * WORKLOAD_SECOND,
			.to_ns = WORKLOAD_START +
				 (from + random_next(&seed) % (86400 * 4)) * WORKLOAD_SECOND };
		struct store_scan scan = { .select = &select,
			.detail = random_next(&seed) % 3,
			.apart = random_next(&seed) % 2,
			.step_ns = random_next(&seed) % 2 * 3600 * WORKLOAD_SECOND,
			.part = add_total,
			.owner = &total };

		for (size_t i = 0; i < N; i++)
			for (size_t s = 0;
				is_in(&made[i], &select) && s < made[i].profile->n_samples; s++)
				wanted += made[i].profile->values[s * 2 + which];
		assert_int_equal(store_scan(store, &scan, NULL), 0);
		assert_int_equal(total, wanted);
	}
	for (size_t i = 0; i < N; i++)
		workload_free(&made[i]);
	store_close(store);
}

static int add_span_total(void *owner, const struct store_part *part)
{
	for (size_t i = 0; i < part->n; i++) {
		assert_int_not_equal(part->span_of[i], 0);
		assert_int_equal(part->spans[part->span_of[i] - 1].trace_id[15], 3);
	}
	return add_total(owner, part);
}

static void a_trace_has_its_samples_alone(void **state)
{
	static const uint8_t trace[1][16] = { { [15] = 3 } };
	struct store *store;
	struct store_select select = { .type = workload_type(0),
		.from_ns = WORKLOAD_START,
		.to_ns = WORKLOAD_START + 86400 * WORKLOAD_SECOND,
		.traces = trace,
		.n_traces = 1 };
	int64_t with = 0, without = 0;
	struct store_scan scan = {
		.select = &select, .detail = STORE_SPANS, .part = add_span_total, .owner = &with
	};
	uint32_t seed = 3;

	assert_int_equal(store_mem_open(&store, NULL), 0);
	for (size_t i = 0; i < N; i++) {
		struct workload_entry made;

		workload_make(&made, &seed, 3600);
		assert_int_equal(workload_append(store, &made.entry, 1, NULL), 0);
		workload_free(&made);
	}
	assert_int_equal(store_scan(store, &scan, NULL), 0);
	scan.detail = STORE_TOTALS;
	scan.part = add_total;
	scan.owner = &without;
	assert_int_equal(store_scan(store, &scan, NULL), 0);
	assert_int_not_equal(with, 0);
	assert_int_equal(with, without);
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(totals_are_those_of_the_profiles),
		cmocka_unit_test(a_trace_has_its_samples_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
