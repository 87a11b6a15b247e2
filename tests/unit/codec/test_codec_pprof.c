/* test_codec_pprof: profiles are recognised by their first field, and leave zipped. */
#include "sample_profile.h"

#include "wire/gzip.h"

static void a_first_field_of_its_own_type_is_plausible(void **state)
{
	assert_true(codec_pprof.sniff(VIEW("\x0a\x04\x08\x01\x10\x02")));
	assert_true(codec_pprof.sniff(VIEW("\x48\x01")));
	assert_false(codec_pprof.sniff(VIEW("\x08\x01")));
	assert_false(codec_pprof.sniff(VIEW("\x82\x01\x00")));
	assert_false(codec_pprof.sniff(VIEW("java;main 1\n")));
	assert_false(codec_pprof.sniff(VIEW("")));
}

static void written_files_are_zipped_and_the_same_each_time(void **state)
{
	PROFILE_AUTO p = sample_profile();
	BUF_AUTO one = { 0 };
	BUF_AUTO two = { 0 };

	assert_int_equal(codec_pprof.encode(p, &one, NULL), 0);
	assert_int_equal(codec_pprof.encode(p, &two, NULL), 0);
	assert_true(gzip_is(buf_view(&one)));
	assert_true(view_equal(buf_view(&one), buf_view(&two)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_first_field_of_its_own_type_is_plausible),
		cmocka_unit_test(written_files_are_zipped_and_the_same_each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
