/* test_hash: the published XXH3 vectors, and a mixer that is one to one. */
#include "testing.h"

#include "base/hash.h"

static void equals_the_published_value_of_nothing(void **state)
{
	assert_true(hash_view(VIEW("")) == 0x2d06800538d394c2ULL);
	assert_true(hash128_view(VIEW("")).low == 0x6001c324468d497fULL);
	assert_true(hash128_view(VIEW("")).high == 0x99aa06d3014798d8ULL);
}

static void near_keys_end_far_apart(void **state)
{
	for (uint64_t key = 0; key < 1000; key++) {
		uint64_t changed = hash_u64(key) ^ hash_u64(key + 1);

		assert_in_range(__builtin_popcountll(changed), 10, 54);
	}
	assert_true(hash_pair(1, 2) != hash_pair(2, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equals_the_published_value_of_nothing),
		cmocka_unit_test(near_keys_end_far_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
