/* test_sig_context: the bytes that profilers outside read. */
#include "inproc/sig_context.h"
#include "testing.h"

static const uint8_t trace[16] = { 1, 2, 3 }, span[8] = { 9 };

static void labels_are_added_and_taken_back(void **state)
{
	struct sig_context c = { .valid = 1 };
	unsigned outer = sig_context_add(&c, 4, "GET", 3), inner = sig_context_add(&c, 5, "", 0);
	const uint8_t both[] = { 4, 3, 'G', 'E', 'T', 5, 0 };

	assert_int_equal(c.attrs_size, sizeof(both));
	assert_memory_equal(c.attrs, both, sizeof(both));
	sig_context_restore(&c, inner);
	assert_int_equal(c.attrs_size, 5);
	sig_context_restore(&c, outer);
	assert_int_equal(c.attrs_size, 0);
	sig_context_restore(&c, 100); /* never gives back more than there is */
	assert_int_equal(c.attrs_size, 0);
}

static void what_does_not_fit_is_left_out_whole(void **state)
{
	struct sig_context c = { .valid = 1 };
	char text[300];

	memset(text, 'x', sizeof(text));
	sig_context_add(&c, 1, text, sizeof(text)); /* cut to 255 */
	assert_int_equal(c.attrs_size, 257);
	sig_context_add(&c, 1, text, 255);
	assert_int_equal(c.attrs_size, 514);
	assert_int_equal(sig_context_add(&c, 1, text, 97), 514);
	assert_int_equal(c.attrs_size, 514);
	sig_context_add(&c, 1, text, 96);
	assert_int_equal(c.attrs_size, SIG_CONTEXT_ATTRS_MAX);
}

static void a_sample_copies_the_calling_threads_context(void **state)
{
	struct sig_context c = { .valid = 1 };
	struct sig_context_copy copy;
	uint8_t attrs[SIG_CONTEXT_ATTRS_MAX];

	assert_int_equal(sig_context_copy(&copy, attrs), 0);
	sig_context_set_trace(&c, trace, span, 1);
	sig_context_add(&c, 7, "v", 1);
	otel_thread_ctx_v1 = &c;
	assert_int_equal(sig_context_copy(&copy, attrs), 1);
	assert_memory_equal(copy.trace_id, trace, 16);
	assert_memory_equal(copy.span_id, span, 8);
	assert_int_equal(copy.attrs_size, 3);
	assert_int_equal(attrs[0], 7);
	c.valid = 0;
	assert_int_equal(sig_context_copy(&copy, attrs), 0);
	otel_thread_ctx_v1 = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_added_and_taken_back),
		cmocka_unit_test(what_does_not_fit_is_left_out_whole),
		cmocka_unit_test(a_sample_copies_the_calling_threads_context),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
