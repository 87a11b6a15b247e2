/* test_otlp_layout: both layouts are told apart by what only one of them can say. */
#include "otlp_message.h"

static bool is_old(const struct buf *samples, size_t n, int *ret_rc)
{
	BUF_AUTO message = { 0 };
	struct otlp_columns c;
	bool old;

	put_message(&message, samples, n);
	*ret_rc = otlp_scan(buf_view(&message), &c, NULL);
	old = c.is_old;
	otlp_scan_fini(&c);
	return old;
}

static void one_telling_sample_decides_for_all(void **state)
{
	struct buf samples[2] = { 0 };
	int rc;

	proto_put_number(&samples[0], 1, 1);
	put_packed(&samples[0], 2, 1, (uint64_t[]){ 1 });
	assert_true(is_old(samples, 1, &rc));
	put_sample(&samples[1], false);
	assert_false(is_old(samples, 2, &rc));
	buf_clear(&samples[1]);
	put_sample(&samples[1], true);
	assert_true(is_old(samples, 2, &rc));
	assert_int_equal(rc, 0);
	buf_fini(&samples[0]);
	buf_fini(&samples[1]);
}

static void timestamps_alone_are_new(void **state)
{
	BUF_AUTO sample = { 0 };
	int rc;

	put_packed(&sample, 2, 1, (uint64_t[]){ 1 });
	proto_put_bytes(&sample, 5, VIEW("1234567812345678"));
	assert_false(is_old(&sample, 1, &rc));
}

static void a_mixture_is_refused(void **state)
{
	struct buf samples[2] = { 0 };
	int rc;

	put_sample(&samples[0], false);
	put_sample(&samples[1], true);
	is_old(samples, 2, &rc);
	assert_int_equal(rc, ERR_CORRUPT);
	buf_fini(&samples[0]);
	buf_fini(&samples[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_telling_sample_decides_for_all),
		cmocka_unit_test(timestamps_alone_are_new),
		cmocka_unit_test(a_mixture_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
