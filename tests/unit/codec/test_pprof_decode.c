/* test_pprof_decode: any part of a profile is an error or a profile, never a crash. */
#include "pprof_message.h"

static void every_cut_of_a_profile_is_an_error_or_a_profile(void **state)
{
	PROFILE_AUTO p = sample_profile();
	BUF_AUTO whole = { 0 };
	size_t refused = 0;

	assert_int_equal(pprof_encode(p, &whole, NULL), 0);
	for (size_t len = 0; len < whole.len; len++) {
		PROFILE_AUTO part = profile_new();
		/* Exactly as long as the cut, so that a sanitizer sees a read past it. */
		BUF_AUTO cut = { 0 };

		buf_add(&cut, whole.at, len);
		refused += pprof_decode(buf_view(&cut), part, NULL) < 0;
	}
	assert_true(refused > whole.len / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cut_of_a_profile_is_an_error_or_a_profile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
