/* test_unwind_space: tables come and go, and each keeps its own rows. */
#include "testing.h"

#include "test_space.h"

#define TABLES 24
#define PAGES 6

/* A table whose rows depend on `seed`, with up to `rows_max` rows a page. */
static void fill(struct unwind_table *table, unsigned seed, uint32_t rows_max)
{
	*table = (struct unwind_table){ .n_pages = PAGES, .n_rules = 5, .first_page_no = seed };
	table->pages = calloc(PAGES, sizeof(*table->pages));
	table->rules = calloc(5, sizeof(*table->rules));
	table->rows = calloc(PAGES * rows_max, sizeof(*table->rows));
	table->rules[1].cfa = UNWIND_CFA_UNSUPPORTED;
	for (int i = 2; i < 5; i++)
		table->rules[i] = (struct unwind_rule){ .cfa = UNWIND_CFA_RSP,
			.offset = (int)(seed % 7) * 8 + i * 1000 };
	for (uint32_t page = 0; page < PAGES; page++) {
		uint32_t n = (seed * 31 + page * 17) % rows_max;

		table->pages[page] = (struct unwind_page){ (uint32_t)table->n_rows, n };
		for (uint32_t i = 0; i < n; i++)
			table->rows[table->n_rows++] = (struct unwind_row){ (uint16_t)(i * 3),
				(uint16_t)((i + seed + page) % 5) };
	}
}

static void assert_holds(const struct test_space *plain, const struct unwind_space_place *place,
	const struct unwind_table *table)
{
	assert_int_equal(place->n_pages, table->n_pages);
	assert_int_equal(place->first_page_no, table->first_page_no);
	for (uint32_t p = 0; p < place->n_pages; p++) {
		struct unwind_page page = plain->pages[place->first_page + p];
		uint32_t shard = page.first_row / UNWIND_SHARD_ROWS;

		assert_int_equal(page.n_rows, table->pages[p].n_rows);
		if (!page.n_rows)
			continue;
		assert_int_equal((page.first_row + page.n_rows - 1) / UNWIND_SHARD_ROWS, shard);
		for (uint32_t i = 0; i < page.n_rows; i++) {
			struct unwind_row row =
				plain->shards[shard][page.first_row % UNWIND_SHARD_ROWS + i];
			struct unwind_row wanted = table->rows[table->pages[p].first_row + i];

			assert_int_equal(row.pc_low, wanted.pc_low);
			assert_memory_equal(&plain->rules[row.rule], &table->rules[wanted.rule],
				sizeof(struct unwind_rule));
		}
	}
}

static void keeps_each_table_while_others_come_and_go(void **state)
{
	struct test_space *plain = test_space_new();
	struct unwind_space_place places[TABLES] = { 0 };
	struct unwind_table tables[TABLES];
	struct unwind_space_stats stats;
	unsigned seed = 3;
	size_t rows = 0;

	for (unsigned i = 0; i < TABLES; i++)
		fill(&tables[i], i + 1, 9000);
	for (int step = 0; step < 400; step++) {
		unsigned i;

		seed = seed * 1103515245 + 12345;
		i = (seed >> 16) % TABLES;
		if (places[i].extents)
			unwind_space_remove(plain->space, &places[i]);
		else
			assert_int_equal(
				unwind_space_add(plain->space, &tables[i], &places[i], NULL), 0);
		if (step % 8 == 0)
			unwind_space_settle(plain->space);
		for (unsigned k = 0; step % 20 == 0 && k < TABLES; k++)
			if (places[k].extents)
				assert_holds(plain, &places[k], &tables[k]);
	}
	unwind_space_settle(plain->space);
	for (unsigned k = 0; k < TABLES; k++)
		rows += places[k].extents ? tables[k].n_rows : 0;
	unwind_space_get_stats(plain->space, &stats);
	assert_int_equal(stats.rows, rows);
	assert_true(stats.rules <= 2 + 3 * 7);
	for (unsigned k = 0; k < TABLES; k++)
		unwind_space_remove(plain->space, &places[k]);
	unwind_space_settle(plain->space);
	unwind_space_get_stats(plain->space, &stats);
	assert_int_equal(stats.tables + stats.rows + stats.pages + stats.shards, 0);
	for (unsigned k = 0; k < TABLES; k++)
		unwind_table_fini(&tables[k]);
	test_space_free(plain);
}

static void does_not_reuse_what_a_walk_may_still_read(void **state)
{
	struct test_space *plain = test_space_new();
	struct unwind_space_place first, copy, second;
	struct unwind_table a, b;

	fill(&a, 1, 500);
	fill(&b, 2, 500);
	assert_int_equal(unwind_space_add(plain->space, &a, &first, NULL), 0);
	copy = first;
	unwind_space_remove(plain->space, &first);
	assert_int_equal(unwind_space_add(plain->space, &b, &second, NULL), 0);
	assert_holds(plain, &copy, &a);
	assert_holds(plain, &second, &b);
	unwind_space_remove(plain->space, &second);
	test_space_free(plain);
	unwind_table_fini(&a);
	unwind_table_fini(&b);
}

static void says_when_there_is_no_room_and_keeps_nothing(void **state)
{
	struct test_space *plain = test_space_new();
	struct unwind_space_place places[SPACE_SHARDS * 2] = { 0 }, one;
	struct unwind_space_stats full, after;
	struct unwind_table table, small;
	struct err err;
	size_t n = 0;

	fill(&table, 60000, UNWIND_SHARD_ROWS);
	while (unwind_space_add(plain->space, &table, &places[n], &err) == 0)
		n++;
	assert_true(n > 0);
	assert_non_null(strstr(err.text, "no room"));
	unwind_space_get_stats(plain->space, &full);
	assert_int_equal(full.rows, n * table.n_rows);
	/* Two thirds or more of the shards' room is in use although no page is split. */
	assert_true(full.rows * 3 > (size_t)SPACE_SHARDS * UNWIND_SHARD_ROWS * 2);
	fill(&small, 3, 100);
	assert_int_equal(unwind_space_add(plain->space, &small, &one, NULL), 0);
	assert_holds(plain, &one, &small);
	unwind_space_remove(plain->space, &one);
	unwind_space_settle(plain->space);
	unwind_space_get_stats(plain->space, &after);
	assert_int_equal(after.rows, full.rows);
	for (size_t i = 0; i < n; i++)
		unwind_space_remove(plain->space, &places[i]);
	test_space_free(plain);
	unwind_table_fini(&table);
	unwind_table_fini(&small);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_each_table_while_others_come_and_go),
		cmocka_unit_test(does_not_reuse_what_a_walk_may_still_read),
		cmocka_unit_test(says_when_there_is_no_room_and_keeps_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
