/* test_shelf_use: files are found by tenant and build id, listed and removed. */
#include "debuginfo/shelved.h"

static struct shelf *shelf;

static int start(void **state)
{
	if (shelved_begin(state) != 0)
		return -1;
	shelf = shelved_open(0);
	return 0;
}

static int stop(void **state)
{
	shelf_close(shelf);
	return programs_end(state);
}

static int clean(void **state)
{
	unsigned n;

	shelf_remove(shelf, VIEW(""), VIEW(SHELVED_ID), &n, NULL);
	shelf_remove(shelf, VIEW("a"), VIEW(SHELVED_ID), &n, NULL);
	return 0;
}

static void the_file_that_knows_most_is_found(void **state)
{
	struct object *object;

	assert_int_equal(
		shelf_object(shelf, VIEW(""), VIEW(SHELVED_ID), &object, NULL), ERR_NOT_FOUND);
	shelved_put(shelf, "", SHELVED_ID, "program.stripped", NULL);
	assert_int_equal(shelf_object(shelf, VIEW(""), VIEW(SHELVED_ID), &object, NULL), 0);
	assert_null(object_section(object, ".debug_info"));
	object_unref(object);
	shelved_put(shelf, "", SHELVED_ID, "program.debug", NULL);
	assert_int_equal(shelf_object(shelf, VIEW(""), VIEW(SHELVED_ID), &object, NULL), 0);
	assert_non_null(object_section(object, ".debug_info"));
	object_unref(object);
	assert_int_equal(shelf_program(shelf, VIEW(""), VIEW(SHELVED_ID), &object, NULL), 0);
	assert_null(object_section(object, ".debug_info"));
	object_unref(object);
}

static void tenants_see_their_own(void **state)
{
	struct object *object;

	shelved_put(shelf, "a", SHELVED_ID, "program", NULL);
	assert_int_equal(shelved_count(shelf, "a", ""), 1);
	assert_int_equal(shelved_count(shelf, "b", ""), 0);
	assert_int_equal(shelved_count(shelf, "", ""), 0);
	assert_int_equal(
		shelf_object(shelf, VIEW("b"), VIEW(SHELVED_ID), &object, NULL), ERR_NOT_FOUND);
}

static void what_is_removed_is_gone(void **state)
{
	unsigned n;

	shelved_put(shelf, "", SHELVED_ID, "program", NULL);
	shelved_put(shelf, "", SHELVED_ID, "program.debug", NULL);
	assert_int_equal(shelf_remove(shelf, VIEW(""), VIEW(SHELVED_ID), &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_int_equal(shelf_remove(shelf, VIEW(""), VIEW(SHELVED_ID), &n, NULL), ERR_NOT_FOUND);
	assert_int_equal(shelved_count(shelf, "", ""), 0);
}

static void a_file_that_somebody_took_away_is_forgotten(void **state)
{
	struct object *object;

	shelved_put(shelf, "", SHELVED_ID, "program", NULL);
	assert_int_equal(unlink("shelf/t-/" SHELVED_ID ".program"), 0);
	assert_int_equal(
		shelf_object(shelf, VIEW(""), VIEW(SHELVED_ID), &object, NULL), ERR_NOT_FOUND);
	assert_int_equal(shelved_put(shelf, "", SHELVED_ID, "program", NULL), SHELF_STORED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_file_that_knows_most_is_found, clean),
		cmocka_unit_test_setup(tenants_see_their_own, clean),
		cmocka_unit_test_setup(what_is_removed_is_gone, clean),
		cmocka_unit_test_setup(a_file_that_somebody_took_away_is_forgotten, clean),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
