/* test_codec_speedscope: its JSON is told from other JSON. */
#include "sample_profile.h"

static void the_schema_or_the_shape_is_recognised(void **state)
{
	assert_true(codec_speedscope.sniff(
		VIEW(" \n{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\"}")));
	assert_true(codec_speedscope.sniff(VIEW("\xef\xbb\xbf{\"shared\":{\"frames\":[]}}")));
	assert_false(codec_speedscope.sniff(VIEW("{\"nodes\":[]}")));
	assert_false(codec_speedscope.sniff(VIEW("speedscope 1")));
	assert_false(codec_speedscope.sniff(VIEW("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_schema_or_the_shape_is_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
