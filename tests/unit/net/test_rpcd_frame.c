/* test_rpcd_frame: prefixes and sentences. */
#include "testing.h"

#include "net/rpcd_frame.h"

static void a_prefix_says_how_long_and_whether_packed(void **state)
{
	struct rpcd_frame frame;
	bool wrong;

	assert_true(rpcd_frame_read((struct view){ "\1\0\1\2\3", 5 }, &frame, &wrong));
	assert_true(frame.packed);
	assert_int_equal(frame.len, 0x10203);
	assert_true(rpcd_frame_read((struct view){ "\0\xff\xff\xff\xff", 5 }, &frame, &wrong));
	assert_false(frame.packed);
	assert_int_equal(frame.len, 0xffffffff);
}

static void too_little_is_not_wrong_yet(void **state)
{
	struct rpcd_frame frame;
	bool wrong;

	assert_false(rpcd_frame_read((struct view){ 0 }, &frame, &wrong));
	assert_false(wrong);
	assert_false(rpcd_frame_read((struct view){ "\0\0\0\0", 4 }, &frame, &wrong));
	assert_false(wrong);
	assert_false(rpcd_frame_read((struct view){ "\2", 1 }, &frame, &wrong));
	assert_true(wrong);
}

static void what_is_put_is_read_again(void **state)
{
	BUF_AUTO out = { 0 };
	struct rpcd_frame frame;
	bool wrong;

	rpcd_frame_put(VIEW("hello"), &out);
	assert_true(rpcd_frame_read(buf_view(&out), &frame, &wrong));
	assert_int_equal(frame.len, 5);
	assert_int_equal(out.len, 10);
	assert_memory_equal(out.at + 5, "hello", 5);
}

static void a_sentence_is_ascii(void **state)
{
	BUF_AUTO out = { 0 };

	rpcd_frame_put_sentence(VIEW("50% of it\nis \xc3\xa9"), &out);
	assert_view_equal(buf_view(&out), "50%25 of it%0Ais %C3%A9");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_prefix_says_how_long_and_whether_packed),
		cmocka_unit_test(too_little_is_not_wrong_yet),
		cmocka_unit_test(what_is_put_is_read_again),
		cmocka_unit_test(a_sentence_is_ascii),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
