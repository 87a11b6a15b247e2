/* test_query_what: every word is a question, and what an answer has not is not shown. */
#include "testing.h"

#include "cli/query_what.h"

static void every_word_is_a_question(void **state)
{
	struct query_wish wanted = { 0 };
	size_t n = 0;

	for (; query_what_words[n].word; n++) {
		const struct query_what *what = query_what_find(query_what_words[n].word, &wanted);

		assert_ptr_equal(what, &query_what_all[n]);
		assert_non_null(what->path);
		assert_non_null(what->show);
	}
	assert_true(n > 10);
	assert_string_equal(query_what_find(NULL, &wanted)->json_path, "top");
	wanted.output = "x.svg";
	assert_int_equal(query_what_find(NULL, &wanted)->flags, QUERY_WHAT_FILE);
}

static const struct query_what *named(const char *word)
{
	return query_what_find(word, &(struct query_wish){ 0 });
}

static void what_has_samples_is_shown(void **state)
{
	const struct view answers[] = { VIEW("main;work 9\nmain;rest 1\n"), VIEW("main;work 1\n") };
	struct query_wish wanted = { .all = true };
	const char *const words[] = { "top", "flame", "diff" };

	for (size_t i = 0; i < 3; i++) {
		BUF_AUTO out = { 0 };
		bool found = false;

		assert_int_equal(named(words[i])->show(&wanted, answers, &out, &found, NULL), 0);
		assert_true(found);
		assert_non_null(memmem(out.at, out.len, "work", 4));
	}
}

static void what_has_none_is_nothing(void **state)
{
	const struct view answers[] = { VIEW("{\"values\":[],\"lines\":[],\"traces\":[]}") };
	const char *const words[] = { "values", "totals", "timeline", "traces", "spans", "share" };

	for (size_t i = 0; i < 6; i++) {
		BUF_AUTO out = { 0 };
		bool found = true;

		assert_int_equal(named(words[i])->show(NULL, answers, &out, &found, NULL), 0);
		assert_false(found);
		assert_int_equal(out.len, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_is_a_question),
		cmocka_unit_test(what_has_samples_is_shown),
		cmocka_unit_test(what_has_none_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
