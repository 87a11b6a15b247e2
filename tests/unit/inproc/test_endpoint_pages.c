/* test_endpoint_pages: responses as Go's tool expects them. */
#include <stdio.h>
#include <stdlib.h>

#include "inproc/endpoint_pages.h"
#include "testing.h"

/* The response as a string; checks its length line. */
static const char *text_of(struct buf *out)
{
	const char *body, *length;

	buf_add_char(out, '\0');
	assert_false(out->failed);
	body = strstr(out->at, "\r\n\r\n");
	length = strstr(out->at, "Content-Length: ");
	assert_non_null(body);
	assert_non_null(length);
	assert_int_equal(strtoul(length + 16, NULL, 10), strlen(body + 4));
	return out->at;
}

static void errors_carry_gos_mark_and_the_sentence(void **state)
{
	BUF_AUTO out = { 0 };
	const char *text;

	endpoint_pages_error(&out, 429, "Retry-After: 10\r\n", "busy");
	text = text_of(&out);
	assert_int_equal(strncmp(text, "HTTP/1.1 429 Too Many Requests\r\n", 32), 0);
	assert_non_null(strstr(text, "\r\nX-Go-Pprof: 1\r\n"));
	assert_non_null(strstr(text, "\r\nRetry-After: 10\r\n"));
	assert_non_null(strstr(text, "\r\nX-Content-Type-Options: nosniff\r\n"));
	assert_non_null(strstr(text, "text/plain"));
	assert_null(strstr(text, "Content-Disposition"));
	assert_non_null(strstr(text, "\r\n\r\nbusy\n"));
}

static void a_profile_is_an_attachment(void **state)
{
	BUF_AUTO out = { 0 };

	endpoint_pages_profile(&out, "heap-delta", VIEW("bytes"));
	assert_non_null(strstr(
		text_of(&out), "Content-Disposition: attachment; filename=\"heap-delta\"\r\n"));
}

static void the_index_shows_cmdline_only_where_it_is_served(void **state)
{
	BUF_AUTO with = { 0 };
	BUF_AUTO without = { 0 };

	endpoint_pages_index(&with, true);
	endpoint_pages_index(&without, false);
	assert_non_null(strstr(text_of(&with), "\"cmdline\""));
	assert_null(strstr(text_of(&without), "\"cmdline\""));
	assert_non_null(strstr(without.at, "profile?seconds="));
}

static void addresses_get_their_names(void **state)
{
	char addresses[64], wanted[64];
	struct http_request request = { .method = HTTP_POST };
	BUF_AUTO out = { 0 };
	BUF_AUTO empty = { 0 };

	snprintf(addresses, sizeof(addresses), "0x%llx+zz+0x1",
		(unsigned long long)(uintptr_t)&malloc);
	snprintf(wanted, sizeof(wanted), "\n0x%llx ", (unsigned long long)(uintptr_t)&malloc);
	request.body = view_of(addresses);
	endpoint_pages_symbol(&out, &request);
	assert_non_null(strstr(text_of(&out), "\r\n\r\nnum_symbols: 1\n"));
	assert_non_null(strstr(out.at, wanted));
	endpoint_pages_symbol(&empty, &(struct http_request){ .method = HTTP_GET });
	assert_non_null(strstr(text_of(&empty), "\r\n\r\nnum_symbols: 1\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_carry_gos_mark_and_the_sentence),
		cmocka_unit_test(a_profile_is_an_attachment),
		cmocka_unit_test(the_index_shows_cmdline_only_where_it_is_served),
		cmocka_unit_test(addresses_get_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
