/* test_pprof_labels: labels as writers really write them. */
#include "pprof_message.h"

static void a_label_of_zero_is_kept(void **state)
{
	BUF_AUTO m = { 0 };
	PROFILE_AUTO p = NULL;
	size_t begun = proto_begin(&m, PPROF_SAMPLE);

	proto_put_number(&m, PPROF_SAMPLE_VALUE, 1);
	PUT(&m, PPROF_SAMPLE_LABEL, PPROF_LABEL_KEY, 3);
	proto_end(&m, begun);
	put_tables(&m);
	put_strings(&m);
	p = accepted(&m);
	assert_int_equal(p->label_sets[p->samples[0].labels].count, 1);
	assert_view_equal(profile_text(p, p->labels[0].key), "main");
	assert_int_equal(p->labels[0].num, 0);
}

static void put_label(struct buf *m, uint64_t key, uint64_t str, uint64_t num)
{
	PUT(m, PPROF_SAMPLE_LABEL, PPROF_LABEL_KEY, key, PPROF_LABEL_NUM, num,
		str ? PPROF_LABEL_STR : PPROF_LABEL_UNIT, str);
}

static void the_order_of_labels_does_not_matter(void **state)
{
	BUF_AUTO m = { 0 };
	PROFILE_AUTO p = NULL;

	for (uint64_t i = 0; i < 4; i++) {
		size_t begun = proto_begin(&m, PPROF_SAMPLE);

		put_label(&m, 3 + i % 2, 4 - i % 2, 0);
		proto_put_number(&m, PPROF_SAMPLE_VALUE, 1);
		put_label(&m, 4 - i % 2, 3 + i % 2, 0);
		proto_end(&m, begun);
	}
	put_tables(&m);
	put_strings(&m);
	p = accepted(&m);
	assert_int_equal(p->n_samples, 1);
	assert_int_equal(p->values[0], 4);
	assert_int_equal(p->label_sets[p->samples[0].labels].count, 2);
}

static void a_label_with_a_text_has_no_number(void **state)
{
	BUF_AUTO m = { 0 };
	PROFILE_AUTO p = NULL;
	size_t begun = proto_begin(&m, PPROF_SAMPLE);

	proto_put_number(&m, PPROF_SAMPLE_VALUE, 1);
	put_label(&m, 3, 4, 17);
	proto_end(&m, begun);
	put_tables(&m);
	put_strings(&m);
	p = accepted(&m);
	assert_int_equal(p->labels[0].num, 0);
	assert_view_equal(profile_text(p, p->labels[0].str), "work");
}

static void a_sample_of_too_many_labels_is_refused(void **state)
{
	BUF_AUTO m = { 0 };
	size_t begun = proto_begin(&m, PPROF_SAMPLE);

	proto_put_number(&m, PPROF_SAMPLE_VALUE, 1);
	for (size_t i = 0; i <= PPROF_LABELS_MAX; i++)
		put_label(&m, 3, 0, i);
	proto_end(&m, begun);
	put_tables(&m);
	put_strings(&m);
	assert_refused(&m, ERR_LIMIT, "a sample with more than 1024 labels");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_label_of_zero_is_kept),
		cmocka_unit_test(the_order_of_labels_does_not_matter),
		cmocka_unit_test(a_label_with_a_text_has_no_number),
		cmocka_unit_test(a_sample_of_too_many_labels_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
