/* test_strata_walk: of a key in several tables and the log, the last word counts. */
#include "testing.h"

#include "store/opened.h"
#include "store/strata.h"

static void write_one(struct rocks *rocks, const char *key, const char *value)
{
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();

	if (value)
		rocks_put(rocks, batch, ROCKS_ROWS, view_of(key), view_of(value));
	else
		rocks_delete(rocks, batch, ROCKS_ROWS, view_of(key));
	assert_int_equal(rocks_write(rocks, batch, false, NULL), 0);
}

static int spell(void *owner, struct view key, struct view value)
{
	buf_add_view(owner, key);
	buf_add_char(owner, '=');
	buf_add_view(owner, value);
	buf_add_char(owner, ' ');
	return 0;
}

static void no_damage(void *owner, const char *file, const char *sentence)
{
	fail_msg("%s: %s", file, sentence);
}

static void the_last_word_counts(void **state)
{
	struct strata strata = { .damage = no_damage };
	BUF_AUTO spelled = { 0 };
	struct rocks rocks;
	char folder[64];
	rocksdb_writebatch_t *batch;

	opened_begin(&rocks, folder);
	for (int round = 0; round < 3; round++) {
		char value[8];

		snprintf(value, sizeof(value), "%d", round);
		write_one(&rocks, "always", value);
		if (round == 0) {
			write_one(&rocks, "deleted", value);
			write_one(&rocks, "in range", value);
			write_one(&rocks, "old", value);
		}
		if (round == 1) {
			batch = rocksdb_writebatch_create();
			rocks_delete_range(&rocks, batch, ROCKS_ROWS, VIEW("in"), VIEW("io"));
			assert_int_equal(rocks_write(&rocks, batch, false, NULL), 0);
			write_one(&rocks, "in again", value);
			write_one(&rocks, "deleted", NULL);
		}
		if (round < 2)
			assert_int_equal(rocks_flush(&rocks, NULL), 0);
	}
	write_one(&rocks, "old", NULL);
	assert_int_equal(strata_open(&strata, folder, NULL, 0, NULL), 0);
	assert_int_equal(strata_walk(&strata, ROCKS_ROWS, spell, &spelled, NULL), 0);
	assert_true(view_equal(buf_view(&spelled), VIEW("always=2 in again=1 ")));
	strata_close(&strata);
	opened_end(&rocks, folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(the_last_word_counts) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
