/* test_exhibits: the list of services and the page of a selection, as a browser loads them. */
#include "testing.h"

#include <curl/curl.h>
#include <pthread.h>

#include "render/page.h"
#include "server/asking.h"

/* service=shop; trace=…&service=shop; service=shop&type=speed */
#define SHOP "/view/c2VydmljZT1zaG9w/"
#define WRONG "/view/c2VydmljZT1zaG9wJnR5cGU9c3BlZWQ/"

static void pages_are_there(void **state)
{
	if (!page_is_built()) {
		puts("SKIP: the page was not built");
		exit(77);
	}
	asking_says("/", "<div id=\"app\" data-page=\"server\">");
	asking_says(SHOP, "<div id=\"app\">");
	asking_says("/nothing.js", " 404 ");
	asking_says("/view/c2VydmljZT1zaG9w", " 404 ");
}

static void a_selection_has_the_pages_api(void **state)
{
	asking_says(SHOP "api/v1/about", "\"title\":\"shop\"");
	asking_says(SHOP "api/v1/top", "4000");
	asking_says(SHOP "api/v1/peek?name=main", "[\"work\",3000]");
	asking_says(SHOP "api/v1/profile?format=folded", "main;work 3000\n");
	asking_says(SHOP "api/v1/nothing", " 404 ");
}

static void a_selection_without_sense_is_said(void **state)
{
	asking_says(WRONG "api/v1/about", "'speed' is no type of profiles");
	asking_says(WRONG "api/v1/flame?fresh=1", "'speed' is no type of profiles");
	asking_says("/view/!!!/api/v1/about", "this address has no selection in it");
}

static void more_selections_than_are_kept_are_made_anew(void **state)
{
	/* service=shop&x=0 and on to f: the last two letters are those of 0x30 to 0x66 in base64 */
	static const char *const LAST[] = { "MA", "MQ", "Mg", "Mw", "NA", "NQ", "Ng", "Nw", "OA",
		"OQ", "YQ", "Yg", "Yw", "ZA", "ZQ", "Zg", "Zw", "aA" };
	char path[200];

	for (size_t i = 0; i < sizeof(LAST) / sizeof(LAST[0]); i++) {
		snprintf(path, sizeof(path), "/view/c2VydmljZT1zaG9wJng9%s/api/v1/top", LAST[i]);
		asking_says(path, "4000");
	}
	asking_says(SHOP "api/v1/top", "4000");
}

static size_t keep(char *bytes, size_t size, size_t count, void *owner)
{
	buf_add(owner, bytes, size * count);
	return size * count;
}

static void *ask_for_it(void *owner)
{
	BUF_AUTO reply = { 0 };
	CURL *curl = curl_easy_init();
	char url[100];

	snprintf(url, sizeof(url), "http://127.0.0.1:%u/view/c2VydmljZT1zaG9wJnk9MQ/api/v1/top",
		asking_guard.port);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &reply);
	*(bool *)owner =
		curl_easy_perform(curl) == CURLE_OK && memmem(reply.at, reply.len, "4000", 4);
	curl_easy_cleanup(curl);
	return NULL;
}

/* More than there are threads that answer: those who wait hold up nobody who works. */
static void many_at_once_get_the_same_page(void **state)
{
	pthread_t threads[8];
	bool answered[8] = { 0 };

	for (size_t i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask_for_it, &answered[i]), 0);
	for (size_t i = 0; i < 8; i++) {
		pthread_join(threads[i], NULL);
		assert_true(answered[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_there),
		cmocka_unit_test(a_selection_has_the_pages_api),
		cmocka_unit_test(a_selection_without_sense_is_said),
		cmocka_unit_test(many_at_once_get_the_same_page),
		cmocka_unit_test(more_selections_than_are_kept_are_made_anew),
	};

	return cmocka_run_group_tests(tests, asking_start, asking_stop);
}
