/* test_render_samples: stacks one by one, and what labels hold (pprof_views compares with pprof).
 */
#include "testing.h"

#include "render/render_samples.h"
#include "sample_service.h"

static void each_stack_is_told_leaf_first_with_its_labels(void **state)
{
	PROFILE_AUTO p = service_profile();
	BUF_AUTO out = { 0 };

	assert_int_equal(render_samples_traces(
				 p, &(struct render_text_options){ .rows_max = 2 }, &out, NULL),
		0);
	assert_view_equal(buf_view(&out),
		"-----------+-------------------------------------------------------\n"
		"     600ms   regcomp\n"
		"             search\n"
		"             search\n"
		"             main\n"
		"-----------+-------------------------------------------------------\n"
		"       job:  nightly\n"
		"     300ms   search\n"
		"             main\n"
		"-----------+-------------------------------------------------------\n"
		"2 more; -n shows more of them\n");
}

static void a_hostile_name_stays_inert(void **state)
{
	PROFILE_AUTO p = service_profile();
	BUF_AUTO out = { 0 };

	assert_int_equal(
		render_samples_traces(p, &(struct render_text_options){ 0 }, &out, NULL), 0);
	assert_null(memchr(out.at, '\033', out.len));
}

static void labels_are_summed_by_value(void **state)
{
	PROFILE_AUTO p = service_profile();
	struct label job = { profile_string(p, VIEW("job")), profile_string(p, VIEW("hourly")), 0,
		0 };
	struct label size = { profile_string(p, VIEW("bytes")), 0, 16384,
		profile_string(p, VIEW("bytes")) };
	uint32_t other = service_push(p, STACK_EMPTY, "other");
	BUF_AUTO out = { 0 };

	profile_add(p, other, profile_labels(p, &job, 1), (int64_t[]){ 60000000 });
	profile_add(p, service_push(p, other, "more"), profile_labels(p, &job, 1),
		(int64_t[]){ 40000000 });
	profile_add(p, other, profile_labels(p, &size, 1), (int64_t[]){ 900000000 });
	assert_int_equal(render_samples_tags(p, &(struct render_text_options){ 0 }, &out, NULL), 0);
	assert_view_equal(buf_view(&out), "bytes: total 900ms, 45.00% of the profile\n"
					  "     900ms   100%  16kB\n"
					  "\n"
					  "job: total 400ms, 20.00% of the profile\n"
					  "     300ms 75.00%  nightly\n"
					  "     100ms 25.00%  hourly\n"
					  "\n");
}

static void a_profile_without_labels_says_so(void **state)
{
	PROFILE_AUTO p = profile_new();
	BUF_AUTO out = { 0 };
	struct err err;

	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	assert_int_equal(render_samples_tags(p, &(struct render_text_options){ 0 }, &out, NULL), 0);
	assert_view_equal(buf_view(&out), "No sample has a label.\n");
	assert_int_equal(render_samples_tags(
				 p, &(struct render_text_options){ .type = VIEW("x") }, &out, &err),
		ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_stack_is_told_leaf_first_with_its_labels),
		cmocka_unit_test(a_hostile_name_stays_inert),
		cmocka_unit_test(labels_are_summed_by_value),
		cmocka_unit_test(a_profile_without_labels_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
