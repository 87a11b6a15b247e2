/* test_census: what bytes would become, before they do. */
#include "testing.h"

#include "ingest/census.h"
#include "wire/proto.h"

static struct limits small(void)
{
	struct limits limits;

	limits_defaults(&limits);
	limits.samples = limits.frames = limits.strings = limits.locations = 5;
	return limits;
}

static void pprof_is(struct buf *message, const char *words)
{
	struct limits limits = small();
	struct refusal refusal = { 0 };
	int rc = census_pprof(buf_view(message), &limits, &(struct census){ 0 }, &refusal);

	if (words) {
		assert_true(rc < 0);
		assert_int_equal(refusal.status, 422);
		assert_non_null(strstr(refusal.text, words));
	} else {
		assert_int_equal(rc, 0);
	}
	buf_fini(message);
}

static void sample(struct buf *message, struct view locations)
{
	size_t begun = proto_begin(message, 2);

	proto_put_bytes(message, 1, locations);
	proto_end(message, begun);
}

static void each_table_has_its_limit(void **state)
{
	static const uint32_t ids[] = { 2, 3, 4, 5, 6 };
	static const char *const words[] = { "limits.samples", "limits.locations",
		"limits.locations", "limits.locations", "limits.strings" };

	for (size_t k = 0; k < 5; k++) {
		struct buf message = { 0 };

		for (int i = 0; i < 5; i++)
			proto_put_bytes(&message, ids[k], VIEW(""));
		pprof_is(&message, NULL);
		for (int i = 0; i < 6; i++)
			proto_put_bytes(&message, ids[k], VIEW(""));
		pprof_is(&message, words[k]);
	}
}

static void frames_are_counted_packed_and_not(void **state)
{
	struct buf message = { 0 };
	size_t begun;

	sample(&message, VIEW("\1\2\3"));
	sample(&message, VIEW("\x80\1\x80\2"));
	pprof_is(&message, NULL);
	sample(&message, VIEW("\1\2\3"));
	sample(&message, VIEW("\1\2\3"));
	pprof_is(&message, "6 frames in a profile; the limit is 5 (limits.frames)");
	begun = proto_begin(&message, 2);
	for (int i = 0; i < 6; i++)
		proto_put_number(&message, 1, 7);
	proto_end(&message, begun);
	pprof_is(&message, "limits.frames");
}

static void lines_of_locations_are_bounded_by_their_bytes(void **state)
{
	struct buf message = { 0 };
	char bytes[400] = { 0 };

	proto_put_bytes(&message, 4, (struct view){ bytes, 300 });
	pprof_is(&message, NULL);
	proto_put_bytes(&message, 4, (struct view){ bytes, 400 });
	pprof_is(&message, "bytes of locations");
}

static void texts_have_a_frame_between_their_marks(void **state)
{
	struct limits limits = small();
	struct refusal refusal = { 0 };
	struct census census;

	assert_int_equal(census_text(VIEW("a;b;c 1\nd;e 2"), &limits, &census, &refusal), 0);
	assert_int_equal(census.frames, 5);
	assert_true(census_text(VIEW("a;b;c 1\nd;e;f 2"), &limits, &census, &refusal) < 0);
	assert_true(census_text(VIEW("[[0,1,2],[3,4,5]]"), &limits, &census, &refusal) < 0);
}

static void bytes_that_make_no_sense_are_the_decoders(void **state)
{
	struct buf message = { 0 };

	buf_add_text(&message, "\xff\xff\xff");
	pprof_is(&message, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_table_has_its_limit),
		cmocka_unit_test(frames_are_counted_packed_and_not),
		cmocka_unit_test(lines_of_locations_are_bounded_by_their_bytes),
		cmocka_unit_test(texts_have_a_frame_between_their_marks),
		cmocka_unit_test(bytes_that_make_no_sense_are_the_decoders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
