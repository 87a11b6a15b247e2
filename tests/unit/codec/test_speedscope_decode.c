/* test_speedscope_decode: sampled profiles, several of them, and their mistakes. */
#include "speedscope_text.h"

static void sampled_profiles_have_weights(void **state)
{
	PROFILE_AUTO p =
		read_text("{" FRAMES ",\"profiles\":[{\"type\":\"sampled\",\"unit\":\"none\","
			  "\"weights\":[2,3,4],\"samples\":[[0,1],[0],[0,1]]}]}");

	assert_folded(p, "a 3\na;b 6\n");
	assert_view_equal(profile_text(p, p->types[0].type), "samples");
	assert_view_equal(profile_text(p, p->functions[1].file), "f.c");
	assert_int_equal(p->functions[1].start_line, 3);
}

static void several_profiles_merge_under_their_names(void **state)
{
	PROFILE_AUTO p = read_text(
		"{" FRAMES ",\"profiles\":["
		"{\"name\":\"one\",\"unit\":\"seconds\",\"samples\":[[0]],\"weights\":[1]},"
		"{\"name\":\"two\",\"unit\":\"bytes\",\"samples\":[[0]],\"weights\":[7]}]}");

	assert_int_equal(p->n_types, 2);
	assert_int_equal(p->n_samples, 2);
	assert_true(profile_total(p, 0) == 1000000000);
	assert_true(profile_total(p, 1) == 7);
	assert_view_equal(profile_text(p, p->labels[0].key), "thread");
	assert_view_equal(profile_text(p, p->labels[1].str), "two");
}

static void parts_of_a_unit_are_not_lost(void **state)
{
	PROFILE_AUTO p = read_text("{" FRAMES ",\"profiles\":[{\"unit\":\"none\",\"samples\":"
				   "[[0],[1],[0],[1],[0]],\"weights\":[0.4,0.4,0.4,0.4,0.4]}]}");

	assert_int_equal(profile_total(p, 0), 2);
}

#define SAMPLED(samples, weights)                                           \
	"{" FRAMES ",\"profiles\":[{\"unit\":\"none\",\"samples\":" samples \
	",\"weights\":" weights "}]}"

static void nonsense_is_refused(void **state)
{
	refuses("{}", "no shared frames or no profiles");
	refuses(SAMPLED("[[2]]", "[1]"), "profile 1: at byte ");
	refuses(SAMPLED("[[2]]", "[1]"), "a frame that is nowhere");
	refuses(SAMPLED("[[-1]]", "[1]"), "a frame that is nowhere");
	refuses(SAMPLED("[[0.5]]", "[1]"), "a frame that is nowhere");
	refuses(SAMPLED("[[0],[1]]", "[1]"), "fewer weights than samples");
	refuses(SAMPLED("[[0]]", "[1,2]"), "more weights than samples");
	refuses(SAMPLED("[[0]]", "[-1]"), "a negative weight");
	refuses(SAMPLED("[[0]]", "[1e19]"), "sum up to more than 2^63");
	refuses(SAMPLED("[[0],]", "[1]"), "");
	refuses("{" FRAMES ",\"profiles\":[{\"unit\":\"none\"}]}", "neither samples and weights");
	refuses("{" FRAMES ",\"profiles\":[{\"unit\":\"parsecs\"}]}", "the unit \"parsecs\"");
	refuses(SAMPLED("[]", "[]") "x", "something follows the end");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sampled_profiles_have_weights),
		cmocka_unit_test(several_profiles_merge_under_their_names),
		cmocka_unit_test(parts_of_a_unit_are_not_lost),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
