/* test_preflight: known bad kernels are told from good ones, and every finding says what to do. */
#include "testing.h"

#include "sampler/preflight.h"

static void kernels_that_freeze_are_known(void **state)
{
	static const char *const bad[] = { "5.19.0", "6.0.12", "6.1.35-amd64", "6.2.1", "6.3.9" };
	static const char *const good[] = { "5.18.19", "6.1.36", "6.3.10", "6.4.0", "6.18.44-fc",
		"5.10.0-30-amd64" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_true(preflight_kernel_freezes(bad[i]));
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_false(preflight_kernel_freezes(good[i]));
}

static void a_distributions_kernel_is_known_by_what_it_is_made_of(void **state)
{
	char release[PREFLIGHT_RELEASE_MAX];

	preflight_upstream("6.1.0-30-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.124-1 (2025-01-12)",
		"", release);
	assert_string_equal(release, "6.1.124-1");
	assert_false(preflight_kernel_freezes(release));
	preflight_upstream("6.1.0-9-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.27-1 (2023-05-08)",
		"", release);
	assert_true(preflight_kernel_freezes(release));
	preflight_upstream("6.2.0-39-generic", "#40-Ubuntu SMP",
		"Ubuntu 6.2.0-39.40-generic 6.2.16\n", release);
	assert_string_equal(release, "6.2.16");
	preflight_upstream("6.18.44-fc-v769", "#1 SMP PREEMPT_DYNAMIC @0", "", release);
	assert_string_equal(release, "6.18.44-fc-v769");
}

static void kernels_without_bpf_loop_are_too_old(void **state)
{
	assert_false(preflight_kernel_new_enough("5.16.20"));
	assert_false(preflight_kernel_new_enough("4.19.0-27-amd64"));
	assert_true(preflight_kernel_new_enough("5.17.0"));
	assert_true(preflight_kernel_new_enough("6.18.44-fc-v769"));
}

static void a_finding_that_is_bad_says_what_to_change(void **state)
{
	struct preflight_finding findings[PREFLIGHT_FINDINGS_MAX];
	size_t n = preflight_run(findings);

	assert_in_range(n, 5, PREFLIGHT_FINDINGS_MAX);
	for (size_t i = 0; i < n; i++) {
		assert_non_null(findings[i].name);
		assert_true(findings[i].meaning[0]);
		assert_int_equal(findings[i].ok, findings[i].advice[0] == '\0');
	}
}

static void bpf_is_possible_exactly_when_all_it_needs_is_there(void **state)
{
	struct preflight_finding findings[PREFLIGHT_FINDINGS_MAX];
	size_t n = preflight_run(findings);
	struct err err = { 0 };
	bool all = true;

	for (size_t i = 0; i < n; i++)
		all &= findings[i].ok || !findings[i].for_bpf;
	assert_int_equal(preflight_bpf(&err) == 0, all);
	assert_int_equal(err.text[0] != '\0', !all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernels_that_freeze_are_known),
		cmocka_unit_test(a_distributions_kernel_is_known_by_what_it_is_made_of),
		cmocka_unit_test(kernels_without_bpf_loop_are_too_old),
		cmocka_unit_test(a_finding_that_is_bad_says_what_to_change),
		cmocka_unit_test(bpf_is_possible_exactly_when_all_it_needs_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
