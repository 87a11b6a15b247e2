/* test_otlp_scan: messages cut off anywhere are refused or shorter, and nothing is read past their
 * end. */
#include "otlp_message.h"

static void every_cut_is_survived(void **state)
{
	BUF_AUTO sample = { 0 };
	BUF_AUTO message = { 0 };

	put_sample(&sample, false);
	put_message(&message, &sample, 1);
	for (size_t len = 0; len < message.len; len++) {
		char *exact = test_malloc(len ? len : 1);
		struct otlp_columns c;
		struct err err = { 0 };

		memcpy(exact, message.at, len);
		if (otlp_scan((struct view){ exact, len }, &c, &err) < 0)
			assert_true(err.text[0]);
		otlp_scan_fini(&c);
		test_free(exact);
	}
}

static void profiles_are_counted(void **state)
{
	BUF_AUTO message = { 0 };
	size_t r = proto_begin(&message, OTLP_RESOURCE_PROFILES);
	size_t s = proto_begin(&message, OTLP_SCOPE_PROFILES);
	struct otlp_columns c;
	struct err err;

	for (size_t i = 0; i <= OTLP_PROFILES_MAX; i++)
		put(&message, OTLP_PROFILES, "");
	proto_end(&message, s);
	proto_end(&message, r);
	assert_int_equal(otlp_scan(buf_view(&message), &c, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "more than 16384 profiles"));
	otlp_scan_fini(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cut_is_survived),
		cmocka_unit_test(profiles_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
