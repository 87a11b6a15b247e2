/* test_shelf: what is on the shelf is there again after a restart, and never more than the budget.
 */
#include "debuginfo/shelved.h"

#include <sys/stat.h>

static uint64_t size_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (uint64_t)st.st_size;
}

static int clean(void **state)
{
	return system("rm -rf shelf");
}

static void files_are_there_after_a_restart(void **state)
{
	struct shelf *shelf = shelved_open(0);

	assert_int_equal(shelved_put(shelf, "", SHELVED_ID, "program", NULL), SHELF_STORED);
	assert_int_equal(shelved_put(shelf, "", SHELVED_ID, "program.debug", NULL), SHELF_STORED);
	shelf_close(shelf);
	shelf = shelved_open(0);
	assert_int_equal(shelved_count(shelf, "", SHELVED_ID), 2);
	assert_int_equal(shelved_put(shelf, "", SHELVED_ID, "program", NULL), SHELF_THERE);
	shelf_close(shelf);
}

static void what_was_on_its_way_and_what_is_no_file_of_ours_is_not(void **state)
{
	struct shelf *shelf;

	programs_run("mkdir -p shelf/t- shelf/other && touch shelf/t-/0a-1-2.part shelf/t-/x.debug "
		     "shelf/t-/0a.what shelf/file && ln -s /etc/passwd shelf/t-/0b.debug");
	shelf = shelved_open(0);
	assert_int_equal(shelved_count(shelf, "", ""), 0);
	assert_int_equal(access("shelf/t-/0a-1-2.part", F_OK), -1);
	assert_int_equal(access("shelf/t-/x.debug", F_OK), 0);
	shelf_close(shelf);
}

static void past_the_budget_the_least_used_goes(void **state)
{
	uint64_t budget = size_of("program") + size_of("other") + 100;
	struct shelf *shelf = shelved_open(budget);
	struct shelf_figures figures;
	struct object *object;

	assert_int_equal(shelved_put(shelf, "", SHELVED_ID, "program", NULL), SHELF_STORED);
	assert_int_equal(shelved_put(shelf, "", SHELVED_OTHER_ID, "other", NULL), SHELF_STORED);
	assert_int_equal(shelf_object(shelf, VIEW(""), VIEW(SHELVED_ID), &object, NULL), 0);
	object_unref(object);
	assert_int_equal(shelved_put(shelf, "", SHELVED_ID, "program.debug", NULL), SHELF_STORED);
	assert_int_equal(shelved_count(shelf, "", SHELVED_OTHER_ID), 0);
	assert_int_equal(shelved_count(shelf, "", SHELVED_ID), 2);
	shelf_figures(shelf, &figures);
	assert_int_equal(figures.evicted, 1);
	assert_true(figures.bytes <= budget);
	assert_int_equal(access("shelf/t-/" SHELVED_OTHER_ID ".program", F_OK), -1);
	shelf_close(shelf);
}

static void a_smaller_budget_holds_from_the_start(void **state)
{
	struct shelf *shelf = shelved_open(0);

	shelved_put(shelf, "", SHELVED_ID, "program", NULL);
	shelved_put(shelf, "", SHELVED_OTHER_ID, "other", NULL);
	shelf_close(shelf);
	shelf = shelved_open(size_of("other") + 10);
	assert_int_equal(shelved_count(shelf, "", ""), 1);
	assert_int_equal(shelved_count(shelf, "", SHELVED_OTHER_ID), 1);
	shelf_close(shelf);
}

static void a_folder_that_cannot_be_made_says_so(void **state)
{
	const struct shelf_options options = { .folder = "/nonexistent/shelf" };
	struct shelf *shelf;
	struct err err;

	assert_true(shelf_open(&options, &shelf, &err) < 0);
	assert_non_null(strstr(err.text, "/nonexistent/shelf"));
	assert_null(shelf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(files_are_there_after_a_restart, clean),
		cmocka_unit_test_setup(
			what_was_on_its_way_and_what_is_no_file_of_ours_is_not, clean),
		cmocka_unit_test_setup(past_the_budget_the_least_used_goes, clean),
		cmocka_unit_test_setup(a_smaller_budget_holds_from_the_start, clean),
		cmocka_unit_test(a_folder_that_cannot_be_made_says_so),
	};

	return cmocka_run_group_tests(tests, shelved_begin, programs_end);
}
