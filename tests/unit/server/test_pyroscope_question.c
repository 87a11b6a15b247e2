/* test_pyroscope_question: times, types and selectors as Pyroscope's clients write them. */
#include "testing.h"

#include "base/clock.h"
#include "server/pyroscope_question.h"

#define CPU "process_cpu:cpu:nanoseconds:cpu:nanoseconds"

static struct pyroscope_request asking(void)
{
	return (struct pyroscope_request){ .type = VIEW(CPU), .start_ms = 1000, .end_ms = 2000 };
}

static void the_last_millisecond_belongs_to_the_range(void **state)
{
	struct pyroscope_request request = asking();
	struct pyroscope_question q;

	assert_int_equal(pyroscope_question_profiles(&q, &request, VIEW("me"), NULL), 0);
	assert_int_equal(q.select.from_ns, 1000000000);
	assert_int_equal(q.select.to_ns, 2001000000);
	assert_view_equal(q.select.tenant, "me");
	assert_view_equal(q.select.type.name, "process_cpu");
	pyroscope_question_fini(&q);
}

static void lists_are_of_the_last_day_unless_times_are_said(void **state)
{
	int64_t now_ns = (int64_t)clock_realtime_ns();
	struct pyroscope_request request = { 0 };
	struct pyroscope_question q;

	assert_int_equal(
		pyroscope_question_list(&q, &request, VIEW("{a=\"b\"}"), VIEW(""), NULL), 0);
	assert_true(q.select.from_ns < now_ns - INT64_C(86000000000000));
	assert_true(q.select.to_ns > now_ns - 1000000000);
	assert_int_equal(q.select.n_matchers, 1);
	pyroscope_question_fini(&q);
}

static void conditions_on_the_type_are_apart(void **state)
{
	struct pyroscope_request request = asking();
	struct pyroscope_question q;
	struct store_type memory = { VIEW("memory"), VIEW("alloc_space"), VIEW("bytes"),
		VIEW("space"), VIEW("bytes") };

	request.selector = VIEW("{__unit__=~\"nano.*\",__service_name__=\"shop\",__name__!=\"x\"}");
	assert_int_equal(pyroscope_question_profiles(&q, &request, VIEW(""), NULL), 0);
	assert_int_equal(q.select.n_matchers, 1);
	assert_view_equal(q.select.matchers[0].name, "service_name");
	assert_int_equal(q.n_type_matchers, 2);
	assert_false(q.is_nothing);
	assert_false(pyroscope_question_meets(&q, &memory));
	pyroscope_question_fini(&q);
	request.selector = VIEW("{__unit__=\"bytes\"}");
	assert_int_equal(pyroscope_question_profiles(&q, &request, VIEW(""), NULL), 0);
	assert_true(q.is_nothing);
	pyroscope_question_fini(&q);
	request.selector = VIEW("{__profile_type__=\"memory:alloc_space:bytes:space:bytes\"}");
	assert_int_equal(pyroscope_question_profiles(&q, &request, VIEW(""), NULL), 0);
	assert_true(q.is_nothing);
	pyroscope_question_fini(&q);
	request.type = VIEW("");
	assert_int_equal(pyroscope_question_profiles(&q, &request, VIEW(""), NULL), 0);
	assert_view_equal(q.select.type.name, "memory");
	pyroscope_question_fini(&q);
}

static void fails(const struct pyroscope_request *request, int code, const char *part)
{
	struct pyroscope_question q;
	struct err err = { 0 };

	assert_int_equal(pyroscope_question_profiles(&q, request, VIEW(""), &err), code);
	if (!strstr(err.text, part))
		fail_msg("%s, without %s", err.text, part);
	pyroscope_question_fini(&q);
}

static void what_makes_no_sense_is_said_so(void **state)
{
	struct pyroscope_request r = asking();

	r.type = VIEW("speed");
	fails(&r, ERR_USAGE, "'speed' is no type");
	r.type = VIEW("");
	fails(&r, ERR_USAGE, "profile_typeID is missing");
	r = asking();
	r.selector = VIEW("{a");
	fails(&r, ERR_USAGE, "is missing");
	r = asking();
	r.start_ms = r.end_ms = 0;
	fails(&r, ERR_USAGE, "start and end are missing");
	r.start_ms = 5;
	fails(&r, ERR_USAGE, "the range is empty");
	r.end_ms = INT64_MAX;
	fails(&r, ERR_USAGE, "milliseconds since 1970");
	r = asking();
	r.traces.at[r.traces.n++] = VIEW("0af7");
	fails(&r, ERR_USAGE, "it has 32 hex digits");
	r = asking();
	r.spans.at[r.spans.n++] = VIEW("zzzzzzzzzzzzzzzz");
	fails(&r, ERR_USAGE, "it has 16 hex digits");
	r = asking();
	r.profile_ids.at[r.profile_ids.n++] = VIEW("7c9e6679-7425-40de-944b-e07fc1f90ae7");
	fails(&r, ERR_UNSUPPORTED, "profile_id_selector");
}

static void ids_are_read(void **state)
{
	struct pyroscope_request r = asking();
	struct pyroscope_question q;

	r.spans.at[r.spans.n++] = VIEW("00ff102030405060");
	assert_int_equal(pyroscope_question_profiles(&q, &r, VIEW(""), NULL), 0);
	assert_int_equal(q.select.n_spans, 1);
	assert_memory_equal(q.select.spans[0], "\x00\xff\x10\x20\x30\x40\x50\x60", 8);
	assert_null(q.select.traces);
	pyroscope_question_fini(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_millisecond_belongs_to_the_range),
		cmocka_unit_test(lists_are_of_the_last_day_unless_times_are_said),
		cmocka_unit_test(conditions_on_the_type_are_apart),
		cmocka_unit_test(what_makes_no_sense_is_said_so),
		cmocka_unit_test(ids_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
