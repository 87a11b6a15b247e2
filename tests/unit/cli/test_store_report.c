/* test_store_report: damage is in the text and in the JSON, and so is what was kept. */
#include "testing.h"

#include "cli/store_report.h"

static void it_says_what_is_damaged_and_what_is_kept(void **state)
{
	struct checkup checkup = { .survey = { .n_profiles = 12, .n_series = 1 } };
	struct mend mend = { .n_profiles = 11, .n_stale = 2 };
	struct vault_backup backup = { 3, 1700000000, 2500000, 7 };
	BUF_AUTO out = { 0 };

	store_report_check(&checkup, "data", false, &out);
	buf_add_char(&out, '\0');
	assert_non_null(strstr(out.at, "1 series, "));
	assert_non_null(strstr(out.at, "12 profiles\nIt is whole.\n"));
	findings_add(&checkup.findings, "000012.sst", "it \"is\" short");
	buf_clear(&out);
	store_report_check(&checkup, "data", true, &out);
	buf_add_char(&out, '\0');
	assert_non_null(strstr(out.at, "{\"whole\":false,"));
	assert_non_null(
		strstr(out.at, "[{\"where\":\"000012.sst\",\"what\":\"it \\\"is\\\" short\"}]"));
	buf_add_text(&mend.aside, "data.damaged");
	buf_add_char(&mend.aside, '\0');
	buf_clear(&out);
	store_report_repair(&checkup, &mend, false, &out);
	buf_add_char(&out, '\0');
	assert_non_null(strstr(out.at, "000012.sst: it \"is\" short\n"));
	assert_non_null(strstr(out.at, "Kept: 11 profiles, "));
	assert_non_null(strstr(out.at, "What was is in data.damaged.\n"));
	buf_clear(&out);
	store_report_repair(&checkup, &mend, true, &out);
	buf_add_char(&out, '\0');
	assert_non_null(strstr(out.at, "\"roll_ups_to_come\":2"));
	buf_clear(&out);
	store_report_backup(&backup, "backup", "vault", false, &out);
	buf_add_char(&out, '\0');
	assert_string_equal(
		out.at, "backup 3 of 2023-11-14T22:13:20Z: 7 files, 2.5 MB, in vault\n");
	buf_fini(&mend.aside);
	findings_fini(&checkup.findings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_says_what_is_damaged_and_what_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
