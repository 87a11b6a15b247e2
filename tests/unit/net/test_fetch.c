/* test_fetch: answers within their bounds, and sentences for all others. */
#include "testing.h"

#include <stdio.h>

#include "net/address.h"
#include "net/fetch.h"
#include "net/httpd.h"

static char base[64];
static struct httpd *httpd;

static void admit(void *owner, struct httpd_request *request, struct httpd_terms *terms,
	struct httpd_reply *refusal)
{
	terms->body_max = 1000;
}

static void handle(void *owner, const struct httpd_request *request, struct httpd_reply *ret)
{
	if (strcmp(request->path, "/ok") == 0) {
		ret->body = VIEW("the profile");
	} else if (strcmp(request->path, "/who") == 0) {
		const char *who = httpd_header(request, "Authorization");
		const char *tenant = httpd_header(request, "X-Scope-OrgID");

		buf_add_format(&ret->made, "%s %s of %s: %.*s", request->method,
			who ? who : "nobody", tenant ? tenant : "nothing", (int)request->body.len,
			request->body.at);
	} else if (strcmp(request->path, "/large") == 0) {
		if (buf_reserve(&ret->made, 1 << 20))
			memset(ret->made.at, 'x', ret->made.len = 1 << 20);
	} else {
		ret->status = 500;
		ret->body = VIEW("cpu profiling already in use\n\x1b[31mmore");
	}
}

static int start(void **state)
{
	struct address address = { .host = "127.0.0.1" };
	struct httpd_options options = { .handle = handle, .admit = admit };
	uint16_t port;
	bool taken;

	options.fd = address_listen(&address, &port, &taken, NULL);
	snprintf(base, sizeof(base), "http://127.0.0.1:%u", port);
	return options.fd < 0 ? -1 : httpd_start(&options, &httpd, NULL);
}

static int stop(void **state)
{
	httpd_stop(httpd);
	return 0;
}

static int get(const char *path, size_t max, struct buf *out, struct err *err)
{
	char url[128];

	snprintf(url, sizeof(url), "%s%s", base, path);
	return fetch_send(
		&(struct fetch_request){ .url = url, .limits = { max, 10 } }, out, NULL, err);
}

static void the_body_is_added_to_what_was_there(void **state)
{
	BUF_AUTO out = { 0 };

	buf_add_text(&out, "before ");
	assert_int_equal(get("/ok", 100, &out, NULL), 0);
	assert_view_equal(buf_view(&out), "before the profile");
}

static void it_says_who_we_are(void **state)
{
	struct fetch_request request = { .mime = "text/plain",
		.body = VIEW("a body"),
		.limits = { 1000, 10 },
		.trust = { .authorization = "Bearer abc", .tenant = "shop" } };
	BUF_AUTO out = { 0 };
	unsigned status;
	char url[128];

	snprintf(url, sizeof(url), "%s/who", base);
	request.url = url;
	assert_int_equal(fetch_send(&request, &out, &status, NULL), 0);
	assert_int_equal(status, 200);
	assert_view_equal(buf_view(&out), "POST Bearer abc of shop: a body");
}

static void more_than_the_limit_is_refused_and_leaves_nothing(void **state)
{
	BUF_AUTO out = { 0 };
	struct err err;

	assert_int_equal(get("/large", 1000, &out, &err), ERR_LIMIT);
	assert_int_equal(out.len, 0);
	assert_int_equal(get("/large", 1 << 20, &out, &err), 0);
	assert_int_equal(out.len, 1 << 20);
}

static void an_error_of_the_endpoint_is_told_in_its_words(void **state)
{
	BUF_AUTO out = { 0 };
	struct err err;

	assert_int_equal(get("/busy", 1000, &out, &err), ERR_IO);
	assert_non_null(strstr(err.text, "500: cpu profiling already in use"));
	assert_null(strchr(err.text, '\x1b'));
	assert_int_equal(out.len, 0);
}

static void only_http_is_fetched(void **state)
{
	struct fetch_request request = { .url = "file:///etc/hostname", .limits = { 1000, 5 } };
	BUF_AUTO out = { 0 };
	struct err err;

	assert_int_equal(fetch_send(&request, &out, NULL, &err), ERR_IO);
	assert_int_equal(out.len, 0);
}

static void nobody_there_is_a_sentence(void **state)
{
	struct fetch_request request = { .url = "http://127.0.0.1:1/", .limits = { 1000, 5 } };
	BUF_AUTO out = { 0 };
	unsigned status = 1;
	struct err err;

	assert_int_equal(fetch_send(&request, &out, &status, &err), ERR_IO);
	assert_int_equal(status, 0);
	assert_non_null(strstr(err.text, "cannot fetch http://127.0.0.1:1/"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_body_is_added_to_what_was_there),
		cmocka_unit_test(it_says_who_we_are),
		cmocka_unit_test(more_than_the_limit_is_refused_and_leaves_nothing),
		cmocka_unit_test(an_error_of_the_endpoint_is_told_in_its_words),
		cmocka_unit_test(only_http_is_fetched),
		cmocka_unit_test(nobody_there_is_a_sentence),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
