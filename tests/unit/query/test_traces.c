/* test_traces: each trace has what its samples add up to, the heaviest first. */
#include "testing.h"

#include <stdlib.h>

#include "query/traces.h"
#include "store/store_mem.h"
#include "store/workload.h"

#define ENTRIES 120
#define TRACES 20 /* of the workload */

static struct workload_entry entries[ENTRIES];
static struct store *store;

static int start(void **state)
{
	uint32_t seed = 5;

	assert_int_equal(store_mem_open(&store, NULL), 0);
	for (size_t i = 0; i < ENTRIES; i++) {
		workload_make(&entries[i], &seed, 3600);
		assert_int_equal(workload_append(store, &entries[i].entry, 1, NULL), 0);
	}
	return 0;
}

static int stop(void **state)
{
	store_close(store);
	for (size_t i = 0; i < ENTRIES; i++)
		workload_free(&entries[i]);
	return 0;
}

static const char *trace_of(const struct profile *profile, uint32_t label_set)
{
	const struct label_set *set = &profile->label_sets[label_set];

	for (uint32_t i = 0; i < set->count; i++) {
		const struct label *label = &profile->labels[set->first + i];

		if (view_equal(profile_text(profile, label->key), VIEW("trace_id")))
			return profile_text(profile, label->str).at;
	}
	return NULL;
}

static void expect(int64_t sums[TRACES + 1])
{
	for (size_t i = 0; i < ENTRIES; i++) {
		const struct profile *profile = entries[i].profile;

		for (size_t k = 0; entries[i].entry.tenant.len == 0 && k < profile->n_samples;
			k++) {
			const char *trace = trace_of(profile, profile->samples[k].labels);
			unsigned long number = trace ? strtoul(trace, NULL, 16) : 0;

			if (number >= 1 && number <= TRACES)
				sums[number] += profile->values[k * profile->n_types];
		}
	}
}

static void traces_add_up(void **state)
{
	struct store_select select = { .type = workload_type(0), .to_ns = INT64_MAX };
	int64_t sums[TRACES + 1] = { 0 };
	struct traces traces, spans;
	int64_t total = 0;

	expect(sums);
	assert_int_equal(traces_find(store, &select, true, &traces, NULL), 0);
	assert_int_equal(traces.n, TRACES);
	for (size_t i = 0; i < traces.n; i++) {
		assert_true(traces.rows[i].total == sums[traces.rows[i].span.trace_id[15]]);
		assert_true(i == 0 || traces.rows[i].total <= traces.rows[i - 1].total);
		assert_true(traces.rows[i].begin_ns < traces.rows[i].end_ns);
		total += traces.rows[i].total;
	}
	assert_int_equal(traces_find(store, &select, false, &spans, NULL), 0);
	assert_true(spans.n > traces.n);
	for (size_t i = 0; i < spans.n; i++)
		total -= spans.rows[i].total;
	assert_true(total == 0);
	traces_fini(&traces);
	traces_fini(&spans);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(traces_add_up),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
