/* test_otlp_encode: what a profile holds survives the way through OTLP. */
#include "otlp_message.h"

static void everything_survives(void **state)
{
	PROFILE_AUTO p = sample_profile();
	PROFILE_AUTO q = profile_new();
	BUF_AUTO message = { 0 };

	assert_int_equal(otlp_encode(p, &message, NULL), 0);
	assert_int_equal(otlp_decode(buf_view(&message), q, NULL), 0);
	assert_totals_equal(p, q);
	assert_int_equal(q->n_samples, p->n_samples);
	assert_int_equal(q->n_label_sets, p->n_label_sets);
	assert_true(q->time_ns == p->time_ns && q->duration_ns == p->duration_ns);
	assert_true(q->period == p->period);
	assert_int_equal(q->n_comments, 1);
	assert_view_equal(profile_text(q, q->comments[0]), "a comment");
	assert_view_equal(profile_text(q, q->doc_url), "https://example.org/");
	assert_view_equal(profile_text(q, q->drop_frames), "drop.*");
	assert_view_equal(profile_text(q, q->default_type), "samples");
	assert_int_equal(q->accounting.attempted, 12);
	assert_view_equal(profile_text(q, q->mappings[1].build_id), "c0ffee");
	assert_true(q->mappings[1].has_functions);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_survives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
