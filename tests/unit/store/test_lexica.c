/* test_lexica: a dictionary that was let go comes back the same. */
#include "testing.h"

#include "store/lexica.h"
#include "store/opened.h"
#include "store/workload.h"

static uint32_t add(struct lexicon *lexicon, uint32_t seed)
{
	PROFILE_AUTO p = random_profile(seed);
	struct dictionary_pass pass;
	uint32_t id = 0;

	assert_int_equal(dictionary_pass_init(&pass, lexicon->dictionary, p, NULL), 0);
	for (size_t i = 0; i < p->n_samples; i++)
		assert_int_equal(
			dictionary_pass_stacks(&pass, &p->samples[i].stack, 1, &id, NULL), 0);
	dictionary_pass_fini(&pass);
	return id;
}

static void save(struct lexica *lexica, struct rocks *rocks, struct lexicon *lexicon, bool written)
{
	rocksdb_writebatch_t *batch = rocksdb_writebatch_create();

	assert_int_equal(lexica_save(lexica, rocks, lexicon, batch, NULL), 0);
	if (written)
		assert_int_equal(rocks_write(rocks, batch, true, NULL), 0);
	else
		rocksdb_writebatch_destroy(batch);
	lexica_saved(lexica, written);
}

static void what_was_saved_comes_back(void **state)
{
	struct lexica_name name = { VIEW(""), VIEW("inventory"), 9 };
	struct lexicon *lexicon;
	struct lexica lexica;
	struct rocks rocks;
	char folder[64];
	uint32_t ids[20];

	opened_begin(&rocks, folder);
	lexica_init(&lexica, 1);
	assert_int_equal(lexica_get(&lexica, &rocks, &name, &lexicon, NULL), 0);
	for (uint32_t i = 0; i < 20; i++) {
		ids[i] = add(lexicon, i);
		save(&lexica, &rocks, lexicon, i % 3 != 1);
	}
	save(&lexica, &rocks, lexicon, true);
	assert_true(lexica_trim(&lexica) > 0); /* in use */
	dictionary_unref(lexicon->dictionary);
	assert_int_equal(lexica_trim(&lexica), 0);
	assert_null(lexicon->dictionary);
	assert_int_equal(lexica_get(&lexica, &rocks, &name, &lexicon, NULL), 0);
	for (uint32_t i = 0; i < 20; i++)
		assert_int_equal(add(lexicon, i), ids[i]);
	dictionary_unref(lexicon->dictionary);
	lexica_fini(&lexica);
	opened_end(&rocks, folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_was_saved_comes_back) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
