/* test_jfr_decode: one profile of all, or one of each kind; several chunks are one recording. */
#include "testing.h"

#include "codec/jfr_format.h"
#include "codec/jfr_made_end.h"
#include "codec/jfr_named.h"
#include "model/profile.h"

static int64_t total_of(const struct profile *profile, const char *type)
{
	int at = profile_find_type(profile, view_of(type));

	return at < 0 ? -1 : profile_total(profile, (size_t)at);
}

static void all_kinds_are_side_by_side(void **state)
{
	PROFILE_AUTO profile = profile_new();
	BUF_AUTO bytes = { 0 };

	jfr_made(&bytes);
	assert_int_equal(jfr_decode(buf_view(&bytes), profile, NULL), 0);
	assert_int_equal(profile->n_types, 5);
	assert_int_equal(total_of(profile, "cpu"), 60000000);
	assert_int_equal(total_of(profile, "alloc_sample_bytes"), 4096);
	assert_int_equal(total_of(profile, "contentions"), 1);
	assert_int_equal(total_of(profile, "delay"), 25000000);
	assert_int_equal(profile->time_ns, 1700000000000000000);
	assert_int_equal(profile->duration_ns, 5000000000);
	assert_int_equal(profile->period, 20000000);
}

static void chunks_add_up(void **state)
{
	PROFILE_AUTO profile = profile_new();
	BUF_AUTO bytes = { 0 };
	BUF_AUTO second = { 0 };
	struct err err = { 0 };

	jfr_made(&bytes);
	jfr_made(&second);
	made_big(&second, 32, 1700000005000000000);
	buf_add_view(&bytes, buf_view(&second));
	assert_int_equal(jfr_decode(buf_view(&bytes), profile, NULL), 0);
	assert_int_equal(total_of(profile, "cpu"), 120000000);
	assert_int_equal(profile->duration_ns, 10000000000);
	buf_add_text(&bytes, "rubbish");
	assert_int_equal(jfr_decode_parts(buf_view(&bytes), &(struct jfr_terms){ 0 },
				 &(struct parts_sink){ 0 }, &err),
		ERR_CORRUPT);
	assert_non_null(strstr(err.text, "chunk 3"));
}

struct seen {
	char names[100];
	int64_t cpu;
	size_t labels;
};

static int take(void *owner, const struct part *part, struct profile *profile, struct err *err)
{
	struct seen *seen = owner;

	strncat(seen->names, part->name.at, part->name.len);
	strncat(seen->names, " ", 2);
	if (view_equal(part->name, VIEW("process_cpu"))) {
		seen->cpu = profile_total(profile, 0);
		seen->labels = profile->n_labels;
		assert_view_equal(profile_text(profile, profile->period_type.type), "cpu");
	}
	profile_free(profile);
	return 0;
}

static void each_kind_is_a_part_with_its_labels(void **state)
{
	struct seen seen = { .names = "" };
	struct parts_sink sink = { take, &seen };
	BUF_AUTO bytes = { 0 };
	BUF_AUTO names = { 0 };
	struct jfr_terms terms = { 0 };

	jfr_made(&bytes);
	jfr_named(&names);
	terms.labels = buf_view(&names);
	assert_int_equal(jfr_decode_parts(buf_view(&bytes), &terms, &sink, NULL), 0);
	assert_string_equal(seen.names, "process_cpu memory mutex ");
	assert_int_equal(seen.cpu, 60000000);
	assert_int_equal(seen.labels, 2);
}

static void more_than_is_wanted_is_refused(void **state)
{
	struct seen seen = { .names = "" };
	struct parts_sink sink = { take, &seen };
	struct jfr_terms terms = { .events_max = 4 };
	BUF_AUTO bytes = { 0 };
	BUF_AUTO empty = { 0 };
	PROFILE_AUTO profile = profile_new();
	struct err err = { 0 };

	jfr_made(&bytes);
	assert_int_equal(jfr_decode_parts(buf_view(&bytes), &terms, &sink, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "more than 4 samples"));
	terms = (struct jfr_terms){ .frames_max = 3 };
	assert_int_equal(jfr_decode_parts(buf_view(&bytes), &terms, &sink, &err), ERR_LIMIT);
	jfr_made_begin(&empty);
	jfr_made_end(&empty);
	assert_int_equal(jfr_decode(buf_view(&empty), profile, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.text, "without samples"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_kinds_are_side_by_side),
		cmocka_unit_test(chunks_add_up),
		cmocka_unit_test(each_kind_is_a_part_with_its_labels),
		cmocka_unit_test(more_than_is_wanted_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
