/* test_diagnosis: the verdict follows from the findings, and every advice is told. */
#include "testing.h"

#include "cli/diagnosis.h"

static const struct preflight_finding good = { "btf", true, true, false, "The kernel has BTF.",
	"" };
static const struct preflight_finding no_bpf = { "cap_bpf", false, true, false,
	"You have no CAP_BPF.", "Run \"sudo\"." };
static const struct preflight_finding no_perf = { "paranoid", false, false, true,
	"perf_event_paranoid is 4.", "Set it to 2." };

static struct diagnosis of(const struct preflight_finding *findings, size_t count)
{
	struct diagnosis d;

	diagnosis_make(findings, count, &d);
	return d;
}

static void a_way_of_sampling_works_if_nothing_that_it_needs_is_missing(void **state)
{
	const struct preflight_finding mixed[] = { good, no_bpf }, none[] = { no_bpf, no_perf };
	struct diagnosis d = of(&good, 1);

	assert_true(d.bpf && d.perf);
	assert_non_null(strstr(diagnosis_verdict(&d), "Every process"));
	d = of(mixed, 2);
	assert_false(d.bpf);
	assert_true(d.perf);
	assert_non_null(strstr(diagnosis_verdict(&d), "Your own processes"));
	d = of(none, 2);
	assert_false(d.bpf || d.perf);
	assert_non_null(strstr(diagnosis_verdict(&d), "Nothing can be sampled"));
	d = of(&no_perf, 1);
	assert_true(d.bpf);
}

static void what_is_missing_comes_with_what_to_do(void **state)
{
	const struct preflight_finding mixed[] = { good, no_bpf };
	struct diagnosis d = of(mixed, 2);
	BUF_AUTO out = { 0 };

	diagnosis_text(&d, false, false, &out);
	buf_add_char(&out, '\0');
	assert_non_null(strstr(out.at, "ok The kernel has BTF.\n"));
	assert_non_null(strstr(out.at, "NO You have no CAP_BPF.\n   -> Run \"sudo\".\n"));
	assert_null(strchr(out.at, '\033'));
	buf_clear(&out);
	diagnosis_text(&d, true, true, &out);
	buf_add_char(&out, '\0');
	assert_non_null(strchr(out.at, '\033'));
	assert_non_null(strstr(out.at, "\u2192 Run"));
}

static void programs_get_the_same(void **state)
{
	struct diagnosis d = of(&no_bpf, 1);
	BUF_AUTO out = { 0 };

	diagnosis_json(&d, &out);
	buf_add_char(&out, '\0');
	assert_non_null(strstr(out.at, "{\"bpf\":false,\"perf\":true,"));
	assert_non_null(strstr(out.at, "\"name\":\"cap_bpf\",\"ok\":false,\"for_bpf\":true"));
	assert_non_null(strstr(out.at, "\"advice\":\"Run \\\"sudo\\\".\"}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_way_of_sampling_works_if_nothing_that_it_needs_is_missing),
		cmocka_unit_test(what_is_missing_comes_with_what_to_do),
		cmocka_unit_test(programs_get_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
