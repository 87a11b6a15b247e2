/* test_filter: pprof's filters, against the slow way on arrays of names. */
#include "testing.h"

#include "model/filter.h"
#include "naive_stacks.h"
#include "random_profile.h"

static bool is(const void *state, struct view text)
{
	return view_equal(text, view_of(state));
}

static bool starts(const void *state, struct view text)
{
	return view_starts(text, view_of(state));
}

static struct filter_text text(bool (*how)(const void *, struct view), const char *what)
{
	return (struct filter_text){ how, what };
}

static struct profile *stacks(const char *const *texts)
{
	struct profile *p = profile_new();

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	for (; *texts; texts++) {
		struct view rest = view_of(*texts);
		uint32_t stack = STACK_EMPTY;
		bool more = true;

		while (more)
			stack = profile_push(
				p, stack, profile_named(p, view_take(&rest, ';', &more)));
		profile_add(p, stack, 0, (int64_t[]){ 1 });
	}
	return p;
}

static void assert_stacks(const struct profile *p, const char *const *texts)
{
	struct frames frames;

	frames_init(&frames, p, FRAMES_FUNCTIONS, NULL);
	for (size_t i = 0; i < p->n_samples; i++) {
		struct naive_stack stack = naive_stack(p, &frames, p->samples[i].stack);
		BUF_AUTO joined = { 0 };

		for (size_t k = 0; k < stack.n; k++) {
			buf_add_text(&joined, k ? ";" : "");
			buf_add_view(&joined, stack.frames[k]);
		}
		assert_non_null(texts[i]);
		assert_view_equal(buf_view(&joined), texts[i]);
	}
	assert_null(texts[p->n_samples]);
	frames_fini(&frames);
}

#define TEXTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void check(struct filter_options options, const char *const *wanted)
{
	PROFILE_AUTO p = stacks(TEXTS("main;a;x", "main;b;x", "main;b;a;y", "start;c"));
	PROFILE_AUTO made = NULL;

	assert_int_equal(filter(p, &options, &made, NULL), 0);
	assert_stacks(made, wanted);
}

static void focus_keeps_samples_that_pass_through_a_match(void **state)
{
	check((struct filter_options){ .focus = text(is, "a") }, TEXTS("main;a;x", "main;b;a;y"));
}

static void ignore_is_stronger_than_focus(void **state)
{
	check((struct filter_options){ .focus = text(is, "a"), .ignore = text(is, "b") },
		TEXTS("main;a;x"));
}

static void hide_leaves_frames_out_and_empty_samples_go(void **state)
{
	check((struct filter_options){ .hide = text(is, "main") },
		TEXTS("a;x", "b;x", "b;a;y", "start;c"));
	check((struct filter_options){ .show = text(is, "c") }, TEXTS("c"));
}

static void show_from_cuts_at_the_match_nearest_to_the_root(void **state)
{
	check((struct filter_options){ .show_from = text(is, "a") }, TEXTS("a;x", "a;y"));
	check((struct filter_options){ .show_from = text(is, "b") }, TEXTS("b;x", "b;a;y"));
}

static void show_from_looks_at_what_hide_has_left(void **state)
{
	check((struct filter_options){ .show_from = text(is, "b"), .hide = text(is, "b") },
		(const char *const[]){ NULL });
}

static struct profile *with_inlined(void)
{
	struct profile *p = profile_new();
	struct mapping mapping = { .file = profile_string(p, VIEW("/usr/lib/libz.so")) };
	struct location location = { .n_lines = 3 };
	struct line lines[3];
	const char *const names[] = { "inner", "middle", "outer" };

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	location.mapping = profile_mapping(p, &mapping);
	for (int i = 0; i < 3; i++)
		lines[i].function = profile_function(
			p, &(struct function){ .name = profile_string(p, view_of(names[i])),
				   .file = profile_string(p, VIEW("src/z.c")) });
	profile_add(p,
		profile_push(p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("main"))),
			profile_location(p, &location, lines)),
		0, (int64_t[]){ 1 });
	return p;
}

static void check_inlined(struct filter_options options, const char *const *wanted)
{
	PROFILE_AUTO p = with_inlined();
	PROFILE_AUTO made = NULL;

	assert_int_equal(filter(p, &options, &made, NULL), 0);
	assert_stacks(made, wanted);
}

static void inlined_lines_are_hidden_one_by_one_and_mappings_whole(void **state)
{
	check_inlined(
		(struct filter_options){ .hide = text(is, "middle") }, TEXTS("main;outer;inner"));
	check_inlined(
		(struct filter_options){ .hide = text(starts, "/usr/lib/libz") }, TEXTS("main"));
	check_inlined((struct filter_options){ .show = text(starts, "/usr/lib/libz") },
		TEXTS("outer;middle;inner"));
	check_inlined(
		(struct filter_options){ .show_from = text(is, "middle") }, TEXTS("middle;inner"));
	check_inlined((struct filter_options){ .focus = text(is, "src/z.c") },
		TEXTS("main;outer;middle;inner"));
}

static bool has_host(const void *state, const struct profile *p, uint32_t labels)
{
	const struct label_set *set = &p->label_sets[labels];

	for (uint32_t i = 0; i < set->count; i++)
		if (view_equal(profile_text(p, p->labels[set->first + i].str), view_of(state)))
			return true;
	return false;
}

static int64_t total_with_host(const struct profile *p, const char *host)
{
	int64_t sum = 0;

	for (size_t i = 0; i < p->n_samples; i++)
		if (has_host(host, p, p->samples[i].labels))
			sum += p->values[2 * i + 1];
	return sum;
}

static void label_rules_keep_and_drop_samples(void **state)
{
	for (uint32_t seed = 0; seed < 50; seed++) {
		PROFILE_AUTO p = random_profile(seed);
		PROFILE_AUTO kept = NULL;
		PROFILE_AUTO dropped = NULL;
		struct filter_options options = { .label_focus = { has_host, "h1" } };

		assert_int_equal(filter(p, &options, &kept, NULL), 0);
		assert_int_equal(profile_total(kept, 1), total_with_host(p, "h1"));
		options = (struct filter_options){ .label_ignore = { has_host, "h1" } };
		assert_int_equal(filter(p, &options, &dropped, NULL), 0);
		assert_int_equal(
			profile_total(kept, 1) + profile_total(dropped, 1), profile_total(p, 1));
	}
}

static void labels_that_are_not_kept_no_longer_part_samples(void **state)
{
	PROFILE_AUTO p = random_profile(11);
	PROFILE_AUTO made = NULL;
	struct filter_options options = { .label_keep = text(is, "host") };

	assert_int_equal(filter(p, &options, &made, NULL), 0);
	assert_int_equal(profile_total(made, 1), profile_total(p, 1));
	for (size_t i = 0; i < made->n_labels; i++)
		assert_view_equal(profile_text(made, made->labels[i].key), "host");
}

static bool naive_has(const struct naive_stack *stack, const char *name)
{
	for (size_t i = 0; i < stack->n; i++)
		if (view_equal(stack->frames[i], view_of(name)))
			return true;
	return false;
}

static void random_focus_and_ignore_agree_with_the_slow_way(void **state)
{
	for (uint32_t seed = 0; seed < 200; seed++) {
		PROFILE_AUTO p = random_profile(seed);
		PROFILE_AUTO made = NULL;
		struct filter_options options = {
			.focus = text(is, "a"), .ignore = text(is, "main"), .hide = text(is, "b")
		};
		struct frames frames;
		int64_t wanted = 0;

		frames_init(&frames, p, FRAMES_FUNCTIONS, NULL);
		for (size_t i = 0; i < p->n_samples; i++) {
			struct naive_stack stack = naive_stack(p, &frames, p->samples[i].stack);

			if (naive_has(&stack, "a") && !naive_has(&stack, "main"))
				wanted += p->values[2 * i + 1];
		}
		frames_fini(&frames);
		assert_int_equal(filter(p, &options, &made, NULL), 0);
		assert_int_equal(profile_total(made, 1), wanted);
		frames_init(&frames, made, FRAMES_FUNCTIONS, NULL);
		for (size_t i = 0; i < made->n_samples; i++) {
			struct naive_stack stack =
				naive_stack(made, &frames, made->samples[i].stack);

			assert_false(naive_has(&stack, "b"));
		}
		frames_fini(&frames);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(focus_keeps_samples_that_pass_through_a_match),
		cmocka_unit_test(ignore_is_stronger_than_focus),
		cmocka_unit_test(hide_leaves_frames_out_and_empty_samples_go),
		cmocka_unit_test(show_from_cuts_at_the_match_nearest_to_the_root),
		cmocka_unit_test(show_from_looks_at_what_hide_has_left),
		cmocka_unit_test(inlined_lines_are_hidden_one_by_one_and_mappings_whole),
		cmocka_unit_test(label_rules_keep_and_drop_samples),
		cmocka_unit_test(labels_that_are_not_kept_no_longer_part_samples),
		cmocka_unit_test(random_focus_and_ignore_agree_with_the_slow_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
