/* test_pprof_json: a profile and its JSON say the same. */
#include "testing.h"

#include "codec/pprof_format.h"
#include "codec/pprof_json.h"
#include "model/random_profile.h"

static void json_reads_back_as_the_same_profile(void **state)
{
	for (unsigned seed = 0; seed < 40; seed++) {
		PROFILE_AUTO p = random_profile(seed);
		PROFILE_AUTO back = profile_new();
		PROFILE_AUTO direct = profile_new();
		BUF_AUTO bytes = { 0 };
		BUF_AUTO text = { 0 };
		BUF_AUTO again = { 0 };
		BUF_AUTO end = { 0 };
		BUF_AUTO direct_end = { 0 };
		struct err err = { 0 };

		assert_int_equal(pprof_encode(p, &bytes, NULL), 0);
		assert_int_equal(
			protojson_write(&pprof_json_profile, buf_view(&bytes), &text, NULL), 0);
		assert_int_equal(
			protojson_read(&pprof_json_profile, buf_view(&text), &again, NULL), 0);
		if (pprof_decode(buf_view(&again), back, &err) < 0)
			fail_msg("%s", err.text);
		assert_int_equal(pprof_encode(back, &end, NULL), 0);
		assert_int_equal(pprof_decode(buf_view(&bytes), direct, NULL), 0);
		assert_int_equal(pprof_encode(direct, &direct_end, NULL), 0);
		assert_true(view_equal(buf_view(&end), buf_view(&direct_end)));
	}
}

static void texts_become_utf8_and_nothing_else_changes(void **state)
{
	PROFILE_AUTO p = profile_new();
	BUF_AUTO bytes = { 0 };
	BUF_AUTO clean = { 0 };
	BUF_AUTO twice = { 0 };
	int64_t one = 1;

	profile_add_type(p, VIEW("cpu"), VIEW("count"), NULL);
	profile_add(p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("f\xff"))), 0, &one);
	assert_int_equal(pprof_encode(p, &bytes, NULL), 0);
	pprof_json_clean(buf_view(&bytes), &clean);
	assert_int_equal(clean.len, bytes.len + 2);
	assert_non_null(memmem(clean.at, clean.len,
		"\x04"
		"f\xef\xbf\xbd",
		5));
	pprof_json_clean(buf_view(&clean), &twice);
	assert_true(view_equal(buf_view(&clean), buf_view(&twice)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_reads_back_as_the_same_profile),
		cmocka_unit_test(texts_become_utf8_and_nothing_else_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
