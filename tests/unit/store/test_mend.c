/* test_mend: a damaged store is whole afterwards, with all profiles but those of the damaged block;
 * and what cannot be done changes nothing. */
#include "testing.h"

#include "store/damaged.h"
#include "store/mend.h"

static struct checkup checkup;

static void mend(const char *folder, struct mend *mended)
{
	struct err err = { 0 };

	if (checkup_open(&checkup, folder, &err) < 0 || mend_run(mended, &checkup, &err) < 0)
		fail_msg("%s", err.text);
}

static void what_can_be_read_is_kept(void **state)
{
	char folder[64], path[300];
	struct mend mended;
	int64_t size;

	damaged_make(folder);
	size = damaged_find(folder, ".sst", path);
	assert_int_equal(unlink(path), 0);
	assert_true(size > 0);
	mend(folder, &mended);
	assert_true(mended.n_profiles >= 4 && mended.n_profiles <= DAMAGED_PROFILES);
	assert_int_equal(damaged_count(folder), mended.n_profiles);
	assert_int_equal(access(mended.aside.at, F_OK), 0);
	folder_remove(mended.aside.at);
	mend_fini(&mended);
	checkup_close(&checkup);
	folder_remove(folder);
}

/* Also without any damage all of it is written anew, the same. */
static void what_is_whole_stays_whole(void **state)
{
	char folder[64];
	struct mend mended;

	damaged_make(folder);
	mend(folder, &mended);
	assert_int_equal(mended.n_profiles, DAMAGED_PROFILES);
	assert_int_equal(mended.n_series, 1);
	assert_int_equal(damaged_count(folder), DAMAGED_PROFILES);
	folder_remove(mended.aside.at);
	mend_fini(&mended);
	checkup_close(&checkup);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_read_is_kept),
		cmocka_unit_test(what_is_whole_stays_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
