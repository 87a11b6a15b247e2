/* test_api_answer: answers, refusals with their sentence, and who we are. */
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/api_answer.h"
#include "net/address.h"
#include "net/httpd.h"

static char base[64];
static struct httpd *httpd;

static void handle(void *owner, const struct httpd_request *request, struct httpd_reply *ret)
{
	const char *who = httpd_header(request, "Authorization");

	if (strcmp(request->path, "/ok") == 0) {
		buf_add_text(&ret->made, who ? who : "nobody");
	} else {
		ret->status = 400;
		ret->mime = "application/json";
		ret->body = VIEW(
			"{\"code\":\"invalid_argument\",\"message\":\"no \\\"such\\\" thing\"}");
	}
}

static int start(void **state)
{
	struct address address = { .host = "127.0.0.1" };
	struct httpd_options options = { .handle = handle };
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

static void we_say_who_we_are(void **state)
{
	struct fetches_trust trust = { .authorization = "Bearer secret" };
	BUF_AUTO body = { 0 };
	char url[128];

	snprintf(url, sizeof(url), "%s/ok", base);
	assert_int_equal(api_answer_get(url, &trust, &body, NULL), 0);
	assert_view_equal(buf_view(&body), "Bearer secret");
}

static void a_refusal_is_told_in_the_words_of_the_server(void **state)
{
	BUF_AUTO body = { 0 };
	struct err err;
	char url[128];

	snprintf(url, sizeof(url), "%s/other", base);
	assert_int_equal(api_answer_get(url, &(struct fetches_trust){ 0 }, &body, &err), ERR_IO);
	assert_non_null(strstr(err.text, "answered 400: no \"such\" thing"));
	assert_int_equal(body.len, 0);
}

static void a_token_is_the_files_first_line(void **state)
{
	char path[] = "/tmp/flyover-token-XXXXXX";
	int fd = mkstemp(path);
	BUF_AUTO token = { 0 };
	struct err err;

	assert_int_equal(write(fd, "abc\r\n", 5), 5);
	close(fd);
	assert_int_equal(api_answer_read_token(path, &token, &err), 0);
	assert_string_equal(token.at, "Bearer abc");
	unlink(path);
	buf_clear(&token);
	assert_int_equal(api_answer_read_token(path, &token, &err), ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, path));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(we_say_who_we_are),
		cmocka_unit_test(a_refusal_is_told_in_the_words_of_the_server),
		cmocka_unit_test(a_token_is_the_files_first_line),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
