/* test_plain_space: the tables' memory without BPF is writable, zeroed, and given back. */
#include "testing.h"

#include "sampler/plain_space.h"

static void shards_come_and_go(void **state)
{
	struct plain_space space;
	struct unwind_space_memory memory;
	struct unwind_row *rows;

	assert_int_equal(plain_space_open(&space, NULL), 0);
	memory = plain_space_memory(&space);
	rows = memory.new_shard(memory.owner, 3);
	assert_non_null(rows);
	assert_ptr_equal(space.shards[3], rows);
	assert_int_equal(rows[UNWIND_SHARD_ROWS - 1].rule, 0);
	rows[UNWIND_SHARD_ROWS - 1].rule = 9;
	memory.drop_shard(memory.owner, 3);
	assert_null(space.shards[3]);
	assert_int_equal(memory.pages[memory.n_pages_max - 1].n_rows, 0);
	assert_int_equal(memory.rules[UNWIND_RULES_MAX - 1].offset, 0);
	plain_space_close(&space);
	plain_space_close(&space); /* a closed one again */
}

static void a_real_space_lives_in_it(void **state)
{
	struct plain_space space;
	struct unwind_space_memory memory;
	struct unwind_space *tables;

	assert_int_equal(plain_space_open(&space, NULL), 0);
	memory = plain_space_memory(&space);
	assert_int_equal(unwind_space_new(&memory, &tables, NULL), 0);
	unwind_space_free(tables);
	plain_space_close(&space);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shards_come_and_go),
		cmocka_unit_test(a_real_space_lives_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
