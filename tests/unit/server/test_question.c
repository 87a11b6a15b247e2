/* test_question: the words of a query become a selection. */
#include "testing.h"

#include "server/spelling.h"

static int ask(const char *base64, struct spelling *spelling, struct question *question,
	const char *prefix, struct err *err)
{
	struct question_words words;

	assert_int_equal(spelling_read(spelling, view_of(base64), NULL), 0);
	words = spelling_words(spelling, VIEW("acme"));
	return question_of(question, &words, prefix, err);
}

static void done(struct spelling *spelling, struct question *question)
{
	question_fini(question);
	spelling_fini(spelling);
}

static void nothing_said_is_the_cpu_of_the_last_hour(void **state)
{
	struct spelling spelling;
	struct question question;

	assert_int_equal(ask("", &spelling, &question, "", NULL), 0);
	assert_false(question.says_type);
	assert_view_equal(question.select.type.type, "cpu");
	assert_view_equal(question.select.tenant, "acme");
	assert_int_equal(question.select.to_ns - question.select.from_ns, 3600000000001);
	assert_null(question.select.traces);
	done(&spelling, &question);
}

static void everything_may_be_said(void **state)
{
	struct spelling spelling;
	struct question question;

	/* a_query=heap{x="y"}&a_service=shop&a_from=2026-11-28T20:15:00.5Z&a_until=1795900000&
	   a_trace=0af7651916cd43dd8448eb211c80319c&a_span=b7ad6b7169203331 */
	assert_int_equal(ask("YV9xdWVyeT1oZWFwe3g9InkifSZhX3NlcnZpY2U9c2hvcCZhX2Zyb209MjAyNi0xMS0yO"
			     "FQyMDoxNTowMC41"
			     "WiZhX3VudGlsPTE3OTU5MDAwMDAmYV90cmFjZT0wYWY3NjUxOTE2Y2Q0M2RkODQ0OGViM"
			     "jExYzgwMzE5YyZh"
			     "X3NwYW49YjdhZDZiNzE2OTIwMzMzMQ",
				 &spelling, &question, "a_", NULL),
		0);
	assert_true(question.says_type);
	assert_view_equal(question.select.type.type, "inuse_space");
	assert_int_equal(question.select.n_matchers, 2);
	assert_view_equal(question.select.matchers[1].value, "shop");
	assert_int_equal(question.select.from_ns, INT64_C(1795896900000000000));
	assert_int_equal(question.select.to_ns, INT64_C(1795900000000000000));
	assert_int_equal(question.select.n_traces, 1);
	assert_int_equal(question.select.traces[0][0], 0x0a);
	assert_int_equal(question.select.n_spans, 1);
	assert_int_equal(question.select.spans[0][7], 0x31);
	done(&spelling, &question);
}

static void a_type_is_said_once(void **state)
{
	struct spelling spelling;
	struct question question;
	struct err err = { 0 };

	/* query=heap&type=cpu */
	assert_int_equal(
		ask("cXVlcnk9aGVhcCZ0eXBlPWNwdQ", &spelling, &question, "", &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "leave type= out"));
	done(&spelling, &question);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_said_is_the_cpu_of_the_last_hour),
		cmocka_unit_test(everything_may_be_said),
		cmocka_unit_test(a_type_is_said_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
