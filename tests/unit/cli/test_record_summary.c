/* test_record_summary: the summary names the hottest function and hides nothing. */
#include "testing.h"

#include "cli/record_summary.h"

static void add(struct profile *p, const char *a, const char *b, const char *c, int64_t count)
{
	const char *names[] = { a, b, c };
	int64_t values[2] = { count, count * 10 };
	uint32_t stack = STACK_EMPTY;

	for (size_t i = 0; i < 3 && names[i]; i++)
		stack = profile_push(p, stack, profile_named(p, view_of(names[i])));
	profile_add(p, stack, 0, values);
}

static struct profile *specimen(void)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	add(p, "main", "work", "spin", 40);
	add(p, "main", "rest", "spin", 30);
	add(p, "main", "work", NULL, 50);
	p->accounting = (struct accounting){ .known = true,
		.attempted = 125,
		.complete = 118,
		.truncated = { [TRUNCATED_DEPTH] = 2 },
		.lost = { [LOST_RING_FULL] = 5 },
		.hz = 99,
		.cpus = 2 };
	return p;
}

static void the_hottest_leaf_is_found_with_its_commonest_path(void **state)
{
	PROFILE_AUTO p = specimen();
	struct record_hottest hot;

	assert_true(record_summary_hottest(p, &hot));
	assert_memory_equal(hot.text.at, "spin", hot.name_len);
	assert_int_equal(hot.samples, 70);
	assert_int_equal(hot.of, 120);
	assert_view_equal(buf_view(&hot.path), "main → work → spin");
	record_summary_hottest_fini(&hot);
}

static void an_empty_profile_has_no_hottest(void **state)
{
	PROFILE_AUTO p = profile_new();
	struct record_hottest hot;

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	assert_false(record_summary_hottest(p, &hot));
}

static bool has(const struct buf *text, const char *words)
{
	return memmem(text->at, text->len, words, strlen(words));
}

static void every_reason_is_named(void **state)
{
	PROFILE_AUTO p = specimen();
	const char *files[] = { "a.pb.gz", "b.svg" };
	struct record_summary summary = {
		.profile = p, .files = files, .n_files = 2, .own_cpu_ns = 1230000000
	};
	BUF_AUTO text = { 0 };

	record_summary_text(&summary, &text);
	assert_true(has(&text, "2 truncated (depth)"));
	assert_true(has(&text, "5 lost (ring full)"));
	assert_false(has(&text, "truncated, depth"));
	assert_true(has(&text, "hottest: spin  58.3 %"));
	assert_true(has(&text, "own CPU 1.23 s; wrote a.pb.gz, b.svg"));
}

static void what_has_no_name_for_a_reason_is_said(void **state)
{
	PROFILE_AUTO p = specimen();
	struct record_summary summary = { .profile = p };
	BUF_AUTO plain = { 0 };
	BUF_AUTO text = { 0 };
	BUF_AUTO json = { 0 };

	record_summary_text(&summary, &plain);
	assert_false(has(&plain, "kptr_restrict"));
	assert_false(has(&plain, "not believed"));
	assert_false(has(&plain, "debug information"));
	summary.symbols = (struct symbol_stats){
		.kernel_hidden = true, .perfmaps_refused = 1, .dwarf_failed = 2
	};
	record_summary_text(&summary, &text);
	assert_true(has(&text, "kernel.kptr_restrict"));
	assert_true(has(&text, "in 1 process were not believed"));
	assert_true(has(&text, "The debug information of 2 files"));
	record_summary_json(&summary, &json);
	assert_true(has(&json, "\"dwarf_failed\":2,\"perfmaps_refused\":1,\"kernel_hidden\":true"));
}

static void a_summary_of_nothing_does_not_contradict_itself(void **state)
{
	PROFILE_AUTO p = profile_new();
	struct record_summary summary = { .profile = p };
	BUF_AUTO idle = { 0 };
	BUF_AUTO lost = { 0 };

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	p->accounting = (struct accounting){
		.known = true, .all_ticks = 100, .idle_ticks = 99, .hz = 99, .cpus = 2
	};
	record_summary_text(&summary, &idle);
	assert_true(has(&idle, "No samples"));
	assert_false(has(&idle, "what you see"));
	p->accounting.attempted = p->accounting.lost[LOST_RING_FULL] = 7;
	record_summary_text(&summary, &lost);
	assert_true(has(&lost, "7 lost (ring full)"));
	assert_false(has(&lost, "nothing that was watched"));
}

static void names_cannot_steer_the_terminal(void **state)
{
	PROFILE_AUTO p = profile_new();
	struct record_summary summary = { .profile = p };
	BUF_AUTO text = { 0 };

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	add(p, "\033]0;owned\a\302\233", NULL, NULL, 1);
	record_summary_text(&summary, &text);
	assert_false(has(&text, "\033"));
	assert_false(has(&text, "\a"));
	assert_false(has(&text, "\302\233"));
	assert_true(has(&text, "?]0;owned?"));
}

static void json_is_escaped_and_complete(void **state)
{
	PROFILE_AUTO p = specimen();
	const char *files[] = { "a \"b\"\n" };
	struct record_summary summary = { .profile = p, .files = files, .n_files = 1 };
	BUF_AUTO text = { 0 };

	record_summary_json(&summary, &text);
	assert_true(has(&text, "\"attempted\":125,\"complete\":118"));
	assert_true(has(&text, "\"depth\":2"));
	assert_true(has(&text, "\"ring_full\":5"));
	assert_true(has(&text, "\"function\":\"spin\""));
	assert_true(has(&text, "\"files\":[\"a \\\"b\\\"\\u000a\"]}"));
	assert_int_equal(text.at[text.len - 1], '\n');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hottest_leaf_is_found_with_its_commonest_path),
		cmocka_unit_test(an_empty_profile_has_no_hottest),
		cmocka_unit_test(every_reason_is_named),
		cmocka_unit_test(what_has_no_name_for_a_reason_is_said),
		cmocka_unit_test(a_summary_of_nothing_does_not_contradict_itself),
		cmocka_unit_test(names_cannot_steer_the_terminal),
		cmocka_unit_test(json_is_escaped_and_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
