/* test_viewer: the routes of the page, asked over a real socket. */
#include "testing.h"

#include <curl/curl.h>
#include <stdio.h>

#include "../render/folded_tree.h"
#include "net/address.h"
#include "net/httpd.h"
#include "render/layout.h"
#include "render/page.h"
#include "server/viewer.h"

static struct profile *profile;
static struct viewer *viewer;
static struct httpd *httpd;
static uint16_t port;

static int start(void **state)
{
	struct address address = { .host = "127.0.0.1" };
	struct viewer_options options = { .title = "test", .version = "1" };
	struct httpd_options how = { .handle = viewer_handle, .headers = guard_headers };
	bool taken;

	profile = folded_profile("main;<b>;x 5\nmain;y 2\n");
	how.fd = address_listen(&address, &port, &taken, NULL);
	options.profile = profile;
	options.guard = (struct guard){ .bound = "127.0.0.1", .port = port };
	if (how.fd < 0 || viewer_new(&options, &viewer, NULL) < 0)
		return -1;
	how.owner = viewer;
	return httpd_start(&how, &httpd, NULL);
}

static int stop(void **state)
{
	httpd_stop(httpd);
	viewer_free(viewer);
	profile_free(profile);
	return 0;
}

static size_t keep(char *bytes, size_t size, size_t count, void *owner)
{
	buf_add(owner, bytes, size * count);
	return size * count;
}

/* The status; headers and body, NUL-terminated. */
static long ask(const char *path, const char *header, struct buf *ret)
{
	struct curl_slist *list = curl_slist_append(NULL, header ? header : "X-Nothing: 1");
	CURL *curl = curl_easy_init();
	char url[256];
	long status = 0;

	snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", port, path);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
	curl_easy_setopt(curl, CURLOPT_HEADER, 1L);
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, ret);
	assert_int_equal(curl_easy_perform(curl), CURLE_OK);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	curl_slist_free_all(list);
	buf_add_char(ret, '\0');
	return status;
}

static void expect(const char *path, long status, const char *part)
{
	BUF_AUTO reply = { 0 };

	assert_int_equal(ask(path, NULL, &reply), status);
	if (!strstr(reply.at, part))
		fail_msg("%s does not say %s but %s", path, part, reply.at);
}

static void the_api_answers(void **state)
{
	expect("/api/v1/about", 200, "\"title\":\"test\"");
	expect("/api/v1/top?type=0", 200, "[\"main\",\"\",0,0,0,7]");
	expect("/api/v1/peek?name=main", 200, "\"callees\":[[\"\\u003cb>\",5],[\"y\",2]]");
	expect("/api/v1/lines?name=main", 200, "\"lines\":[[\"\",0,0,7]]");
	expect("/api/v1/flame?type=0", 200, "application/octet-stream");
	expect("/api/v1/flame?from=1&to=2&whole=1", 200, "FLA2");
	expect("/api/v1/flame?steps=256", 200, "FLA2");
	expect("/api/v1/flame?steps=255", 400, "steps should be a number from 256 to 16384");
	expect("/api/v1/flame?steps=16385", 400, "steps should be a number from 256 to 16384");
	expect("/api/v1/profile?format=folded", 200, "main;<b>;x 5\nmain;y 2\n");
	expect("/api/v1/profile?format=folded", 200, "filename=\"flyover.folded\"");
}

static void every_answer_carries_the_guards_headers(void **state)
{
	expect("/api/v1/about", 200, "script-src 'self'");
	expect("/nothing", 404, "nosniff");
	expect("/nothing", 404, "no-referrer");
}

static void senseless_questions_are_answered_with_a_sentence(void **state)
{
	expect("/api/v1/flame?type=9", 400, "1 sample types");
	expect("/api/v1/flame?type=-1", 400, "should be a number");
	expect("/api/v1/flame?type=99999999999999999999", 400, "should be a number");
	expect("/api/v1/flame?from=x", 400, "from should be a number");
	expect("/api/v1/flame?group=nobody", 400, "no sample has that label");
	expect("/api/v1/peek", 400, "needs a name");
	expect("/api/v1/lines", 400, "needs a name");
	expect("/api/v1/profile?format=exe", 400, "no such format");
	expect("/api/v1/", 404, "nothing here");
	expect("/api/v1/flame/../top", 404, "nothing here");
	expect("/%2e%2e/etc/passwd", 404, "nothing here");
}

static void another_sites_name_gets_nothing(void **state)
{
	BUF_AUTO reply = { 0 };

	assert_int_equal(ask("/api/v1/about", "Host: evil.example", &reply), 403);
	assert_null(strstr(reply.at, "title"));
}

static void the_page_comes_zipped_to_who_takes_it(void **state)
{
	BUF_AUTO plain = { 0 }, zipped = { 0 };

	if (!page_is_built())
		skip();
	assert_int_equal(ask("/", NULL, &plain), 200);
	assert_non_null(strstr(plain.at, "<!doctype html>"));
	assert_int_equal(ask("/", "Accept-Encoding: gzip", &zipped), 200);
	assert_non_null(strstr(zipped.at, "Content-Encoding: gzip"));
}

static void a_profile_without_types_has_no_viewer(void **state)
{
	PROFILE_AUTO empty = profile_new();
	struct viewer_options options = { .profile = empty, .title = "t" };
	struct viewer *none = NULL;
	struct err err;

	assert_int_equal(viewer_new(&options, &none, &err), ERR_USAGE);
	assert_null(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_api_answers),
		cmocka_unit_test(every_answer_carries_the_guards_headers),
		cmocka_unit_test(senseless_questions_are_answered_with_a_sentence),
		cmocka_unit_test(another_sites_name_gets_nothing),
		cmocka_unit_test(the_page_comes_zipped_to_who_takes_it),
		cmocka_unit_test(a_profile_without_types_has_no_viewer),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
