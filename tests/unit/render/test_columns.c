/* test_columns: numbers take as few bytes as they need, and every column says its length. */
#include "testing.h"

#include "render/columns.h"

static void a_number_takes_seven_bits_a_byte(void **state)
{
	BUF_AUTO out = { 0 };

	columns_add(&out, 0);
	columns_add(&out, 127);
	columns_add(&out, 128);
	columns_add(&out, UINT64_MAX);
	assert_int_equal(out.len, 1 + 1 + 2 + 10);
	assert_memory_equal(out.at, "\x00\x7f\x80\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 14);
}

static void a_column_begins_with_its_length_little_endian(void **state)
{
	BUF_AUTO out = { 0 };
	size_t at;

	columns_add_u32(&out, 0x01020304);
	at = columns_begin(&out);
	for (int i = 0; i < 300; i++)
		columns_add(&out, 1);
	columns_end(&out, at);
	assert_memory_equal(out.at, "\x04\x03\x02\x01\x2c\x01\x00\x00\x01", 9);
	assert_int_equal(out.len, 8 + 300);
}

static void a_full_buffer_fails_and_stays_so(void **state)
{
	struct buf out;
	size_t at;

	buf_init(&out, 6);
	at = columns_begin(&out);
	columns_add(&out, UINT64_MAX);
	columns_end(&out, at);
	assert_true(out.failed);
	buf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_takes_seven_bits_a_byte),
		cmocka_unit_test(a_column_begins_with_its_length_little_endian),
		cmocka_unit_test(a_full_buffer_fails_and_stays_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
