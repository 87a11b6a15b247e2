/* test_codec_otlp: OTLP is told from pprof, and its JSON from other JSON. */
#include "sample_profile.h"

#include "codec/otlp_format.h"
#include "codec/pprof_format.h"

static void otlp_is_no_pprof(void **state)
{
	PROFILE_AUTO p = sample_profile();
	BUF_AUTO pprof = { 0 };
	BUF_AUTO otlp = { 0 };

	assert_int_equal(pprof_encode(p, &pprof, NULL), 0);
	assert_int_equal(otlp_encode(p, &otlp, NULL), 0);
	assert_true(codec_otlp.sniff(buf_view(&otlp)));
	assert_false(codec_otlp.sniff(buf_view(&pprof)));
	assert_false(codec_otlp.sniff(VIEW("main;work 1\n")));
	assert_false(codec_otlp.sniff(VIEW("")));
}

static void json_is_known_by_its_keys(void **state)
{
	assert_true(codec_otlp_json.sniff(VIEW(" {\"resourceProfiles\":[]}")));
	assert_true(codec_otlp_json.sniff(VIEW("{\"resource_profiles\":[]}")));
	assert_false(codec_otlp_json.sniff(VIEW("{\"shared\":{\"frames\":[]}}")));
	assert_false(codec_otlp_json.sniff(VIEW("resourceProfiles")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(otlp_is_no_pprof),
		cmocka_unit_test(json_is_known_by_its_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
