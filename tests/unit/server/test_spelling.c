/* test_spelling: a word of a path is the words of a query again. */
#include "testing.h"

#include "server/spelling.h"

static bool count(void *to, const char *value)
{
	(*(unsigned *)to)++;
	return true;
}

static void words_come_back(void **state)
{
	struct spelling spelling;
	struct question_words words;
	unsigned traces = 0;

	/* service=a+b%2Fc&trace=1&trace=2&empty=&bare&100%=x */
	assert_int_equal(
		spelling_read(&spelling,
			VIEW("c2VydmljZT1hK2IlMkZjJnRyYWNlPTEmdHJhY2U9MiZlbXB0eT0mYmFyZSYxMDAlPXg"),
			NULL),
		0);
	words = spelling_words(&spelling, VIEW("acme"));
	assert_view_equal(words.tenant, "acme");
	assert_string_equal(words.one(words.owner, "service"), "a b/c");
	assert_string_equal(words.one(words.owner, "empty"), "");
	assert_string_equal(words.one(words.owner, "bare"), "");
	assert_string_equal(words.one(words.owner, "100%"), "x");
	assert_null(words.one(words.owner, "gone"));
	words.all(words.owner, "trace", count, &traces);
	assert_int_equal(traces, 2);
	spelling_fini(&spelling);
}

static void refuses(struct view word)
{
	struct spelling spelling;
	struct err err = { 0 };

	assert_int_equal(spelling_read(&spelling, word, &err), ERR_USAGE);
	assert_true(err.text[0]);
	spelling_fini(&spelling);
}

static void what_is_no_selection_is_refused(void **state)
{
	BUF_AUTO large = { 0 }, many = { 0 };

	refuses(VIEW("not base64!"));
	refuses(VIEW("YT0lMDA")); /* a=%00 */
	for (size_t i = 0; i <= SPELLING_BYTES_MAX; i++)
		buf_add_char(&large, 'A');
	refuses(buf_view(&large));
	for (unsigned i = 0; i <= SPELLING_WORDS_MAX; i += 3)
		buf_add_text(&many, "JiYm"); /* &&& */
	refuses(buf_view(&many));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_come_back),
		cmocka_unit_test(what_is_no_selection_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
