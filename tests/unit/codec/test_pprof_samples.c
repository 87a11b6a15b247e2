/* test_pprof_samples: stacks, values and labels as writers really write them. */
#include "pprof_message.h"

static void sample(struct buf *m, struct view packed, uint64_t value)
{
	size_t begun = proto_begin(m, PPROF_SAMPLE);

	proto_put_bytes(m, PPROF_SAMPLE_LOCATION, packed);
	proto_put_number(m, PPROF_SAMPLE_VALUE, value);
	proto_end(m, begun);
}

static void packed_and_unpacked_stacks_are_the_same(void **state)
{
	BUF_AUTO m = { 0 };
	PROFILE_AUTO p = NULL;
	size_t begun;

	sample(&m, VIEW("\x02\x01"), 3);
	PUT(&m, PPROF_SAMPLE, PPROF_SAMPLE_VALUE, 4, PPROF_SAMPLE_LOCATION, 2,
		PPROF_SAMPLE_LOCATION, 1);
	begun = proto_begin(&m, PPROF_SAMPLE);
	proto_put_bytes(&m, PPROF_SAMPLE_LOCATION, VIEW("\x02"));
	proto_put_bytes(&m, PPROF_SAMPLE_VALUE, VIEW("\x05"));
	proto_put_number(&m, PPROF_SAMPLE_LOCATION, 1);
	proto_end(&m, begun);
	put_tables(&m);
	put_strings(&m);
	p = accepted(&m);
	assert_int_equal(p->n_samples, 1);
	assert_int_equal(profile_total(p, 0), 12);
	assert_int_equal(p->stacks.nodes[p->samples[0].stack].location, 1);
	assert_int_equal(p->stacks.count, 3);
}

/* 130 locations, so that ids of one and two bytes end in the same bytes: 0x01 and 0x82 0x01. */
static void ids_that_share_last_bytes_are_not_confused(void **state)
{
	static const struct view stacks[] = { { "\x01", 1 }, { "\x82\x01", 2 }, { "\x01\x01", 2 },
		{ "\x82\x01\x01", 3 }, { "\x01\x82\x01", 3 }, { "\x82\x01\x82\x01", 4 },
		{ "\x02\x82\x01", 3 } };
	BUF_AUTO m = { 0 };
	PROFILE_AUTO p = NULL;

	PUT(&m, PPROF_SAMPLE_TYPE, 1, 1, 2, 2);
	for (size_t i = 0; i < 7 * 7; i++) {
		sample(&m, stacks[i / 7], 1);
		sample(&m, stacks[i % 7], 1);
	}
	for (uint64_t i = 1; i <= 130; i++)
		PUT(&m, PPROF_LOCATION, PPROF_LOCATION_ID, i, PPROF_LOCATION_ADDRESS, i);
	put_strings(&m);
	p = accepted(&m);
	assert_int_equal(p->n_samples, 7);
	for (size_t i = 0; i < p->n_samples; i++) {
		struct proto in = proto_of(stacks[i]);
		uint32_t stack = p->samples[i].stack;
		uint64_t id;

		for (; in.at < in.end && proto_varint(&in, &id);
			stack = p->stacks.nodes[stack].parent)
			assert_int_equal(p->locations[p->stacks.nodes[stack].location].address, id);
		assert_int_equal(stack, STACK_EMPTY);
		assert_int_equal(p->values[i], 14);
	}
}

static void broken(struct view packed, const char *sentence)
{
	BUF_AUTO m = { 0 };

	sample(&m, packed, 3);
	put_tables(&m);
	put_strings(&m);
	assert_refused(&m, ERR_CORRUPT, sentence);
}

static void a_broken_stack_is_refused(void **state)
{
	broken(VIEW("\x02\x03"), "a sample at location 3, which is nowhere");
	broken(VIEW("\x02\x00"), "a sample at location 0, which is nowhere");
	broken(VIEW("\x02\x81"), "a number is cut off");
}

static void values_must_match_the_types(void **state)
{
	BUF_AUTO more = { 0 };
	BUF_AUTO fewer = { 0 };
	BUF_AUTO untyped = { 0 };

	PUT(&more, PPROF_SAMPLE, PPROF_SAMPLE_VALUE, 4, PPROF_SAMPLE_VALUE, 4);
	put_tables(&more);
	put_strings(&more);
	assert_refused(&more, ERR_CORRUPT, "a sample with more values than the 1 sample types");
	PUT(&fewer, PPROF_SAMPLE, PPROF_SAMPLE_LOCATION, 1);
	put_tables(&fewer);
	put_strings(&fewer);
	assert_refused(&fewer, ERR_CORRUPT, "a sample with 0 values for 1 sample types");
	PUT(&untyped, PPROF_SAMPLE, PPROF_SAMPLE_VALUE, 1);
	put_strings(&untyped);
	assert_refused(&untyped, ERR_CORRUPT, "samples without a type");
}

/* Ids of more than four bytes are read one at a time. */
static void ids_of_any_width_are_read(void **state)
{
	BUF_AUTO m = { 0 };
	BUF_AUTO packed = { 0 };
	PROFILE_AUTO p = NULL;

	proto_put_varint(&packed, UINT64_MAX);
	proto_put_varint(&packed, 2);
	sample(&m, buf_view(&packed), 1);
	PUT(&m, PPROF_LOCATION, PPROF_LOCATION_ID, UINT64_MAX, PPROF_LOCATION_ADDRESS, 77);
	put_tables(&m);
	put_strings(&m);
	p = accepted(&m);
	assert_int_equal(p->locations[p->stacks.nodes[p->samples[0].stack].location].address, 77);
	assert_int_equal(p->stacks.count, 3);
}

static void a_bottomless_stack_is_refused(void **state)
{
	BUF_AUTO m = { 0 };
	BUF_AUTO packed = { 0 };

	for (size_t i = 0; i <= PPROF_DEPTH_MAX; i++)
		buf_add_char(&packed, 1);
	sample(&m, buf_view(&packed), 1);
	put_tables(&m);
	put_strings(&m);
	assert_refused(&m, ERR_LIMIT, "a stack of more than 65536 frames");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packed_and_unpacked_stacks_are_the_same),
		cmocka_unit_test(ids_that_share_last_bytes_are_not_confused),
		cmocka_unit_test(a_broken_stack_is_refused),
		cmocka_unit_test(values_must_match_the_types),
		cmocka_unit_test(ids_of_any_width_are_read),
		cmocka_unit_test(a_bottomless_stack_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
