/* test_copy: what is copied reads the same, and nothing else comes along. */
#include "testing.h"

#include "model/copy.h"
#include "naive_stacks.h"
#include "random_profile.h"

static void assert_same_stack(
	const struct profile *a, uint32_t a_stack, const struct profile *b, uint32_t b_stack)
{
	struct frames a_frames, b_frames;
	struct naive_stack of_a, of_b;

	assert_int_equal(frames_init(&a_frames, a, FRAMES_LINES, NULL), 0);
	assert_int_equal(frames_init(&b_frames, b, FRAMES_LINES, NULL), 0);
	of_a = naive_stack(a, &a_frames, a_stack);
	of_b = naive_stack(b, &b_frames, b_stack);
	assert_int_equal(of_a.n, of_b.n);
	for (size_t i = 0; i < of_a.n; i++)
		assert_true(view_equal(of_a.frames[i], of_b.frames[i]));
	frames_fini(&a_frames);
	frames_fini(&b_frames);
}

static void assert_same_labels(
	const struct profile *a, uint32_t a_set, const struct profile *b, uint32_t b_set)
{
	const struct label_set *of_a = &a->label_sets[a_set], *of_b = &b->label_sets[b_set];

	assert_int_equal(of_a->count, of_b->count);
	for (uint32_t i = 0; i < of_a->count; i++) {
		const struct label *x = &a->labels[of_a->first + i];
		const struct label *y = &b->labels[of_b->first + i];

		assert_true(view_equal(profile_text(a, x->key), profile_text(b, y->key)));
		assert_true(view_equal(profile_text(a, x->str), profile_text(b, y->str)));
		assert_true(view_equal(profile_text(a, x->unit), profile_text(b, y->unit)));
		assert_int_equal(x->num, y->num);
	}
}

static void stacks_and_labels_read_the_same_in_the_copy(void **state)
{
	for (uint32_t seed = 0; seed < 10; seed++) {
		PROFILE_AUTO from = random_profile(seed);
		PROFILE_AUTO into = random_profile(seed + 100);
		struct copy copy;

		assert_int_equal(copy_init(&copy, from, into, NULL), 0);
		for (size_t i = 0; i < from->n_samples; i++) {
			const struct sample *sample = &from->samples[i];

			assert_same_stack(
				from, sample->stack, into, copy_stack(&copy, sample->stack));
			assert_same_labels(
				from, sample->labels, into, copy_labels(&copy, sample->labels));
		}
		copy_fini(&copy);
	}
}

static void asking_twice_gives_one_id(void **state)
{
	PROFILE_AUTO from = random_profile(3);
	PROFILE_AUTO into = profile_new();
	uint32_t last = (uint32_t)from->n_samples - 1;
	struct copy copy;

	assert_int_equal(copy_init(&copy, from, into, NULL), 0);
	for (uint32_t i = 0; i < from->n_functions; i++)
		assert_int_equal(copy_function(&copy, i), copy_function(&copy, i));
	assert_int_equal(into->n_functions, from->n_functions);
	assert_int_equal(copy_stack(&copy, from->samples[last].stack),
		copy_stack(&copy, from->samples[last].stack));
	copy_fini(&copy);
}

static void what_nobody_asks_for_stays_behind(void **state)
{
	PROFILE_AUTO from = profile_new();
	PROFILE_AUTO into = profile_new();
	uint32_t wanted = profile_named(from, VIEW("wanted"));
	struct copy copy;

	profile_named(from, VIEW("other"));
	assert_int_equal(copy_init(&copy, from, into, NULL), 0);
	assert_int_equal(copy_location(&copy, wanted), 0);
	assert_int_equal(into->n_locations, 1);
	assert_int_equal(into->n_functions, 1);
	assert_view_equal(profile_text(into, into->functions[0].name), "wanted");
	copy_fini(&copy);
}

static void the_depth_of_a_stack_costs_no_depth_of_calls(void **state)
{
	PROFILE_AUTO from = profile_new();
	PROFILE_AUTO into = profile_new();
	uint32_t location = profile_named(from, VIEW("f")), stack = STACK_EMPTY;
	struct copy copy;

	for (int i = 0; i < 200000; i++)
		stack = profile_push(from, stack, location);
	assert_int_equal(copy_init(&copy, from, into, NULL), 0);
	copy_stack(&copy, stack);
	assert_int_equal(into->stacks.count, 200001);
	copy_fini(&copy);
}

static void the_header_tells_all_about_the_capture(void **state)
{
	PROFILE_AUTO from = random_profile(1);
	PROFILE_AUTO into = profile_new();
	struct copy copy;

	from->time_ns = 1;
	from->duration_ns = 2;
	from->period = 3;
	from->period_type.type = profile_string(from, VIEW("cpu"));
	from->period_type.unit = profile_string(from, VIEW("nanoseconds"));
	from->default_type = profile_string(from, VIEW("samples"));
	from->doc_url = profile_string(from, VIEW("http://doc"));
	from->accounting = (struct accounting){ .known = true, .attempted = 4, .complete = 4 };
	profile_comment(from, VIEW("said"));
	assert_int_equal(copy_init(&copy, from, into, NULL), 0);
	assert_int_equal(copy_header(&copy, NULL), 0);
	assert_int_equal(into->n_types, 2);
	assert_int_equal(profile_find_type(into, VIEW("")), 0);
	assert_int_equal(into->time_ns, 1);
	assert_int_equal(into->duration_ns, 2);
	assert_int_equal(into->period, 3);
	assert_view_equal(profile_text(into, into->period_type.type), "cpu");
	assert_view_equal(profile_text(into, into->doc_url), "http://doc");
	assert_view_equal(profile_text(into, into->comments[0]), "said");
	assert_int_equal(into->accounting.complete, 4);
	copy_fini(&copy);
}

static struct profile *labelled(void)
{
	struct profile *p = profile_new();
	struct label labels[2] = {
		{ .key = profile_string(p, VIEW("host")), .str = profile_string(p, VIEW("h1")) },
		{ .key = profile_string(p, VIEW("size")),
			.num = 5,
			.unit = profile_string(p, VIEW("bytes")) },
	};
	uint32_t stack = profile_push(p, STACK_EMPTY, profile_named(p, VIEW("main")));

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add(p, stack, profile_labels(p, labels, 2), (int64_t[]){ 3 });
	profile_add(p, stack, 0, (int64_t[]){ 4 });
	return p;
}

static void assert_stack(const struct profile *p, size_t sample, const char *const *names)
{
	struct frames frames;
	struct naive_stack stack;

	assert_int_equal(frames_init(&frames, p, FRAMES_FUNCTIONS, NULL), 0);
	stack = naive_stack(p, &frames, p->samples[sample].stack);
	for (size_t i = 0; i < stack.n; i++)
		assert_view_equal(stack.frames[i], names[i]);
	assert_null(names[stack.n]);
	frames_fini(&frames);
}

static void grouped_stacks_start_with_the_values_of_their_labels(void **state)
{
	PROFILE_AUTO from = labelled();
	PROFILE_AUTO made = NULL;
	const uint32_t keys[] = { profile_string(from, VIEW("size")),
		profile_string(from, VIEW("host")) };

	assert_int_equal(copy_grouped(from, keys, 2, &made, NULL), 0);
	assert_int_equal(made->n_samples, 2);
	assert_int_equal(profile_total(made, 0), 7);
	assert_stack(made, 0, (const char *const[]){ "5 bytes", "h1", "main", NULL });
	assert_stack(made, 1, (const char *const[]){ "(no size)", "(no host)", "main", NULL });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stacks_and_labels_read_the_same_in_the_copy),
		cmocka_unit_test(asking_twice_gives_one_id),
		cmocka_unit_test(what_nobody_asks_for_stays_behind),
		cmocka_unit_test(the_depth_of_a_stack_costs_no_depth_of_calls),
		cmocka_unit_test(the_header_tells_all_about_the_capture),
		cmocka_unit_test(grouped_stacks_start_with_the_values_of_their_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
