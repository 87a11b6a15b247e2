/* test_codec_folded: text is recognised, other bytes are not. */
#include "sample_profile.h"

static void text_is_plausible_and_binary_is_not(void **state)
{
	assert_true(codec_folded.sniff(VIEW("main;work 1\r\n")));
	assert_true(codec_folded.sniff(VIEW("\xff\xfe"
					    "a\0")));
	assert_false(codec_folded.sniff(VIEW("\x0a\x04\x08\x01\x10\x02")));
	assert_false(codec_folded.sniff(VIEW("main\x01;work 1")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_plausible_and_binary_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
