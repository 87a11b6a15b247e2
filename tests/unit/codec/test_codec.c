/* test_codec: formats are found by name, path and content. */
#include "sample_profile.h"

#include "wire/gzip.h"

static void found_by_name_and_path(void **state)
{
	assert_ptr_equal(codec_by_name(VIEW("folded")), &codec_folded);
	assert_null(codec_by_name(VIEW("fold")));
	assert_ptr_equal(codec_by_path(VIEW("/a.b/x.pb.gz")), &codec_pprof);
	assert_ptr_equal(codec_by_path(VIEW("x.folded")), &codec_folded);
	assert_ptr_equal(codec_by_path(VIEW("x.speedscope.json")), &codec_speedscope);
	assert_null(codec_by_path(VIEW("x.json")));
	assert_null(codec_by_path(VIEW("x")));
}

static void each_format_knows_its_own_output_zipped_or_not(void **state)
{
	PROFILE_AUTO p = sample_profile();

	for (size_t i = 0; codec_all[i]; i++) {
		PROFILE_AUTO plain = NULL;
		PROFILE_AUTO unzipped = NULL;
		BUF_AUTO out = { 0 };
		BUF_AUTO zipped = { 0 };

		if (!codec_all[i]->encode)
			continue;
		assert_int_equal(codec_all[i]->encode(p, &out, NULL), 0);
		assert_int_equal(codec_decode(buf_view(&out), &plain, NULL), 0);
		assert_true(profile_total(plain, 0) == profile_total(p, 0));
		if (gzip_is(buf_view(&out)))
			continue;
		for (size_t k = 0; k <= i; k++) /* it is the first that thinks so */
			assert_int_equal(codec_all[k]->sniff(buf_view(&out)), i == k);
		gzip_deflate(buf_view(&out), 6, &zipped, NULL);
		assert_int_equal(codec_decode(buf_view(&zipped), &unzipped, NULL), 0);
		assert_totals_equal(plain, unzipped);
	}
}

static void what_is_no_profile_is_named_so(void **state)
{
	struct profile *p;
	struct err err;

	assert_int_equal(codec_decode(VIEW(""), &p, &err), ERR_CORRUPT);
	assert_string_equal(err.text, "the input is empty");
	assert_int_equal(codec_decode(VIEW("\x7f"
					   "ELF\x02\x01"),
				 &p, &err),
		ERR_CORRUPT);
	assert_string_equal(err.text, "not a profile in a format we read (jfr, speedscope, "
				      "otlp-json, otlp, pprof, folded)");
	assert_int_equal(codec_decode(VIEW("java;work;x"), &p, &err), ERR_CORRUPT);
	assert_string_equal(err.text, "folded: line 1: no count at the end of the line");
	assert_null(p);
}

static void a_server_can_say_less(void **state)
{
	const struct codec_limits limits = { .bytes_max = 10 };
	struct profile *p;
	struct err err;

	assert_int_equal(codec_decode_within(VIEW("main;work 17\n"), &limits, &p, &err), ERR_LIMIT);
	assert_string_equal(err.text, "a profile of 13 bytes; the limit is 10");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_by_name_and_path),
		cmocka_unit_test(each_format_knows_its_own_output_zipped_or_not),
		cmocka_unit_test(what_is_no_profile_is_named_so),
		cmocka_unit_test(a_server_can_say_less),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
