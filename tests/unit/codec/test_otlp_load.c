/* test_otlp_load: what a message becomes is bounded by its length. */
#include "otlp_message.h"

static void a_dictionary_shared_by_many_profiles_is_bounded(void **state)
{
	BUF_AUTO text = { 0 };
	BUF_AUTO body = { 0 };
	BUF_AUTO message = { 0 };
	PROFILE_AUTO p = profile_new();
	size_t resource, attribute, value, scope;
	struct err err = { 0 };

	for (size_t i = 0; i < 1 << 16; i++)
		buf_add_text(&text, "0123456789abcdef");
	resource = proto_begin(&body, OTLP_RESOURCE);
	attribute = proto_begin(&body, OTLP_RESOURCE_ATTRIBUTES);
	put(&body, OTLP_KEY, "k");
	value = proto_begin(&body, OTLP_VALUE);
	proto_put_bytes(&body, OTLP_ANY_TEXT, buf_view(&text));
	proto_end(&body, value);
	proto_end(&body, attribute);
	proto_end(&body, resource);
	scope = proto_begin(&body, OTLP_SCOPE_PROFILES);
	for (size_t i = 0; i < 1000; i++)
		put(&body, OTLP_PROFILES, "");
	proto_end(&body, scope);
	proto_put_bytes(&message, OTLP_RESOURCE_PROFILES, buf_view(&body));
	assert_int_equal(otlp_decode(buf_view(&message), p, &err), ERR_LIMIT);
	assert_non_null(strstr(err.text, "would take more than"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dictionary_shared_by_many_profiles_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
