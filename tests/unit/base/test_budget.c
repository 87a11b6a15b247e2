/* test_budget: limits are met where they are, said by their names, and given back. */
#include "testing.h"

#include "base/budget.h"
#include "base/clock.h"

#define MIB ((size_t)1 << 20)

static struct budget_pool pool_of(size_t all, size_t one)
{
	return (struct budget_pool){ .bytes_max = all,
		.bytes_of_one_max = one,
		.bytes_setting = "query.memory_total",
		.bytes_of_one_setting = "query.memory",
		.time_setting = "query.timeout" };
}

static void without_a_pool_nothing_is_limited(void **state)
{
	struct budget budget = { 0 };

	assert_int_equal(budget_check(NULL, NULL), 0);
	assert_true(budget_take(NULL, SIZE_MAX));
	assert_int_equal(budget_check(&budget, NULL), 0);
	assert_true(budget_take(&budget, SIZE_MAX));
	budget_give(&budget, 1);
	budget_fini(&budget);
	budget_fini(NULL);
	assert_int_equal(budget_error(NULL, NULL), ERR_NOMEM);
}

static void one_may_take_so_much(void **state)
{
	struct budget_pool pool = pool_of(0, 10 * MIB);
	struct budget budget = { .pool = &pool };
	struct err err = { 0 };

	assert_true(budget_take(&budget, 10 * MIB));
	budget_give(&budget, MIB);
	assert_true(budget_take(&budget, MIB));
	assert_false(budget_take(&budget, 1));
	assert_int_equal(budget_error(&budget, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "10 MiB of memory (query.memory)"));
	budget_give(&budget, 5 * MIB);
	assert_false(budget_take(&budget, 1)); /* what has failed stays so */
	assert_int_equal(budget_check(&budget, &err), ERR_LIMIT);
	assert_int_equal(pool.n_large, 1);
	budget_fini(&budget);
	assert_int_equal(pool.bytes, 0);
}

static void all_may_take_so_much_together(void **state)
{
	struct budget_pool pool = pool_of(8 * MIB, 0);
	struct budget first = { .pool = &pool }, second = { .pool = &pool };
	struct err err = { 0 };

	assert_true(budget_take(&first, 5 * MIB));
	assert_true(budget_take(&second, 2 * MIB));
	assert_false(budget_take(&second, 2 * MIB));
	assert_int_equal(budget_error(&second, &err), ERR_NOMEM);
	assert_non_null(strstr(err.text, "8 MiB together (query.memory_total)"));
	budget_fini(&second);
	assert_true(budget_take(&first, 3 * MIB));
	assert_int_equal(pool.bytes, 8 * MIB);
	budget_fini(&first);
	assert_int_equal(pool.bytes, 0);
}

static void absurd_sizes_are_refused(void **state)
{
	struct budget_pool pool = pool_of(8 * MIB, 4 * MIB);
	struct budget budget = { .pool = &pool };

	assert_true(budget_take(&budget, 100));
	assert_false(budget_take(&budget, SIZE_MAX));
	budget_fini(&budget);
	assert_int_equal(pool.bytes, 0);
}

static void time_ends(void **state)
{
	struct budget_pool pool = pool_of(0, 0);
	struct budget budget = { .pool = &pool, .begin_ns = clock_monotonic_ns() };
	struct err err = { 0 };

	pool.time_ns = UINT64_C(3600000000000);
	assert_int_equal(budget_check(&budget, &err), 0);
	budget.begin_ns -= 2 * pool.time_ns;
	assert_int_equal(budget_check(&budget, &err), ERR_LATE);
	assert_non_null(strstr(err.text, "longer than 3.6e+03 s (query.timeout)"));
	assert_int_equal(budget_check(&budget, &err), ERR_LATE);
	assert_int_equal(pool.n_late, 1);
}

static bool is_true(void *owner)
{
	return *(bool *)owner;
}

static void nobody_works_for_who_has_left(void **state)
{
	struct budget_pool pool = pool_of(0, 0);
	bool has_left = false;
	struct budget budget = { .pool = &pool, .is_unwanted = is_true, .owner = &has_left };

	assert_int_equal(budget_check(&budget, NULL), 0);
	has_left = true;
	assert_int_equal(budget_check(&budget, NULL), 0); /* not looked at each time */
	budget.looked_ns = 0;
	assert_int_equal(budget_check(&budget, NULL), ERR_CANCELLED);
	assert_int_equal(pool.n_left, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_pool_nothing_is_limited),
		cmocka_unit_test(one_may_take_so_much),
		cmocka_unit_test(all_may_take_so_much_together),
		cmocka_unit_test(absurd_sizes_are_refused),
		cmocka_unit_test(time_ends),
		cmocka_unit_test(nobody_works_for_who_has_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
