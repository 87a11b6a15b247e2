/* test_sstfile_block: keys are cut by what they share; what makes no sense ends the walk. */
#include "testing.h"

#include "store/sstfile_block.h"

static void keys_share_their_beginnings(void **state)
{
	static const char block[] = "\0\5\2applexy\3\3\0ril\0\4\1plumz\0\0\0\0\1\0\0";
	BUF_AUTO key = { 0 };
	struct sstfile_walk walk = { .key = &key };

	assert_true(sstfile_block_begin((struct view){ block, sizeof(block) }, &walk));
	assert_true(sstfile_block_next(&walk));
	assert_true(view_equal(buf_view(&key), VIEW("apple")));
	assert_true(view_equal(walk.value, VIEW("xy")));
	assert_true(sstfile_block_next(&walk));
	assert_true(view_equal(buf_view(&key), VIEW("appril")));
	assert_true(sstfile_block_next(&walk));
	assert_true(view_equal(buf_view(&key), VIEW("plum")));
	assert_true(view_equal(walk.value, VIEW("z")));
	assert_false(sstfile_block_next(&walk));
	assert_null(walk.wrong);
}

static void lies_end_it(void **state)
{
	static const struct view lies[] = {
		{ "\1\1\0a\0\0\0\0\1\0\0", 12 },      /* shares with nothing */
		{ "\0\x40\0a\0\0\0\0\1\0\0", 12 },    /* a key beyond the end */
		{ "\0\1\x40\x61\0\0\0\0\1\0\0", 12 }, /* a value beyond the end */
	};

	for (size_t i = 0; i < 3; i++) {
		BUF_AUTO key = { 0 };
		struct sstfile_walk walk = { .key = &key };

		assert_true(sstfile_block_begin(lies[i], &walk));
		assert_false(sstfile_block_next(&walk));
		assert_non_null(walk.wrong);
	}
	for (size_t len = 0; len < 4; len++) {
		BUF_AUTO key = { 0 };
		struct sstfile_walk walk = { .key = &key };

		assert_false(sstfile_block_begin((struct view){ "\0\0\0\0", len }, &walk));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_share_their_beginnings),
		cmocka_unit_test(lies_end_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
