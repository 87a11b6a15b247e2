/* test_lock_capture: waits as profiles. */
#include "contended.h"
#include "inproc/label_keys.h"
#include "inproc/sig_context.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

__attribute__((noinline)) static void hold(void)
{
	pthread_mutex_lock(&mutex);
	__asm__ volatile("");
}

__attribute__((noinline)) static void release(void)
{
	pthread_mutex_unlock(&mutex);
	__asm__ volatile("");
}

__attribute__((noinline)) static void want(void)
{
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	__asm__ volatile("");
}

static void before_the_first_start_there_is_a_sentence(void **state)
{
	struct profile *profile;
	struct err err;

	assert_int_equal(lock_capture_take(LOCK_RECORD_BLOCK, &profile, &err), ERR_USAGE);
	assert_non_null(strstr(err.text, "FLYOVER_LOCKS"));
	assert_int_equal(lock_capture_stop(&err), ERR_USAGE);
	assert_int_equal(lock_capture_start(UINT64_MAX, &err), ERR_USAGE);
}

static void the_waiter_and_the_holder_are_both_told(void **state)
{
	struct profile *block, *blamed;
	struct err err;

	contended_begin();
	assert_int_equal(lock_capture_start(0, &err), ERR_LIMIT);
	contended_run(hold, release, want);
	block = contended_take(LOCK_RECORD_BLOCK);
	blamed = contended_take(LOCK_RECORD_MUTEX);
	assert_int_equal(lock_capture_stop(NULL), 0);
	assert_true(contended_delay_ms(block, "want") > 15);
	assert_true(contended_delay_ms(block, "pthread_mutex_lock") > 15);
	assert_true(contended_delay_ms(blamed, "release") > 15);
	assert_true(contended_delay_ms(blamed, "pthread_mutex_unlock") > 15);
	assert_true(contended_delay_ms(blamed, "want") == 0);
	assert_int_equal(profile_find_type(block, VIEW("contentions")), 0);
	assert_int_equal(profile_find_type(block, VIEW("delay")), 1);
	assert_true(block->time_ns > 0 && block->duration_ns > 0);
	assert_true(accounting_balances(&block->accounting) && block->accounting.complete > 0);
	profile_free(block);
	profile_free(blamed);
}

static void what_was_recorded_stays_until_the_next_start(void **state)
{
	struct profile *profile;

	contended_begin();
	contended_run(hold, release, want);
	assert_int_equal(lock_capture_stop(NULL), 0);
	contended_run(hold, release, want);
	profile = contended_take(LOCK_RECORD_BLOCK);
	assert_int_equal(profiled_total(profile, "want"), 1);
	profile_free(profile);
	contended_begin();
	profile = contended_take(LOCK_RECORD_BLOCK);
	assert_int_equal(profiled_total(profile, "want"), 0);
	profile_free(profile);
	lock_capture_stop(NULL);
}

static void labels_come_along(void **state)
{
	struct sig_context context = { .valid = 1 };
	int key = label_keys_add("route", NULL, NULL);
	struct profile *profile;

	sig_context_add(&context, (uint8_t)key, "/a", 2);
	contended_begin();
	otel_thread_ctx_v1 = &context;
	contended_run(hold, release, want);
	otel_thread_ctx_v1 = NULL;
	profile = contended_take(LOCK_RECORD_BLOCK);
	assert_true(profiled_labelled(profile, "route", "/a") >= 1);
	profile_free(profile);
	lock_capture_stop(NULL);
}

static void different_samples_are_bounded(void **state)
{
	struct sig_context context = { .valid = 1 };
	const struct sig_sample_place place = { (uint64_t)hold, (uint64_t)want + 1 };
	uint8_t span[8] = { 1 };
	struct profile *profile;

	contended_begin();
	otel_thread_ctx_v1 = &context;
	for (uint32_t i = 1; i <= LOCK_CAPTURE_SAMPLES_MAX; i++) {
		uint8_t trace[16] = { 1 };

		memcpy(trace + 8, &i, sizeof(i));
		sig_context_set_trace(&context, trace, span, 0);
		lock_record_unlocked(1000, &place);
		lock_capture_part.run(NULL);
	}
	otel_thread_ctx_v1 = NULL;
	profile = contended_take(LOCK_RECORD_MUTEX);
	assert_in_range(
		profile->n_samples, LOCK_CAPTURE_SAMPLES_MAX / 2, LOCK_CAPTURE_SAMPLES_MAX / 2 + 9);
	assert_int_equal(profile_total(profile, 0), LOCK_CAPTURE_SAMPLES_MAX);
	profile_free(profile);
	lock_capture_stop(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_the_first_start_there_is_a_sentence),
		cmocka_unit_test(the_waiter_and_the_holder_are_both_told),
		cmocka_unit_test(what_was_recorded_stays_until_the_next_start),
		cmocka_unit_test(labels_come_along),
		cmocka_unit_test(different_samples_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
