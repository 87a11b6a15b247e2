/* test_thread_record: a thread's record is read within its bounds. */
#include "testing.h"

#include "sampler/foreign_context.h"
#include "sampler/thread_record.h"

static struct view names[] = { { "route", 5 }, { "pid", 3 }, { NULL, 0 }, { "user", 4 } };
static const struct foreign_context context = { .keys = names, .n_keys = 4 };

/* A head with a trace and a span, or with none, and then attributes. */
static struct view record_of(const char *attributes, size_t len, bool traced)
{
	static char bytes[1024];

	memset(bytes, 0, sizeof(bytes));
	memset(bytes, traced ? 0xab : 0, 16);
	memset(bytes + 16, traced ? 0x0c : 0, 8);
	bytes[24] = 1;
	memcpy(bytes + SAMPLE_CONTEXT_HEAD, attributes, len);
	return (struct view){ bytes, SAMPLE_CONTEXT_HEAD + len };
}

static void ids_are_hex_and_zeros_are_none(void **state)
{
	struct thread_record says;

	assert_true(thread_record_decode(record_of("", 0, true), NULL, &says));
	assert_string_equal(says.trace_id, "abababababababababababababababab");
	assert_string_equal(says.span_id, "0c0c0c0c0c0c0c0c");
	assert_false(thread_record_decode(record_of("", 0, false), &context, &says));
	assert_string_equal(says.trace_id, "");
}

static void the_last_of_equal_keys_holds(void **state)
{
	struct thread_record says;

	assert_true(
		thread_record_decode(record_of("\0\1a\3\2me\0\1b", 10, false), &context, &says));
	assert_int_equal(says.n_labels, 2);
	assert_view_equal(says.labels[0].key, "route");
	assert_view_equal(says.labels[0].value, "b");
	assert_view_equal(says.labels[1].value, "me");
	assert_false(says.has_unknown_keys);
}

static void words_that_are_ours_and_names_that_are_none_are_left_out(void **state)
{
	struct thread_record says;

	assert_false(thread_record_decode(record_of("\1\1a\2\1b", 6, false), &context, &says));
	assert_true(thread_record_decode(record_of("\4\1a", 3, false), &context, &says));
	assert_true(says.has_unknown_keys);
	assert_int_equal(says.n_labels, 0);
}

static void what_is_cut_is_left_out(void **state)
{
	struct view whole = record_of("\0\3abc\3\2me", 9, true);

	for (size_t len = 0; len < whole.len; len++) {
		char *cut = test_malloc(len + 1);
		struct thread_record says;
		bool any;

		memcpy(cut, whole.at, len);
		any = thread_record_decode((struct view){ cut, len }, &context, &says);
		assert_int_equal(any, len >= SAMPLE_CONTEXT_HEAD);
		assert_int_equal(says.n_labels, len >= SAMPLE_CONTEXT_HEAD + 5);
		test_free(cut);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_hex_and_zeros_are_none),
		cmocka_unit_test(the_last_of_equal_keys_holds),
		cmocka_unit_test(words_that_are_ours_and_names_that_are_none_are_left_out),
		cmocka_unit_test(what_is_cut_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
