/* test_otlp_label: attributes become labels with names that Prometheus takes. */
#include "otlp_message.h"

static void names_of_ours_and_theirs(void **state)
{
	ARENA_AUTO arena = { 0 };

	assert_view_equal(otlp_label_name(VIEW("thread.name"), &arena), "thread");
	assert_view_equal(otlp_label_name(VIEW("k8s.pod-name"), &arena), "k8s_pod_name");
	assert_view_equal(otlp_label_name(VIEW("plain_1"), &arena), "plain_1");
	assert_view_equal(otlp_label_key(VIEW("pid")), "process.pid");
	assert_view_equal(otlp_label_key(VIEW("other")), "other");
}

static void values_of_every_kind(void **state)
{
	static const struct {
		const char *value, *text;
	} cases[] = { { "\x0a\x01x", "x" }, { "\x10\x01", "true" },
		{ "\x21\x00\x00\x00\x00\x00\x00\xf8\x3f", "1.5" }, { "\x3a\x02\xca\xfe", "cafe" },
		{ "\x2a\x08\x0a\x03\x0a\x01x\x0a\x01\x10", "x," } };
	static const size_t lengths[] = { 3, 2, 9, 4, 10 };
	struct otlp_columns c = { 0 };

	for (size_t i = 0; i < 4; i++) {
		ARENA_AUTO arena = { 0 };
		struct otlp_label label;

		assert_true(otlp_label_read(&c,
			&(struct otlp_attribute){
				.key = VIEW("k"), .value = { cases[i].value, lengths[i] } },
			&arena, &label));
		assert_view_equal(label.text, cases[i].text);
	}
}

static void what_says_nothing_is_no_label(void **state)
{
	ARENA_AUTO arena = { 0 };
	struct otlp_columns c = { 0 };
	struct otlp_label label;

	assert_false(
		otlp_label_read(&c, &(struct otlp_attribute){ .key = VIEW("k") }, &arena, &label));
	assert_false(otlp_label_read(
		&c, &(struct otlp_attribute){ .value = VIEW("\x10\x01") }, &arena, &label));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_ours_and_theirs),
		cmocka_unit_test(values_of_every_kind),
		cmocka_unit_test(what_says_nothing_is_no_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
