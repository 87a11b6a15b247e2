/* test_speedscope_decode: both kinds of profile, several of them, and their mistakes. */
#include "sample_profile.h"

#include "codec/folded_format.h"
#include "codec/speedscope_format.h"

#define FRAMES \
	"\"shared\":{\"frames\":[{\"name\":\"a\"},{\"name\":\"b\",\"file\":\"f.c\",\"line\":3}]}"

static struct profile *read_text(const char *text)
{
	struct profile *p = profile_new();
	struct err err = { 0 };

	if (speedscope_decode(view_of(text), p, &err) < 0)
		fail_msg("%s", err.text);
	return p;
}

static void assert_folded(const struct profile *p, const char *wanted)
{
	BUF_AUTO out = { 0 };

	assert_int_equal(folded_encode(p, &out, NULL), 0);
	assert_view_equal(buf_view(&out), wanted);
}

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

static void evented_profiles_charge_what_is_open(void **state)
{
	PROFILE_AUTO p = read_text("{\"profiles\":[{\"type\":\"evented\",\"unit\":\"microseconds\","
				   "\"endValue\":20,\"events\":["
				   "{\"type\":\"O\",\"frame\":0,\"at\":1},"
				   "{\"type\":\"O\",\"frame\":1,\"at\":3},"
				   "{\"type\":\"C\",\"frame\":1,\"at\":4.5},"
				   "{\"type\":\"C\",\"frame\":0,\"at\":5},"
				   "{\"type\":\"O\",\"frame\":1,\"at\":15}]}]," FRAMES "}");

	assert_folded(p, "a 2500\na;b 1500\nb 5000\n");
	assert_view_equal(profile_text(p, p->types[0].unit), "nanoseconds");
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

static void refuses(const char *text, const char *sentence)
{
	PROFILE_AUTO p = profile_new();
	struct err err = { 0 };

	assert_true(speedscope_decode(view_of(text), p, &err) < 0);
	if (!strstr(err.text, sentence))
		fail_msg("\"%s\" does not say \"%s\"", err.text, sentence);
}

#define SAMPLED(samples, weights)                                           \
	"{" FRAMES ",\"profiles\":[{\"unit\":\"none\",\"samples\":" samples \
	",\"weights\":" weights "}]}"
#define EVENTED(events) "{" FRAMES ",\"profiles\":[{\"unit\":\"none\",\"events\":" events "}]}"

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
	refuses(EVENTED("[{\"type\":\"C\",\"frame\":0,\"at\":0}]"), "not the last one opened");
	refuses(EVENTED("[{\"type\":\"X\",\"frame\":0,\"at\":0}]"), "neither \"O\" nor \"C\"");
	refuses(EVENTED("[{\"type\":\"O\",\"frame\":0}]"), "an event without a time");
	refuses(EVENTED("[{\"type\":\"O\",\"frame\":0,\"at\":5},{\"type\":\"C\",\"frame\":0,\"at\":"
			"4}]"),
		"time runs backwards");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sampled_profiles_have_weights),
		cmocka_unit_test(evented_profiles_charge_what_is_open),
		cmocka_unit_test(several_profiles_merge_under_their_names),
		cmocka_unit_test(parts_of_a_unit_are_not_lost),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
