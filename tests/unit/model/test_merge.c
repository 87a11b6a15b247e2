/* test_merge: sums of profiles are the sums of their stacks. */
#include "testing.h"

#include "base/buf.h"
#include "model/merge.h"
#include "naive_stacks.h"
#include "random_profile.h"

#define SAMPLES_MAX 80 /* two random profiles together */

/* A profile the slow way: each sample's frames and labels as text, without a stack id. */
struct naive_samples {
	struct buf texts[SAMPLES_MAX];
	const struct profile *profile;
};

static void write_labels(const struct profile *p, uint32_t id, struct buf *out)
{
	const struct label_set *set = &p->label_sets[id];

	for (uint32_t i = 0; i < set->count; i++) {
		const struct label *label = &p->labels[set->first + i];

		buf_add_view(out, profile_text(p, label->key));
		buf_add_char(out, '\2');
		buf_add_view(out, profile_text(p, label->str));
		buf_add_format(out, "\2%lld", (long long)label->num);
		buf_add_view(out, profile_text(p, label->unit));
	}
}

static void read_samples(const struct profile *p, struct naive_samples *ret)
{
	struct frames frames;

	assert_in_range(p->n_samples, 0, SAMPLES_MAX);
	*ret = (struct naive_samples){ .profile = p };
	frames_init(&frames, p, FRAMES_LINES, NULL);
	for (size_t i = 0; i < p->n_samples; i++) {
		struct naive_stack stack = naive_stack(p, &frames, p->samples[i].stack);

		for (size_t k = 0; k < stack.n; k++) {
			buf_add_view(&ret->texts[i], stack.frames[k]);
			buf_add_char(&ret->texts[i], '\1');
		}
		write_labels(p, p->samples[i].labels, &ret->texts[i]);
	}
	frames_fini(&frames);
}

static void fini_samples(struct naive_samples *samples)
{
	for (size_t i = 0; i < SAMPLES_MAX; i++)
		buf_fini(&samples->texts[i]);
}

static int64_t sum_of(const struct naive_samples *samples, size_t type, const struct buf *text)
{
	const struct profile *p = samples->profile;
	int64_t sum = 0;

	for (size_t i = 0; i < p->n_samples; i++)
		if (view_equal(buf_view(&samples->texts[i]), buf_view(text)))
			sum += p->values[i * p->n_types + type];
	return sum;
}

static void every_stack_of_the_sum_is_the_sum_of_the_stacks(void **state)
{
	struct naive_samples of_a, of_b, of_sum;

	for (uint32_t seed = 0; seed < 100; seed++) {
		PROFILE_AUTO a = random_profile(seed);
		PROFILE_AUTO b = random_profile(seed + 1000);
		PROFILE_AUTO into = profile_new();

		assert_int_equal(merge_into(into, a, NULL), 0);
		assert_int_equal(merge_into(into, b, NULL), 0);
		read_samples(a, &of_a);
		read_samples(b, &of_b);
		read_samples(into, &of_sum);
		for (size_t type = 0; type < 2; type++) {
			assert_int_equal(profile_total(into, type),
				profile_total(a, type) + profile_total(b, type));
			for (size_t i = 0; i < into->n_samples; i++) {
				const struct buf *text = &of_sum.texts[i];

				assert_int_equal(sum_of(&of_sum, type, text),
					sum_of(&of_a, type, text) + sum_of(&of_b, type, text));
			}
		}
		fini_samples(&of_a);
		fini_samples(&of_b);
		fini_samples(&of_sum);
	}
}

static void a_profile_less_itself_is_nothing(void **state)
{
	PROFILE_AUTO a = random_profile(7);
	PROFILE_AUTO into = profile_new();

	assert_int_equal(merge_into(into, a, NULL), 0);
	assert_int_equal(merge_scaled(into, a, (double[]){ -1, -1 }, NULL), 0);
	assert_int_equal(profile_total(into, 0), 0);
	assert_int_equal(profile_total(into, 1), 0);
}

static void headers_join(void **state)
{
	PROFILE_AUTO a = random_profile(1);
	PROFILE_AUTO b = random_profile(2);
	PROFILE_AUTO into = profile_new();

	a->time_ns = 200;
	a->duration_ns = 10;
	a->period = 5;
	profile_comment(a, VIEW("one"));
	b->time_ns = 100;
	b->duration_ns = 20;
	b->period = 3;
	profile_comment(b, VIEW("two"));
	b->accounting = (struct accounting){ .known = true, .attempted = 4, .complete = 4 };
	assert_int_equal(merge_into(into, a, NULL), 0);
	assert_int_equal(merge_into(into, b, NULL), 0);
	assert_int_equal(into->time_ns, 100);
	assert_int_equal(into->duration_ns, 30);
	assert_int_equal(into->period, 5);
	assert_int_equal(into->n_comments, 2);
	assert_int_equal(into->accounting.attempted, 4);
}

static struct profile *with_types(const char *const *types)
{
	struct profile *p = profile_new();
	int64_t values[8];

	for (size_t i = 0; types[i]; i++) {
		profile_add_type(p, view_of(types[i]), VIEW("count"), NULL);
		values[i] = (int64_t)i + 1;
	}
	profile_add(p, profile_push(p, STACK_EMPTY, profile_named(p, VIEW("f"))), 0, values);
	return p;
}

static void different_types_are_refused_in_words(void **state)
{
	PROFILE_AUTO a = with_types((const char *const[]){ "cpu", NULL });
	PROFILE_AUTO b = with_types((const char *const[]){ "heap", NULL });
	PROFILE_AUTO into = profile_new();
	struct err err;

	assert_int_equal(merge_into(into, a, NULL), 0);
	assert_int_equal(merge_into(into, b, &err), ERR_USAGE);
	assert_string_equal(err.text, "profiles of cpu/count and heap/count do not add up");
}

static void common_types_come_in_the_others_order(void **state)
{
	PROFILE_AUTO a = with_types((const char *const[]){ "x", "cpu", "heap", NULL });
	PROFILE_AUTO b = with_types((const char *const[]){ "heap", "y", "cpu", NULL });
	PROFILE_AUTO made = NULL;
	struct err err;

	assert_int_equal(merge_common_types(a, b, &made, NULL), 0);
	assert_int_equal(made->n_types, 2);
	assert_int_equal(profile_total(made, 0), 3);
	assert_int_equal(profile_total(made, 1), 2);
	profile_free(b);
	b = with_types((const char *const[]){ "z", NULL });
	profile_freep(&made);
	made = NULL;
	assert_int_equal(merge_common_types(a, b, &made, &err), ERR_USAGE);
	assert_null(made);
}

static void a_pair_keeps_both_sides_apart(void **state)
{
	PROFILE_AUTO a = random_profile(3);
	PROFILE_AUTO b = random_profile(4);
	PROFILE_AUTO pair = NULL;
	struct err err;

	assert_int_equal(merge_pair(a, b, VIEW("cpu"), &pair, NULL), 0);
	assert_int_equal(profile_total(pair, 0), profile_total(a, 1));
	assert_int_equal(profile_total(pair, 1), profile_total(b, 1));
	assert_view_equal(profile_text(pair, pair->types[0].type), "base");
	assert_view_equal(profile_text(pair, pair->types[1].unit), "nanoseconds");
	profile_freep(&pair);
	pair = NULL;
	assert_int_equal(merge_pair(a, b, VIEW("moon"), &pair, &err), ERR_USAGE);
	assert_string_equal(err.text, "the base has no sample type \"moon\"");
}

static void values_that_do_not_fit_are_as_large_as_they_can_be(void **state)
{
	PROFILE_AUTO a = with_types((const char *const[]){ "cpu", NULL });
	PROFILE_AUTO into = profile_new();

	assert_int_equal(merge_scaled(into, a, (double[]){ 1e300 }, NULL), 0);
	assert_true(profile_total(into, 0) == INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_stack_of_the_sum_is_the_sum_of_the_stacks),
		cmocka_unit_test(a_profile_less_itself_is_nothing),
		cmocka_unit_test(headers_join),
		cmocka_unit_test(different_types_are_refused_in_words),
		cmocka_unit_test(common_types_come_in_the_others_order),
		cmocka_unit_test(a_pair_keeps_both_sides_apart),
		cmocka_unit_test(values_that_do_not_fit_are_as_large_as_they_can_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
