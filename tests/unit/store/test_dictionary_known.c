/* test_dictionary_known: what was put is found, and nothing else. */
#include "testing.h"

#include "store/dictionary_known.h"

static void what_was_put_is_found_and_nothing_else(void **state)
{
	struct dictionary_known known = { 0 };

	assert_int_equal(dictionary_known_find(&known, (struct hash128){ 1, 2 }), 0);
	for (uint32_t i = 1; i <= 5000; i++) {
		struct hash128 content = { hash_u64(i), i };

		dictionary_known_ask(&known, content);
		assert_int_equal(dictionary_known_find(&known, content), 0);
		dictionary_known_add(&known, content, i);
	}
	for (uint32_t i = 1; i <= 5000; i++)
		assert_int_equal(
			dictionary_known_find(&known, (struct hash128){ hash_u64(i), i }), i);
	assert_int_equal(dictionary_known_find(&known, (struct hash128){ hash_u64(9), 10 }), 0);
	dictionary_known_fini(&known);
}

static void contents_of_one_slot_are_told_apart(void **state)
{
	struct dictionary_known known = { 0 };

	for (uint32_t i = 1; i <= 100; i++)
		dictionary_known_add(&known, (struct hash128){ 7, i }, i);
	dictionary_known_add(&known, (struct hash128){ 7 + 65536, 1 }, 101);
	for (uint32_t i = 1; i <= 100; i++)
		assert_int_equal(dictionary_known_find(&known, (struct hash128){ 7, i }), i);
	assert_int_equal(dictionary_known_find(&known, (struct hash128){ 7 + 65536, 1 }), 101);
	dictionary_known_fini(&known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_is_found_and_nothing_else),
		cmocka_unit_test(contents_of_one_slot_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
