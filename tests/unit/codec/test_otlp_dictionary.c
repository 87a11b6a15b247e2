/* test_otlp_dictionary: tables are read, and every index of theirs is checked. */
#include "otlp_message.h"

static int scan(const struct buf *dictionary, struct err *err)
{
	BUF_AUTO message = { 0 };
	struct otlp_columns c;
	int rc;

	proto_put_bytes(&message, OTLP_DICTIONARY, buf_view(dictionary));
	rc = otlp_scan(buf_view(&message), &c, err);
	otlp_scan_fini(&c);
	return rc;
}

static void what_is_nowhere_is_named(void **state)
{
	static const struct {
		uint32_t table, field;
		const char *name;
	} cases[] = { { OTLP_MAPPINGS, OTLP_MAPPING_FILE, "mapping 0" },
		{ OTLP_LOCATIONS, OTLP_LOCATION_MAPPING, "location 0" },
		{ OTLP_FUNCTIONS, OTLP_FUNCTION_FILE, "function 0" },
		{ OTLP_ATTRIBUTES, OTLP_KEY, "attribute 0" },
		{ OTLP_STACKS, OTLP_STACK_LOCATIONS, "stack 0" } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		BUF_AUTO dictionary = { 0 };
		struct err err = { 0 };
		size_t begun = proto_begin(&dictionary, cases[i].table);

		proto_put_number(&dictionary, cases[i].field, 9);
		proto_end(&dictionary, begun);
		assert_int_equal(scan(&dictionary, &err), ERR_CORRUPT);
		assert_non_null(strstr(err.text, cases[i].name));
	}
}

static void the_first_string_is_empty(void **state)
{
	BUF_AUTO dictionary = { 0 };
	struct err err;

	put(&dictionary, OTLP_STRINGS, "x");
	assert_int_equal(scan(&dictionary, &err), ERR_CORRUPT);
	assert_string_equal(err.text, "the first string is not empty");
}

static void ids_have_their_length(void **state)
{
	BUF_AUTO dictionary = { 0 };
	size_t begun = proto_begin(&dictionary, OTLP_LINKS);
	struct err err;

	put(&dictionary, OTLP_LINK_TRACE, "short");
	proto_end(&dictionary, begun);
	assert_int_equal(scan(&dictionary, &err), ERR_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_nowhere_is_named),
		cmocka_unit_test(the_first_string_is_empty),
		cmocka_unit_test(ids_have_their_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
