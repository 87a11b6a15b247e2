/* test_dwarfreply: what a child says is believed only where it makes sense. */
#include "testing.h"

#include "base/buf.h"
#include "symbol/dwarfreply.h"

static void u32(struct buf *out, uint32_t number)
{
	buf_add(out, &number, sizeof(number));
}

static void string(struct buf *out, const char *text)
{
	buf_add_char(out, 'S');
	u32(out, (uint32_t)strlen(text));
	buf_add_text(out, text);
}

static void answer(struct buf *out, uint32_t index, uint32_t count)
{
	buf_add_char(out, 'A');
	u32(out, index);
	u32(out, count);
}

static void frame(struct buf *out, uint32_t name, uint32_t file, uint32_t line)
{
	u32(out, name);
	u32(out, 0);
	u32(out, file);
	u32(out, line);
	u32(out, 1);
}

static void good_reply(struct buf *out)
{
	string(out, "leaf");
	string(out, "a.c");
	answer(out, 1, 2);
	frame(out, 1, 2, 7);
	frame(out, 0, 2, 9);
	buf_add_char(out, 'E');
}

static void a_reply_is_read(void **state)
{
	BUF_AUTO bytes = { 0 };
	struct dwarfreply reply;

	good_reply(&bytes);
	assert_int_equal(dwarfreply_decode(buf_view(&bytes), 2, &reply), 0);
	assert_true(reply.whole);
	assert_int_equal(reply.spans[0].count, 0);
	assert_int_equal(reply.spans[1].count, 2);
	assert_view_equal(reply.frames[0].name, "leaf");
	assert_view_equal(reply.frames[0].file, "a.c");
	assert_int_equal(reply.frames[1].line, 9);
	assert_int_equal(reply.frames[1].name.len, 0);
	dwarfreply_fini(&reply);
}

static void a_reply_cut_anywhere_is_not_whole(void **state)
{
	BUF_AUTO bytes = { 0 };

	good_reply(&bytes);
	for (size_t len = 0; len < bytes.len; len++) {
		struct dwarfreply reply;

		assert_int_equal(dwarfreply_decode((struct view){ bytes.at, len }, 2, &reply), 0);
		assert_false(reply.whole);
		assert_int_equal(reply.spans[1].count, len + 1 == bytes.len ? 2 : 0);
		dwarfreply_fini(&reply);
	}
}

static void assert_refused(const struct buf *bytes)
{
	struct dwarfreply reply;

	assert_int_equal(dwarfreply_decode(buf_view(bytes), 2, &reply), 0);
	assert_false(reply.whole);
	assert_int_equal(reply.spans[0].count + reply.spans[1].count, 0);
	dwarfreply_fini(&reply);
}

static void numbers_out_of_bounds_end_the_reading(void **state)
{
	BUF_AUTO bytes = { 0 };

	answer(&bytes, 2, 1); /* no such address */
	frame(&bytes, 0, 0, 1);
	buf_add_char(&bytes, 'E');
	assert_refused(&bytes);
	buf_clear(&bytes);
	answer(&bytes, 0, 1);
	frame(&bytes, 1, 0, 1); /* no such string */
	buf_add_char(&bytes, 'E');
	assert_refused(&bytes);
	buf_clear(&bytes);
	answer(&bytes, 0, DWARFREPLY_INLINED_MAX + 1);
	for (int i = 0; i <= DWARFREPLY_INLINED_MAX; i++)
		frame(&bytes, 0, 0, 1);
	assert_refused(&bytes);
	buf_clear(&bytes);
	buf_add_char(&bytes, 'S');
	u32(&bytes, UINT32_MAX);
	assert_refused(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reply_is_read),
		cmocka_unit_test(a_reply_cut_anywhere_is_not_whole),
		cmocka_unit_test(numbers_out_of_bounds_end_the_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
