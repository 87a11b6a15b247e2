/* test_codec_jfr: a recording among the other formats. */
#include "testing.h"

#include "codec/codec.h"
#include "codec/jfr_made_end.h"
#include "model/profile.h"

static void it_is_known_by_its_bytes_and_its_name(void **state)
{
	struct profile *profile;
	BUF_AUTO bytes = { 0 };

	jfr_made(&bytes);
	assert_ptr_equal(codec_by_path(VIEW("a/b.jfr")), &codec_jfr);
	assert_null(codec_jfr.encode);
	for (size_t i = 0; codec_all[i]; i++)
		if (codec_all[i] != &codec_jfr && codec_all[i] != &codec_pprof)
			assert_false(codec_all[i]->sniff(buf_view(&bytes)));
	assert_int_equal(codec_decode(buf_view(&bytes), &profile, NULL), 0);
	assert_int_equal(profile->n_types, 5);
	profile_free(profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_known_by_its_bytes_and_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
