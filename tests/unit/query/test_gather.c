/* test_gather: what is gathered is the sum of what was kept, stack by stack, cut or not. */
#include "testing.h"

#include "base/hash.h"
#include "query/folded_of.h"
#include "query/gather.h"
#include "query/kept_profiles.h"
#include "store/spelled.h"
#include "store/store_mem.h"
#include "store/workload.h"

#define ENTRIES 200

static struct workload_entry entries[ENTRIES];
static struct store *store;

static int start(void **state)
{
	uint32_t seed = 7;

	assert_int_equal(store_mem_open(&store, NULL), 0);
	for (size_t i = 0; i < ENTRIES; i++) {
		workload_make(&entries[i], &seed, 3600);
		assert_int_equal(workload_append(store, &entries[i].entry, 1, NULL), 0);
	}
	return 0;
}

static int stop(void **state)
{
	store_close(store);
	for (size_t i = 0; i < ENTRIES; i++)
		workload_free(&entries[i]);
	return 0;
}

/* Of stacks and values, whatever their order and however they are spread. */
struct digest {
	uint64_t stacks;
	int64_t total;
};

static void digest_sample(
	struct digest *digest, const struct profile *profile, uint32_t stack, int64_t value)
{
	BUF_AUTO text = { 0 };

	spelled_stack(profile, stack, &text);
	digest->stacks += hash_view(buf_view(&text)) * (uint64_t)value;
	digest->total += value;
}

static struct digest expected(uint32_t which, int64_t from_ns, int64_t to_ns, const char *service)
{
	struct digest digest = { 0 };

	for (size_t i = 0; i < ENTRIES; i++) {
		const struct profile *profile = entries[i].profile;

		if (entries[i].entry.tenant.len || profile->time_ns < from_ns ||
			profile->time_ns >= to_ns || strcmp(entries[i].service, service) != 0)
			continue;
		for (size_t k = 0; k < profile->n_samples; k++)
			digest_sample(&digest, profile, profile->samples[k].stack,
				profile->values[k * profile->n_types + which]);
	}
	return digest;
}

struct asked {
	uint32_t which;
	int64_t from_ns, to_ns;
	const char *service;
	size_t nodes_max;
};

static struct profile *ask(struct asked asked, struct gather_figures *figures)
{
	struct matcher matcher = { .name = VIEW("service_name"), .value = view_of(asked.service) };
	struct store_select select = { .type = workload_type(asked.which),
		.matchers = &matcher,
		.n_matchers = 1,
		.from_ns = asked.from_ns,
		.to_ns = asked.to_ns };
	struct gather_options options = { .select = &select, .nodes_max = asked.nodes_max };
	struct profile *profile;

	assert_int_equal(gather(store, &options, &profile, figures, NULL), 0);
	return profile;
}

static struct digest digest_of(const struct profile *profile)
{
	struct digest digest = { 0 };

	for (size_t k = 0; k < profile->n_samples; k++)
		digest_sample(&digest, profile, profile->samples[k].stack, profile->values[k]);
	return digest;
}

static void all_that_was_kept_is_there(void **state)
{
	for (uint32_t i = 0; i < 24; i++) {
		int64_t from_ns = WORKLOAD_START + (int64_t)i * 300 * WORKLOAD_SECOND / 2;
		int64_t to_ns = from_ns + (int64_t)(1 + i % 5) * 600 * WORKLOAD_SECOND;
		const char *service = i % 3 == 0   ? "service-0"
				      : i % 3 == 1 ? "service-1"
						   : "service-2";
		struct gather_figures figures;
		struct profile *profile =
			ask((struct asked){ i % 2, from_ns, to_ns, service, 0 }, &figures);
		struct digest seen = digest_of(profile),
			      right = expected(i % 2, from_ns, to_ns, service);

		assert_true(seen.total == right.total);
		assert_true(seen.stacks == right.stacks);
		assert_int_equal(figures.nodes_cut, 0);
		profile_free(profile);
	}
}

static void what_is_cut_still_counts(void **state)
{
	struct gather_figures whole, cut;
	struct profile *all = ask((struct asked){ 0, 0, INT64_MAX, "service-1", 0 }, &whole);
	struct profile *some = ask((struct asked){ 0, 0, INT64_MAX, "service-1", 10 }, &cut);

	assert_true(whole.nodes > 40);
	assert_true(cut.nodes - cut.nodes_cut <= 10);
	assert_true(some->stacks.count < all->stacks.count);
	assert_true(digest_of(some).total == digest_of(all).total);
	assert_true(cut.profiles == whole.profiles);
	assert_int_equal(cut.series, 3);
	profile_free(all);
	profile_free(some);
}

static void of_one_long_path_the_root_end_is_kept(void **state)
{
	struct store_label label = { VIEW("service_name"), VIEW("deep") };
	PROFILE_AUTO deep = profile_new();
	struct store_entry entry = {
		.name = VIEW("process_cpu"), .labels = { &label, 1 }, .id = "deep", .profile = deep
	};
	struct gather_figures figures;
	struct profile *profile;
	int64_t values[] = { 7, 70 };
	uint32_t stack = STACK_EMPTY;

	profile_add_type(deep, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(deep, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	deep->period_type = deep->types[1];
	deep->time_ns = WORKLOAD_START;
	for (unsigned i = 0; i < 50; i++)
		stack = profile_push(deep, stack, profile_named(deep, VIEW("again")));
	profile_add(deep, stack, 0, values);
	assert_int_equal(workload_append(store, &entry, 1, NULL), 0);
	profile = ask((struct asked){ 0, 0, INT64_MAX, "deep", 12 }, &figures);
	assert_int_equal(figures.nodes, 50);
	assert_int_equal(figures.nodes_cut, 38);
	assert_int_equal(profile->stacks.count, 1 + 12 + 1); /* the empty one, and "other" */
	assert_int_equal(digest_of(profile).total, 7);
	profile_free(profile);
}

static void nothing_is_an_empty_profile(void **state)
{
	struct gather_figures figures;
	struct profile *profile = ask((struct asked){ 0, 0, 1, "service-1", 0 }, &figures);

	assert_int_equal(profile->n_samples, 0);
	assert_int_equal(profile->n_types, 1);
	assert_int_equal(figures.profiles, 0);
	profile_free(profile);
}

/* Of two processes, four times each. Halves are rounded up and down: the sum holds. */
static void what_lives_is_its_mean(void **state)
{
	const struct view pod = VIEW("pod");
	struct store_select select = kept_select_living();
	struct gather_options options = { .select = &select };
	BUF_AUTO text = { 0 };
	PROFILE_AUTO profile = NULL;
	PROFILE_AUTO summed = NULL;
	PROFILE_AUTO apart = NULL;
	struct store *living;

	assert_int_equal(store_mem_open(&living, NULL), 0);
	for (int i = 0; i < 4; i++) {
		kept_add(living, (struct kept){ .name = "memory", .pod = "a", .at_s = i * 10 },
			i ? "main;keep|100\nmain;grow|30" : "main;keep|100\nmain;once|2");
		kept_add(living, (struct kept){ .name = "memory", .pod = "b", .at_s = i * 10 },
			"main;keep|1000");
	}
	assert_int_equal(gather(living, &options, &profile, NULL, NULL), 0);
	folded_of(profile, &text);
	assert_view_equal(buf_view(&text), "main;grow 22\nmain;keep 1100\nmain;once 1\n");
	options.levels_summed = true;
	assert_int_equal(gather(living, &options, &summed, NULL, NULL), 0);
	buf_clear(&text);
	folded_of(summed, &text);
	assert_view_equal(buf_view(&text), "main;grow 90\nmain;keep 4400\nmain;once 2\n");
	options = (struct gather_options){ .select = &select, .group = &pod, .n_group = 1 };
	assert_int_equal(gather(living, &options, &apart, NULL, NULL), 0);
	buf_clear(&text);
	folded_of(apart, &text);
	assert_view_equal(buf_view(&text),
		"pod=a main;grow 22\npod=a main;keep 100\npod=a main;once 1\n"
		"pod=b main;keep 1000\n");
	store_close(living);
}

static void who_asks_for_too_many_nodes_is_told_how_to_ask_for_fewer(void **state)
{
	struct budget_pool pool = { .bytes_of_one_max = 1 << 20,
		.bytes_of_one_setting = "query.memory" };
	struct budget budget = { .pool = &pool };
	struct store_select select = { .type = workload_type(0),
		.from_ns = INT64_MIN,
		.to_ns = INT64_MAX,
		.budget = &budget };
	struct gather_options options = { .select = &select };
	struct profile *profile;
	struct err err = { 0 };

	(void)state;
	assert_true(gather(store, &options, &profile, NULL, &err) < 0);
	assert_non_null(strstr(err.text, "query.memory"));
	assert_non_null(strstr(err.text, "nodes alone (max_nodes)"));
	budget_fini(&budget);
	budget = (struct budget){ .pool = &pool };
	options.nodes_max = 10;
	assert_int_equal(gather(store, &options, &profile, NULL, &err), 0);
	profile_free(profile);
	budget_fini(&budget);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_asks_for_too_many_nodes_is_told_how_to_ask_for_fewer),
		cmocka_unit_test(all_that_was_kept_is_there),
		cmocka_unit_test(what_is_cut_still_counts),
		cmocka_unit_test(of_one_long_path_the_root_end_is_kept),
		cmocka_unit_test(nothing_is_an_empty_profile),
		cmocka_unit_test(what_lives_is_its_mean),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
