/* test_portion: every sample goes to its process, with nothing but what its thread said. */
#include "testing.h"

#include "agent/portion.h"

static uint32_t labels(struct profile *profile, int pid, const char *process, const char *trace)
{
	struct label set[5] = { { .key = profile_string(profile, VIEW("pid")), .num = pid },
		{ .key = profile_string(profile, VIEW("process")),
			.str = profile_string(profile, view_of(process)) },
		{ .key = profile_string(profile, VIEW("thread")),
			.str = profile_string(profile, VIEW("worker")) },
		{ .key = profile_string(profile, VIEW("trace_id")),
			.str = profile_string(profile, view_of(trace ? trace : "")) },
		{ .key = profile_string(profile, VIEW("route")),
			.str = profile_string(profile, VIEW("basket")) } };

	return profile_labels(profile, set, trace ? 5 : 3);
}

static void add(struct profile *profile, const char *frame, uint32_t label_set, int64_t count)
{
	int64_t values[] = { count, count * 10 };

	profile_add(profile,
		profile_push(profile, STACK_EMPTY, profile_named(profile, view_of(frame))),
		label_set, values);
}

static struct profile *host(void)
{
	struct profile *profile = profile_new();

	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(profile, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	profile->time_ns = 7;
	profile->accounting = (struct accounting){ .known = true, .attempted = 9, .complete = 9 };
	add(profile, "main", labels(profile, 1, "shop", NULL), 2);
	add(profile, "main", labels(profile, 2, "shop", NULL), 3);
	add(profile, "main", labels(profile, 1, "cart", NULL), 1); /* after exec */
	add(profile, "serve", labels(profile, 1, "shop", "abc"), 3);
	return profile;
}

static void each_process_has_its_own(void **state)
{
	struct profile *whole = host();
	struct portions portions;
	int64_t sum = 0;

	assert_int_equal(portions_make(whole, &portions, NULL), 0);
	assert_int_equal(portions.n, 3);
	for (size_t i = 0; i < 3; i++) {
		const struct profile *profile = portions.at[i].profile;

		sum += profile_total(profile, 1);
		assert_int_equal(profile->time_ns, 7);
		assert_int_equal(profile->n_types, 2);
		assert_false(profile->accounting.known);
	}
	assert_int_equal(sum, profile_total(whole, 1));
	assert_int_equal(portions.at[0].pid, 1);
	assert_view_equal(portions.at[0].process, "shop");
	assert_int_equal(profile_total(portions.at[0].profile, 0), 5);
	assert_int_equal(portions.at[1].pid, 2);
	assert_view_equal(portions.at[2].process, "cart");
	portions_fini(&portions);
	profile_free(whole);
}

static void only_what_a_thread_said_stays_on_a_sample(void **state)
{
	struct profile *whole = host();
	struct portions portions;
	const struct profile *profile;
	const struct label *labels_at;

	assert_int_equal(portions_make(whole, &portions, NULL), 0);
	profile = portions.at[0].profile;
	assert_int_equal(profile->n_samples, 2);
	assert_int_equal(profile->samples[0].labels, 0);
	assert_int_equal(profile->label_sets[profile->samples[1].labels].count, 2);
	labels_at = &profile->labels[profile->label_sets[profile->samples[1].labels].first];
	assert_view_equal(profile_text(profile, labels_at[0].str), "basket");
	assert_view_equal(profile_text(profile, labels_at[1].str), "abc");
	portions_fini(&portions);
	profile_free(whole);
}

static void an_idle_host_has_no_portions(void **state)
{
	struct profile *whole = profile_new();
	struct portions portions;

	assert_int_equal(portions_make(whole, &portions, NULL), 0);
	assert_int_equal(portions.n, 0);
	portions_fini(&portions);
	profile_free(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_process_has_its_own),
		cmocka_unit_test(only_what_a_thread_said_stays_on_a_sample),
		cmocka_unit_test(an_idle_host_has_no_portions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
