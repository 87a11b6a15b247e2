/* test_jfr_events: which events are told, with which values. */
#include "testing.h"

#include "codec/jfr_events.h"
#include "codec/jfr_format.h"
#include "codec/jfr_made_end.h"

struct seen {
	struct jfr_event events[16];
	size_t n;
};

static int take(void *owner, const struct jfr_event *event, struct err *err)
{
	struct seen *seen = owner;

	seen->events[seen->n++] = *event;
	return seen->n == 16 ? ERR_LIMIT : 0;
}

static int read_all(
	struct buf *bytes, double rate, struct seen *seen, int64_t *period_ns, struct err *err)
{
	struct jfr_events_sink sink = { take, seen };
	struct view rest = buf_view(bytes);
	struct jfr_chunk chunk;
	int rc = jfr_chunk_open(&rest, 100, &chunk, err);

	if (rc == 0)
		rc = jfr_events_read(&chunk, rate, &sink, period_ns, err);
	jfr_chunk_close(&chunk);
	return rc;
}

static void ticks_that_ran_are_time(void **state)
{
	struct seen seen = { .n = 0 };
	BUF_AUTO bytes = { 0 };
	int64_t period_ns;

	jfr_made(&bytes);
	assert_int_equal(read_all(&bytes, 0, &seen, &period_ns, NULL), 0);
	assert_int_equal(period_ns, 20000000);
	assert_int_equal(seen.n, 5);
	assert_int_equal(seen.events[0].profile, JFR_CPU);
	assert_int_equal(seen.events[0].values[0], 20000000);
	assert_int_equal(seen.events[1].context, 9);
	assert_int_equal(seen.events[2].stack, 2);
	assert_int_equal(seen.events[3].profile, JFR_LOCK);
	assert_int_equal(seen.events[3].values[0], 1);
	assert_int_equal(seen.events[3].values[1], 25000000);
	assert_int_equal(seen.events[4].profile, JFR_ALLOC);
	assert_int_equal(seen.events[4].values[1], 4096);
}

static void by_the_wall_clock_all_ticks_count(void **state)
{
	struct seen seen = { .n = 0 };
	BUF_AUTO bytes = { 0 };
	int64_t period_ns;

	jfr_made_begin(&bytes);
	made_numbers(&bytes, MADE_SAMPLE, 3, (uint64_t[]){ 1, 1, 0 });
	made_numbers(&bytes, MADE_SAMPLE, 3, (uint64_t[]){ 1, 2, 0 });
	made_setting(&bytes, MADE_SAMPLE, "event", "wall");
	jfr_made_end(&bytes);
	assert_int_equal(read_all(&bytes, 50, &seen, &period_ns, NULL), 0);
	assert_int_equal(period_ns, 20000000);
	assert_int_equal(seen.n, 3);
	assert_int_equal(seen.events[0].profile, JFR_CPU);
	assert_int_equal(seen.events[1].profile, JFR_WALL);
	assert_int_equal(seen.events[2].profile, JFR_WALL);
}

static void an_event_without_a_length_is_refused(void **state)
{
	struct seen seen = { .n = 0 };
	struct err err = { 0 };
	BUF_AUTO bytes = { 0 };
	int64_t period_ns;

	jfr_made_begin(&bytes);
	buf_add_char(&bytes, 0);
	jfr_made_end(&bytes);
	assert_int_equal(read_all(&bytes, 0, &seen, &period_ns, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.text, "has no length"));
}

static void a_sink_ends_the_reading(void **state)
{
	struct seen seen = { .n = 14 };
	BUF_AUTO bytes = { 0 };
	int64_t period_ns;

	jfr_made(&bytes);
	assert_int_equal(read_all(&bytes, 0, &seen, &period_ns, NULL), ERR_LIMIT);
	assert_int_equal(seen.n, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ticks_that_ran_are_time),
		cmocka_unit_test(by_the_wall_clock_all_ticks_count),
		cmocka_unit_test(an_event_without_a_length_is_refused),
		cmocka_unit_test(a_sink_ends_the_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
