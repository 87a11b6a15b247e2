/* test_capture: the accounting, as a profile, adds up to what was attempted. */
#include "testing.h"

#include "agent/capture.h"

static void every_sample_is_in_it(void **state)
{
	struct profile *whole = profile_new(), *capture;
	int64_t sum = 0;

	whole->time_ns = 5;
	whole->duration_ns = 10;
	whole->accounting = (struct accounting){
		.known = true, .attempted = 100, .complete = 90, .idle_ticks = 50, .all_ticks = 150
	};
	whole->accounting.truncated[TRUNCATED_DEPTH] = 7;
	whole->accounting.lost[LOST_RING_FULL] = 3;
	capture = capture_profile(whole);
	assert_int_equal(capture->n_samples, 4);
	assert_int_equal(capture->time_ns, 5);
	assert_int_equal(capture->duration_ns, 10);
	for (size_t i = 0; i < capture->n_samples; i++)
		sum += capture->values[i];
	assert_int_equal(sum, 150);
	assert_int_equal(capture->values[1], 7);
	profile_free(capture);
	profile_free(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sample_is_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
