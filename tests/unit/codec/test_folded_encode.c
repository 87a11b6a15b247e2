/* test_folded_encode: what a line holds and in which order lines come. */
#include "sample_profile.h"

#include "codec/folded_format.h"

static void writes(const struct profile *p, const char *wanted)
{
	BUF_AUTO out = { 0 };
	struct err err = { 0 };

	assert_int_equal(folded_encode(p, &out, &err), 0);
	assert_view_equal(buf_view(&out), wanted);
}

static void inlined_and_nameless_frames_and_counts_of_samples(void **state)
{
	PROFILE_AUTO p = sample_profile();

	writes(p, " 5\nmain;inlined;program+0x1340 4\nmain;inlined;program+0x1340;do_syscall 2\n");
	p->default_type = 0; /* then "cpu", the last: still samples are counted */
	writes(p, " 5\nmain;inlined;program+0x1340 4\nmain;inlined;program+0x1340;do_syscall 2\n");
}

static int by_bytes(const void *left, const void *right)
{
	return view_compare(*(const struct view *)left, *(const struct view *)right);
}

/* Names that sort before and after the separators, in all pairs, against a plain sort of lines. */
static void lines_are_in_code_point_order(void **state)
{
	static const char *const names[] = { "a", "a b", "a 1x", "a 10", "a.part.0", "a(int)", "a-",
		"a:", "a<", "", "\xc3\xa9", "b" };
	const size_t n = sizeof(names) / sizeof(names[0]);
	PROFILE_AUTO p = profile_new();
	BUF_AUTO out = { 0 };
	struct view lines[512], text;
	size_t n_lines = 0;
	bool more = true;

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	for (size_t i = 0; i < n * n; i++) {
		uint32_t stack =
			profile_push(p, STACK_EMPTY, profile_named(p, view_of(names[i / n])));

		profile_add(p, stack, 0, (int64_t[]){ (int64_t)i + 1 });
		stack = profile_push(p, stack, profile_named(p, view_of(names[i % n])));
		profile_add(p, stack, 0, (int64_t[]){ (int64_t)i + 1 });
	}
	assert_int_equal(folded_encode(p, &out, NULL), 0);
	for (text = buf_view(&out); more && text.len;)
		lines[n_lines++] = view_take(&text, '\n', &more);
	assert_int_equal(n_lines, n * n + n);
	for (size_t i = 1; i < n_lines; i++)
		if (by_bytes(&lines[i - 1], &lines[i]) >= 0)
			fail_msg("\"%.*s\" before \"%.*s\"", (int)lines[i - 1].len, lines[i - 1].at,
				(int)lines[i].len, lines[i].at);
}

static void separators_in_names_are_replaced(void **state)
{
	PROFILE_AUTO p = profile_new();

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("a;b\nc\xff"))), 0,
		(int64_t[]){ 1 });
	profile_add(p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("f 12"))), 0,
		(int64_t[]){ 1 });
	writes(p, "a:b c\xef\xbf\xbd 1\nf_12 1\n");
}

static void zero_samples_have_no_line_and_negative_ones_are_refused(void **state)
{
	PROFILE_AUTO p = profile_new();
	BUF_AUTO out = { 0 };
	struct err err;

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(
		p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("a"))), 0, (int64_t[]){ 0 });
	writes(p, "");
	profile_add(p, STACK_EMPTY, 0, (int64_t[]){ -4 });
	assert_int_equal(folded_encode(p, &out, &err), ERR_UNSUPPORTED);
	assert_string_equal(err.text, "a sample of -4: folded stacks have no negative counts");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inlined_and_nameless_frames_and_counts_of_samples),
		cmocka_unit_test(lines_are_in_code_point_order),
		cmocka_unit_test(separators_in_names_are_replaced),
		cmocka_unit_test(zero_samples_have_no_line_and_negative_ones_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
