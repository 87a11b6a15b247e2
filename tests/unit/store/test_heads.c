/* test_heads: what came before is known until its bucket is folded, and again once it is learned.
 */
#include "testing.h"

#include "store/heads.h"
#include "store/rocks_keys.h"

static void a_row_is_new_once(void **state)
{
	struct heads heads = { 0 };
	struct heads_row row = { 3, ROCKS_BUCKET_NS * 9, 77 };
	struct block_profile profile = { .begin_ns = row.begin_ns, .short_id = 77 };
	struct block_header block = { .n_profiles = 1, .profiles = &profile };
	uint64_t generation;

	assert_int_equal(heads_add(&heads, &row, 0), HEADS_UNKNOWN);
	assert_true(heads_learn(&heads, &row, heads.generation, NULL));
	assert_int_equal(heads_add(&heads, &row, 0), HEADS_NEW);
	assert_int_equal(heads_add(&heads, &row, 0), HEADS_AGAIN);
	generation = heads.generation;
	heads_folded(&heads, 3, 9, 1);
	assert_int_equal(heads_add(&heads, &row, 0), HEADS_UNKNOWN);
	assert_true(heads_learn(&heads, &row, generation, NULL)); /* too old: ignored */
	assert_int_equal(heads_add(&heads, &row, 0), HEADS_UNKNOWN);
	assert_true(heads_learn(&heads, &row, heads.generation, &block));
	assert_int_equal(heads_add(&heads, &row, 0), HEADS_AGAIN);
	heads_fini(&heads);
}

static void a_row_that_failed_may_come_again(void **state)
{
	struct heads heads = { 0 };
	struct heads_row row = { 3, ROCKS_BUCKET_NS * 9, 77 }, other = { 3, row.begin_ns, 78 };

	assert_true(heads_learn(&heads, &row, heads.generation, NULL));
	assert_int_equal(heads_add(&heads, &row, 0), HEADS_NEW);
	assert_int_equal(heads_add(&heads, &other, 0), HEADS_NEW);
	heads_remove(&heads, &row);
	assert_int_equal(heads_add(&heads, &row, 0), HEADS_NEW);
	assert_int_equal(heads_add(&heads, &other, 0), HEADS_AGAIN);
	assert_int_equal(heads_find(&heads, 3, 9)->n_rows, 2);
	heads_fini(&heads);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_is_new_once),
		cmocka_unit_test(a_row_that_failed_may_come_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
