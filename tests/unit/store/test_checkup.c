/* test_checkup: a whole store has no findings; each damage has one that names its file. */
#include "testing.h"

#include "store/checkup.h"
#include "store/damaged.h"

static struct checkup checkup;

static void look(const char *folder)
{
	struct err err = { 0 };

	if (checkup_open(&checkup, folder, &err) < 0 || survey_run(&checkup.survey, &err) < 0)
		fail_msg("%s", err.text);
}

static bool is_named(const char *where)
{
	for (size_t i = 0; i < checkup.findings.n; i++)
		if (strcmp(checkup.findings.at[i].where, where) == 0)
			return true;
	return false;
}

static void damage_is_named(void **state)
{
	char folder[64], path[300];
	int64_t size;

	damaged_make(folder);
	look(folder);
	assert_int_equal(checkup.findings.n, 0);
	assert_int_equal(checkup.survey.n_profiles, DAMAGED_PROFILES);
	assert_int_equal(checkup.survey.n_rows, 4);
	assert_true(checkup.has_list);
	checkup_close(&checkup);
	size = damaged_find(folder, ".sst", path);
	damaged_flip(path, size / 3);
	look(folder);
	assert_true(is_named(strrchr(path, '/') + 1));
	checkup_close(&checkup);
	assert_int_equal(unlink(path), 0);
	look(folder);
	assert_true(is_named(strrchr(path, '/') + 1));
	checkup_close(&checkup);
	damaged_find(folder, "/CURRENT", path);
	assert_int_equal(unlink(path), 0);
	look(folder);
	assert_true(is_named("MANIFEST") && !checkup.has_list);
	checkup_close(&checkup);
	folder_remove(folder);
}

static void what_is_no_store_is_no_damage(void **state)
{
	char folder[64];
	struct err err = { 0 };

	folder_make(folder);
	assert_int_equal(checkup_open(&checkup, folder, &err), ERR_NOT_FOUND);
	checkup_close(&checkup);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damage_is_named),
		cmocka_unit_test(what_is_no_store_is_no_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
