/* test_hash: the published XXH3 vectors, and a mixer that is one to one. */
#include "testing.h"

#include "base/hash.h"

static void equals_the_published_value_of_nothing(void **state)
{
	assert_true(hash_view(VIEW("")) == 0x2d06800538d394c2ULL);
	assert_true(hash128_view(VIEW("")).low == 0x6001c324468d497fULL);
	assert_true(hash128_view(VIEW("")).high == 0x99aa06d3014798d8ULL);
}

static void pieces_have_the_hash_of_the_whole(void **state)
{
	struct hash_stream *stream = hash_stream_new();
	char bytes[3000];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * 7);
	for (size_t at = 0; at < sizeof(bytes); at += 300)
		hash_stream_add(stream, (struct view){ bytes + at, 300 });
	assert_int_equal(hash_stream_end(stream), hash_view((struct view){ bytes, sizeof(bytes) }));
	assert_int_equal(hash_stream_end(hash_stream_new()), hash_view(VIEW("")));
}

static void near_keys_end_far_apart(void **state)
{
	for (uint64_t key = 0; key < 1000; key++) {
		uint64_t changed = hash_u64(key) ^ hash_u64(key + 1);

		assert_in_range(__builtin_popcountll(changed), 10, 54);
	}
	assert_true(hash_pair(1, 2) != hash_pair(2, 1));
}

static void another_secret_gives_other_places(void **state)
{
	const uint64_t drawn = hash_secret[0];
	size_t same = 0;

	for (uint64_t key = 0; key < 1000; key++) {
		uint64_t before = hash_keyed(key), text = hash_keyed_view(VIEW("main"));
		uint64_t changed = before ^ hash_keyed(key + 1);

		assert_in_range(__builtin_popcountll(changed), 10, 54);
		hash_secret[0] += 0x123456789abcdefULL;
		same += (hash_keyed(key) & 1023) == (before & 1023);
		assert_true(hash_keyed_view(VIEW("main")) != text);
	}
	assert_in_range(same, 0, 20);
	hash_secret[0] = drawn;
	assert_true(hash_keyed_pair(1, 2) != hash_keyed_pair(2, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equals_the_published_value_of_nothing),
		cmocka_unit_test(pieces_have_the_hash_of_the_whole),
		cmocka_unit_test(near_keys_end_far_apart),
		cmocka_unit_test(another_secret_gives_other_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
