/* test_crc32c: the values of RFC 3720, B.4, at once and in pieces. */
#include "testing.h"

#include "base/crc32c.h"

static void it_is_what_the_standard_says(void **state)
{
	char bytes[32];

	assert_int_equal(crc32c_add(0, VIEW("123456789")), 0xe3069283);
	memset(bytes, 0, sizeof(bytes));
	assert_int_equal(crc32c_add(0, (struct view){ bytes, 32 }), 0x8a9136aa);
	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(crc32c_add(0, (struct view){ bytes, 32 }), 0x62a8ab43);
	for (int i = 0; i < 32; i++)
		bytes[i] = (char)i;
	assert_int_equal(crc32c_add(0, (struct view){ bytes, 32 }), 0x46dd794e);
	for (size_t cut = 0; cut <= 32; cut++)
		assert_int_equal(crc32c_add(crc32c_add(0, (struct view){ bytes, cut }),
					 (struct view){ bytes + cut, 32 - cut }),
			0x46dd794e);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(it_is_what_the_standard_says) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
