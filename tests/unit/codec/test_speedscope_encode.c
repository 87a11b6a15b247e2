/* test_speedscope_encode: a profile for each type, and back without loss of a number. */
#include "sample_profile.h"

#include "codec/folded_format.h"
#include "codec/speedscope_format.h"

static void the_file_is_as_documented(void **state)
{
	PROFILE_AUTO p = profile_new();
	BUF_AUTO out = { 0 };
	uint32_t stack;

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	stack = profile_push(p, STACK_EMPTY, profile_named(p, VIEW("main")));
	profile_add(p, stack, 0, (int64_t[]){ 2 });
	stack = profile_push(p, stack, profile_named(p, VIEW("</script>")));
	profile_add(p, stack, 0, (int64_t[]){ 3 });
	assert_int_equal(speedscope_encode(p, &out, NULL), 0);
	assert_view_equal(buf_view(&out),
		"{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\","
		"\"exporter\":\"flyover\",\"activeProfileIndex\":0,"
		"\"shared\":{\"frames\":[{\"name\":\"main\"},{\"name\":\"\\u003c/script>\"}]},"
		"\"profiles\":[{\"type\":\"sampled\",\"name\":\"samples/count\",\"unit\":\"none\","
		"\"startValue\":0,\"endValue\":5,\"samples\":[[0],[0,1]],\"weights\":[2,3]}]}\n");
}

static void types_and_totals_come_back(void **state)
{
	PROFILE_AUTO p = sample_profile();
	PROFILE_AUTO q = profile_new();
	BUF_AUTO out = { 0 };
	BUF_AUTO a = { 0 };
	BUF_AUTO b = { 0 };

	assert_int_equal(speedscope_encode(p, &out, NULL), 0);
	assert_int_equal(speedscope_decode(buf_view(&out), q, NULL), 0);
	assert_totals_equal(p, q);
	assert_view_equal(profile_text(q, q->types[1].type), "cpu");
	assert_view_equal(profile_text(q, q->types[1].unit), "nanoseconds");
	assert_int_equal(folded_encode(p, &a, NULL), 0);
	q->default_type = q->types[0].type;
	assert_int_equal(folded_encode(q, &b, NULL), 0);
	assert_true(view_equal(buf_view(&a), buf_view(&b)));
}

static void what_it_cannot_hold_is_refused(void **state)
{
	PROFILE_AUTO p = profile_new();
	BUF_AUTO out = { 0 };
	struct err err;

	assert_int_equal(speedscope_encode(p, &out, &err), ERR_UNSUPPORTED);
	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(p, STACK_EMPTY, 0, (int64_t[]){ -1 });
	assert_int_equal(speedscope_encode(p, &out, &err), ERR_UNSUPPORTED);
	assert_string_equal(err.text, "a sample of -1: speedscope has no negative weights");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_file_is_as_documented),
		cmocka_unit_test(types_and_totals_come_back),
		cmocka_unit_test(what_it_cannot_hold_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
