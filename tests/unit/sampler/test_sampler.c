/* test_sampler: from a child's life to a profile, with BPF and without. */
#include "testing.h"

#include "base/clock.h"
#include "bpf/unwind_abi.h"
#include "live.h"
#include "model/profile.h"

static void burn(void)
{
	live_burn(0.5);
}

static void sample_a_child(enum sampler_backend backend)
{
	int go;
	pid_t pid = live_child(burn, &go);
	struct sampler *sampler = live_sampler(backend, pid, 997);
	struct sampler_window window;
	const struct accounting *a;
	struct sampler_stats stats;

	if (!sampler)
		skip();
	live_run(sampler, go);
	assert_int_equal(sampler_take(sampler, &window, NULL), 0);
	sampler_get_stats(sampler, &stats);
	assert_int_equal(stats.backend, backend);
	a = &window.profile->accounting;
	assert_true(a->known);
	assert_true(accounting_balances(a));
	assert_int_equal(profile_total(window.profile, 0), a->complete + accounting_truncated(a));
	assert_true(a->attempted >= 50); /* of about 500 */
	assert_true(a->complete >= (a->attempted - a->lost[LOST_THROTTLED]) * 9 / 10);
	assert_int_equal(window.n_sources, window.profile->n_mappings);
	assert_true(window.profile->duration_ns > 0);
	sampler_window_fini(&window);
	sampler_free(sampler);
}

static void bpf_samples_a_child_from_its_first_to_its_last(void **state)
{
	sample_a_child(SAMPLER_BPF);
}

static void perf_samples_a_child_from_its_first_to_its_last(void **state)
{
	sample_a_child(SAMPLER_PERF);
}

static void a_window_begins_where_the_last_one_ended(void **state)
{
	int go;
	pid_t pid = live_child(burn, &go);
	struct sampler *sampler = live_sampler(SAMPLER_AUTO, pid, 997);
	struct sampler_window first, second;

	if (!sampler)
		skip();
	live_run(sampler, go);
	assert_int_equal(sampler_take(sampler, &first, NULL), 0);
	assert_int_equal(sampler_take(sampler, &second, NULL), 0);
	assert_true(first.profile->n_samples > 0);
	assert_int_equal(second.profile->n_samples, 0);
	assert_true(accounting_balances(&second.profile->accounting));
	sampler_window_fini(&first);
	sampler_window_fini(&second);
	sampler_free(sampler);
}

static void tables_stay_within_their_budget(void **state)
{
	const size_t shard = UNWIND_SHARD_ROWS * sizeof(struct unwind_row);
	struct sampler_options options = { .whole_host = true, .table_bytes_max = shard };
	uint64_t end_ns = clock_monotonic_ns() + 1000000000u;
	struct sampler *sampler;
	struct sampler_window window;
	struct sampler_stats stats;

	if (sampler_new(&options, &sampler, NULL) < 0) {
		print_message("skipped: the host may not be sampled\n");
		skip();
	}
	assert_int_equal(sampler_start(sampler, NULL), 0);
	while (clock_monotonic_ns() < end_ns)
		assert_int_equal(sampler_poll(sampler, 50, -1, NULL), 0);
	assert_int_equal(sampler_take(sampler, &window, NULL), 0);
	assert_true(accounting_balances(&window.profile->accounting));
	sampler_get_stats(sampler, &stats);
	assert_true(stats.rows <= UNWIND_SHARD_ROWS);
	sampler_window_fini(&window);
	sampler_free(sampler);
}

static void a_busy_host_has_ticks_on_every_cpu(void **state)
{
	struct sampler *sampler = live_sampler(SAMPLER_BPF, 0, 99);
	uint64_t end_ns = clock_monotonic_ns() + 500000000u;
	struct sampler_window window;
	struct sampler_stats stats;
	const struct accounting *a;

	if (!sampler)
		skip();
	assert_int_equal(sampler_start(sampler, NULL), 0);
	while (clock_monotonic_ns() < end_ns)
		assert_int_equal(sampler_poll(sampler, 50, -1, NULL), 0);
	assert_false(sampler_targets_gone(sampler));
	assert_int_equal(sampler_take(sampler, &window, NULL), 0);
	a = &window.profile->accounting;
	assert_true(accounting_balances(a));
	assert_true(a->all_ticks >= 20 * a->cpus);
	assert_true(a->idle_ticks <= a->all_ticks);
	/* On the whole host a tick is idle or somebody's. */
	assert_true(a->attempted + a->idle_ticks >= a->all_ticks - a->all_ticks / 10);
	sampler_get_stats(sampler, &stats);
	assert_true(stats.kernel_bytes > stats.table_bytes);
	assert_true(stats.verified_insns > 0);
	sampler_window_fini(&window);
	sampler_free(sampler);
}

static void what_cannot_be_sampled_is_said(void **state)
{
	pid_t nobody = 0x3ffffffe;
	struct sampler_options fast = { .whole_host = true, .hz = SAMPLER_HZ_MAX + 1 };
	struct sampler_options gone = { .pids = &nobody, .n_pids = 1 };
	struct sampler_options nothing = { 0 };
	struct sampler *sampler;
	struct err err = { 0 };

	assert_int_equal(sampler_new(&fast, &sampler, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "10001"));
	assert_int_equal(sampler_new(&gone, &sampler, &err), ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "1073741822"));
	assert_int_equal(sampler_new(&nothing, &sampler, &err), ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bpf_samples_a_child_from_its_first_to_its_last),
		cmocka_unit_test(perf_samples_a_child_from_its_first_to_its_last),
		cmocka_unit_test(a_window_begins_where_the_last_one_ended),
		cmocka_unit_test(tables_stay_within_their_budget),
		cmocka_unit_test(a_busy_host_has_ticks_on_every_cpu),
		cmocka_unit_test(what_cannot_be_sampled_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
