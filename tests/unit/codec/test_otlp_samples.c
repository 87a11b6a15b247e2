/* test_otlp_samples: values, labels and stacks of samples, and what is refused. */
#include "otlp_message.h"

static void a_sample_of_either_layout_is_the_same(void **state)
{
	for (int is_old = 0; is_old < 2; is_old++) {
		BUF_AUTO sample = { 0 };
		PROFILE_AUTO p = NULL;

		put_sample(&sample, is_old);
		assert_int_equal(decode_samples(&sample, 1, &p, NULL), 0);
		assert_int_equal(p->n_samples, 1);
		assert_int_equal(p->values[0], 30);
		assert_view_equal(label_of(p, 0, "thread"), "w1");
		assert_view_equal(label_of(p, 0, "service_name"), "shop");
		assert_view_equal(label_of(p, 0, "trace_id"), "4142434445464748494a4b4c4d4e4f50");
		assert_view_equal(label_of(p, 0, "span_id"), "3132333435363738");
	}
}

static void timestamps_count_where_values_are_missing(void **state)
{
	BUF_AUTO sample = { 0 };
	PROFILE_AUTO p = NULL;

	proto_put_number(&sample, OTLP_SAMPLE_STACK, 1);
	proto_put_bytes(&sample, OTLP_SAMPLE_TIMESTAMPS, VIEW("1234567812345678"));
	assert_int_equal(decode_samples(&sample, 1, &p, NULL), 0);
	assert_int_equal(p->values[0], 2);
}

static void a_sample_without_a_value_is_refused_loudly(void **state)
{
	BUF_AUTO sample = { 0 };
	PROFILE_AUTO p = NULL;
	struct err err;

	proto_put_number(&sample, OTLP_SAMPLE_STACK, 1);
	assert_int_equal(decode_samples(&sample, 1, &p, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.text, "neither values nor timestamps"));
}

static void indexes_must_be_somewhere(void **state)
{
	static const uint32_t fields[] = { OTLP_SAMPLE_STACK, OTLP_SAMPLE_LINK };

	for (size_t i = 0; i < 2; i++) {
		BUF_AUTO sample = { 0 };
		PROFILE_AUTO p = NULL;
		struct err err;

		proto_put_number(&sample, fields[i], 2);
		put_packed(&sample, OTLP_SAMPLE_VALUES, 1, (uint64_t[]){ 1 });
		assert_int_equal(decode_samples(&sample, 1, &p, &err), ERR_CORRUPT);
		assert_non_null(strstr(err.text, "nowhere in the dictionary"));
	}
}

static void values_and_timestamps_must_match(void **state)
{
	BUF_AUTO sample = { 0 };
	PROFILE_AUTO p = NULL;
	struct err err;

	put_packed(&sample, OTLP_SAMPLE_VALUES, 2, (uint64_t[]){ 1, 2 });
	assert_int_equal(decode_samples(&sample, 1, &p, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.text, "2 values and 0 timestamps"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sample_of_either_layout_is_the_same),
		cmocka_unit_test(timestamps_count_where_values_are_missing),
		cmocka_unit_test(a_sample_without_a_value_is_refused_loudly),
		cmocka_unit_test(indexes_must_be_somewhere),
		cmocka_unit_test(values_and_timestamps_must_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
