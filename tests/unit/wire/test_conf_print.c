/* test_conf_print: what is printed reads back as the same, without the secrets. */
#include "testing.h"

#include "conf_sample.h"

static void what_is_printed_reads_back(void **state)
{
	ARENA_AUTO arena = { 0 };
	BUF_AUTO first = { 0 }, second = { 0 };
	struct sample_conf conf = { 0 }, again = { 0 };

	arena_init(&arena, 0);
	assert_int_equal(conf_read(&(struct conf_source){ "x.yml", VIEW(SAMPLE_TEXT) }, &SAMPLE,
				 &conf, &arena, NULL),
		0);
	conf_print(&SAMPLE, &conf, &first);
	assert_int_equal(conf_read(&(struct conf_source){ "y.yml", buf_view(&first) }, &SAMPLE,
				 &again, &arena, NULL),
		0);
	conf_print(&SAMPLE, &again, &second);
	assert_true(view_equal(buf_view(&first), buf_view(&second)));
	assert_string_equal(again.texts.at[1], "t\tw\"o");
	assert_int_equal(again.targets.n, 2);
	assert_string_equal(again.secret, "<secret>");
	assert_null(memmem(first.at, first.len, "hunter2", 7));
}

static void an_empty_struct_is_one(void **state)
{
	BUF_AUTO out = { 0 };
	struct sample_conf conf = { 0 };

	conf_print(&SAMPLE, &conf, &out);
	assert_view_equal(
		buf_view(&out), "flag: false\ncount: 0\nsize: 0\nwait: 0\ninner:\n  depth: 0\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_printed_reads_back),
		cmocka_unit_test(an_empty_struct_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
