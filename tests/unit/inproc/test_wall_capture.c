/* test_wall_capture: every thread's time is all there, running and waiting told apart. */
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "inproc/wall_capture.h"
#include "profiled.h"
#include "waiting.h"

#define LAST_VISITS_S 0.02 /* two periods: time after the last visit that is due to no stack */

static double began;

static double now(void)
{
	return (double)clock_monotonic_ns() / 1e9;
}

/* The engine is left out: the test is the thread that captures, and is not in it. */
static void begin(void)
{
	struct err err;

	if (wall_capture_start(0, &err) < 0)
		fail_msg("%s", err.text);
	began = now();
}

static void run_for(double seconds)
{
	while (now() < began + seconds) {
		wall_capture_part.run(NULL);
		waiting_pause(1);
	}
}

static struct profile *end(void)
{
	BUF_AUTO bytes = { 0 };
	struct err err;

	if (wall_capture_stop(&bytes, &err) < 0)
		fail_msg("%s", err.text);
	return profiled_decode(buf_view(&bytes));
}

/* The value of samples with the function on their stack, in seconds. */
static double seconds_in(const struct profile *p, const char *name, const char *type)
{
	int index = profile_find_type(p, view_of(type));
	double sum = 0;

	for (size_t i = 0; i < p->n_samples; i++) {
		uint32_t stack = p->samples[i].stack;
		bool found = false;

		for (; stack != STACK_EMPTY && !found; stack = p->stacks.nodes[stack].parent)
			found = profiled_location_is(p, p->stacks.nodes[stack].location, name);
		sum += found ? (double)p->values[i * p->n_types + (size_t)index] / 1e9 : 0;
	}
	return sum;
}

static void time_is_charged_where_it_goes(void **state)
{
	struct waiting waits, burns;
	uint64_t used_ns;
	struct profile *p;
	double took, used, unanswered;

	waiting_begin(&waits, 0);
	waiting_begin(&burns, 1);
	begin();
	used_ns = thread_look_cpu_ns(burns.tid);
	run_for(1);
	used_ns = thread_look_cpu_ns(burns.tid) - used_ns;
	p = end();
	took = (double)p->duration_ns / 1e9;
	assert_true(fabs(seconds_in(p, "waiting_read", "wall") / took - 1) < 0.05);
	/* A busy machine may have no CPU for it at the end: then it does not answer in time. */
	unanswered = seconds_in(p, "[no answer]", "wall");
	assert_true(fabs((seconds_in(p, "waiting_burn", "wall") + unanswered) / took - 1) < 0.05);
	assert_true(seconds_in(p, "waiting_read", "cpu") == 0);
	used = (double)used_ns / 1e9;
	assert_true(fabs(seconds_in(p, "waiting_burn", "cpu") - used) <
		    0.05 * used + unanswered + LAST_VISITS_S);
	assert_int_equal(
		profiled_labelled(p, "state", "waiting"), profiled_total(p, "waiting_read"));
	assert_true(accounting_balances(&p->accounting));
	profile_free(p);
	waiting_end(&waits);
	waiting_end(&burns);
}

static void many_threads_take_turns_and_lose_nothing(void **state)
{
	enum { N = 100 };
	struct waiting *waits = calloc(N, sizeof(*waits));
	struct profile *p;
	double took;

	for (int i = 0; i < N; i++)
		waiting_begin(&waits[i], 0);
	begin();
	run_for(0.5);
	p = end();
	took = (double)p->duration_ns / 1e9;
	assert_true(fabs(seconds_in(p, "waiting_read", "wall") / (N * took) - 1) < 0.05);
	profile_free(p);
	for (int i = 0; i < N; i++)
		waiting_end(&waits[i]);
	free(waits);
}

static void threads_come_and_go(void **state)
{
	begin();
	for (int i = 0; i < 20; i++) {
		struct waiting waits;

		waiting_begin(&waits, i % 2);
		run_for(0.05 * (i + 1));
		waiting_end(&waits);
	}
	profile_free(end());
}

static void one_at_a_time_and_none_without_a_start(void **state)
{
	BUF_AUTO bytes = { 0 };
	struct err err;

	assert_int_equal(wall_capture_stop(&bytes, &err), ERR_USAGE);
	begin();
	assert_int_equal(wall_capture_start(0, &err), ERR_LIMIT);
	wall_capture_cancel();
	assert_false(wall_capture_running());
	assert_int_equal(wall_capture_start(WALL_CAPTURE_HZ_MAX + 1, &err), ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_is_charged_where_it_goes),
		cmocka_unit_test(many_threads_take_turns_and_lose_nothing),
		cmocka_unit_test(threads_come_and_go),
		cmocka_unit_test(one_at_a_time_and_none_without_a_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
