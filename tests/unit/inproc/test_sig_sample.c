/* test_sig_sample: records of the calling thread, from a hook. */
#include "inproc/sig_context.h"
#include "inproc/sig_sample.h"
#include "inproc/walk_tables.h"
#include "testing.h"

static _Atomic uint64_t words[4096];
static struct sig_ring ring = { .words = words, .n_words = 4096 };
static uint64_t record[SIG_SAMPLE_WORDS_MAX];

static void keep(void *owner, const void *from, size_t n)
{
	memcpy(record, from, n * sizeof(uint64_t));
}

/* What the program calls: its own frame is not of interest, its caller's is. */
__attribute__((noinline)) static int hook(void)
{
	struct sig_sample_place place = { .leaf = 4711,
		.caller = (uint64_t)__builtin_return_address(0) };
	struct sig_sample_request request = { .tables = sig_tables_enter(), .place = &place };
	struct sig_sample head = { .values = { 3, 70 }, .tid = 12, .kind = 2 };
	int put = sig_sample_put(&ring, &head, &request);

	sig_tables_leave();
	return put;
}

__attribute__((noinline)) static int call_hook(void)
{
	int put = hook();

	__asm__ volatile("");
	return put;
}

static void a_hook_is_the_leaf_and_its_caller_comes_next(void **state)
{
	const struct sig_sample *sample = (const struct sig_sample *)record;

	assert_int_equal(walk_tables_use(NULL), 0);
	assert_true(call_hook());
	sig_ring_drain(&ring, keep, NULL);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		assert_int_equal(words[i], 0); /* the library's own frames, too, which were cut */
	assert_int_equal(sample->values[0], 3);
	assert_int_equal(sample->values[1], 70);
	assert_int_equal(sample->tid, 12);
	assert_int_equal(sample->kind, 2);
	assert_int_equal(sample->data[0], 4711);
	assert_true(sample->data[1] - (uint64_t)call_hook < 256);
	assert_true(
		sample->data[2] - (uint64_t)a_hook_is_the_leaf_and_its_caller_comes_next < 4096);
	assert_true(sample->n_frames > 4);
	assert_int_equal(sample->result, UNWIND_COMPLETE);
	assert_false(sample->has_context);
	walk_tables_done();
}

static void the_caller_is_known_without_tables_too(void **state)
{
	static const struct sig_tables none;
	const struct sig_sample *sample = (const struct sig_sample *)record;

	sig_tables_set(&none);
	assert_true(call_hook());
	sig_tables_set(NULL);
	sig_ring_drain(&ring, keep, NULL);
	assert_int_equal(sample->data[0], 4711);
	assert_true(sample->data[1] - (uint64_t)call_hook < 256);
}

static void the_context_comes_along(void **state)
{
	struct sig_context context = { .valid = 1 };
	static const struct sig_tables none;
	const struct sig_sample *sample = (const struct sig_sample *)record;

	sig_context_add(&context, 9, "value", 5);
	otel_thread_ctx_v1 = &context;
	sig_tables_set(&none);
	assert_true(call_hook());
	sig_tables_set(NULL);
	otel_thread_ctx_v1 = NULL;
	sig_ring_drain(&ring, keep, NULL);
	assert_int_equal(sample->attrs_size, 7);
	assert_memory_equal(&sample->data[sample->n_frames], "\x09\x05value", 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hook_is_the_leaf_and_its_caller_comes_next),
		cmocka_unit_test(the_caller_is_known_without_tables_too),
		cmocka_unit_test(the_context_comes_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
