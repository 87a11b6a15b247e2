/* test_gzip: bombs stop at the limit, damage is noticed, members join. */
#include "testing.h"

#include "wire/gzip.h"

static const struct gzip_limits roomy = { .bytes_max = 1 << 24 };

static void deflate(struct view bytes, struct buf *out)
{
	assert_int_equal(gzip_deflate(bytes, GZIP_FAST, out, NULL), 0);
}

static void what_goes_in_comes_out(void **state)
{
	static const size_t sizes[] = { 0, 1, 100, 100000, 3000000 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		BUF_AUTO plain = { 0 };
		BUF_AUTO zipped = { 0 };
		BUF_AUTO back = { 0 };

		for (size_t n = 0; n < sizes[i]; n++)
			buf_add_char(&plain, (char)(n * n >> 7));
		deflate(buf_view(&plain), &zipped);
		assert_true(gzip_is(buf_view(&zipped)));
		assert_int_equal(gzip_inflate(buf_view(&zipped), &roomy, &back, NULL), 0);
		assert_true(view_equal(buf_view(&plain), buf_view(&back)));
	}
}

static void members_join(void **state)
{
	BUF_AUTO zipped = { 0 };
	BUF_AUTO back = { 0 };

	deflate(VIEW("one "), &zipped);
	deflate(VIEW("two"), &zipped);
	assert_int_equal(gzip_inflate(buf_view(&zipped), &roomy, &back, NULL), 0);
	assert_view_equal(buf_view(&back), "one two");
}

static void a_bomb_stops_at_the_limit(void **state)
{
	const struct gzip_limits by_bytes = { .bytes_max = 1 << 20 };
	const struct gzip_limits by_ratio = { .bytes_max = 1 << 30, .ratio_max = 200 };
	static char zeros[8 << 20];
	BUF_AUTO zipped = { 0 };
	BUF_AUTO back = { 0 };
	struct err err;

	deflate((struct view){ zeros, sizeof(zeros) }, &zipped);
	assert_int_equal(gzip_inflate(buf_view(&zipped), &by_bytes, &back, &err), ERR_LIMIT);
	assert_string_equal(err.text, "the gzip data unpacks to more than 1048576 bytes");
	assert_true(back.cap <= 4 << 20);
	assert_int_equal(gzip_inflate(buf_view(&zipped), &by_ratio, &back, &err), ERR_LIMIT);
	assert_string_equal(err.text, "the gzip data unpacks to more than 200 times its size");
	assert_int_equal(gzip_inflate(buf_view(&zipped), &roomy, &back, &err), 0);
	assert_int_equal(back.len, sizeof(zeros));
}

static void a_small_file_may_repeat_itself_a_lot(void **state)
{
	const struct gzip_limits by_ratio = { .bytes_max = 1 << 30, .ratio_max = 200 };
	static char zeros[900000];
	BUF_AUTO zipped = { 0 };
	BUF_AUTO back = { 0 };

	deflate((struct view){ zeros, sizeof(zeros) }, &zipped);
	assert_true(zipped.len * 200 < sizeof(zeros));
	assert_int_equal(gzip_inflate(buf_view(&zipped), &by_ratio, &back, NULL), 0);
}

static void a_lying_size_is_only_a_hint(void **state)
{
	BUF_AUTO zipped = { 0 };
	BUF_AUTO back = { 0 };

	deflate(VIEW("hello"), &zipped);
	memset(zipped.at + zipped.len - 4, 0xff, 4);
	assert_int_equal(gzip_inflate(buf_view(&zipped), &roomy, &back, NULL), ERR_CORRUPT);
	assert_true(back.cap < 1 << 20);
}

static void every_cut_and_what_follows_is_noticed(void **state)
{
	BUF_AUTO zipped = { 0 };
	BUF_AUTO back = { 0 };

	deflate(VIEW("hello, hello, hello"), &zipped);
	for (size_t len = 0; len < zipped.len; len++)
		assert_int_equal(gzip_inflate((struct view){ zipped.at, len }, &roomy, &back, NULL),
			ERR_CORRUPT);
	buf_add_char(&zipped, 'x');
	assert_int_equal(gzip_inflate(buf_view(&zipped), &roomy, &back, NULL), ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_goes_in_comes_out),
		cmocka_unit_test(members_join),
		cmocka_unit_test(a_bomb_stops_at_the_limit),
		cmocka_unit_test(a_small_file_may_repeat_itself_a_lot),
		cmocka_unit_test(a_lying_size_is_only_a_hint),
		cmocka_unit_test(every_cut_and_what_follows_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
