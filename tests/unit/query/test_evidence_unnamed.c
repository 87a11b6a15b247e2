/* test_evidence_unnamed: stacks with nameless frames are counted once, and by build. */
#include "testing.h"

#include <stdlib.h>

#include "query/evidence_unnamed.h"
#include "query/kept_profiles.h"

static uint32_t address(struct profile *p, const char *build_id, uint64_t at)
{
	struct mapping mapping = { .file = profile_string(
					   p, view_of(build_id[0] == 'a' ? "/a" : "/b")),
		.build_id = profile_string(p, view_of(build_id)) };

	return profile_location(p,
		&(struct location){ .address = at, .mapping = profile_mapping(p, &mapping) }, NULL);
}

static void add(struct profile *p, const uint32_t *frames, size_t n, int64_t value)
{
	uint32_t stack = STACK_EMPTY;

	for (size_t i = 0; i < n; i++)
		stack = profile_push(p, stack, frames[i]);
	profile_add(p, stack, 0, (int64_t[]){ value, value });
}

static int read_part(void *owner, const struct store_part *part)
{
	struct evidence_unnamed *unnamed = owner;
	struct sums sums;
	int rc;

	sums_init(&sums, part->dictionary, NULL);
	assert_true(sums_add(&sums, part));
	assert_true(sums_total(&sums));
	rc = evidence_unnamed_add(unnamed, &sums, &(struct evidence_unnamed_options){ 0 }, NULL);
	sums_fini(&sums);
	return rc;
}

static void append(struct store *store, struct profile *profile)
{
	const struct store_label label = { VIEW("service_name"), VIEW("shop") };
	struct store_entry entry = {
		.name = VIEW("process_cpu"), .labels = { &label, 1 }, .profile = profile
	};

	profile->time_ns = KEPT_START;
	profile->duration_ns = WORKLOAD_SECOND;
	assert_int_equal(workload_append(store, &entry, 1, NULL), 0);
	profile_free(profile);
}

static void read_all(struct store *store, struct evidence_unnamed *ret)
{
	struct store_select select = kept_select();
	const struct store_scan scan = {
		.select = &select, .detail = STORE_STACKS, .part = read_part, .owner = ret
	};

	*ret = (struct evidence_unnamed){ 0 };
	assert_int_equal(store_scan(store, &scan, NULL), 0);
	evidence_unnamed_sort(ret);
}

static void stacks_count_once_and_for_each_build(void **state)
{
	struct profile *p = kept_profile("");
	struct evidence_unnamed unnamed;
	struct store *store;
	uint32_t main_, a1, a2, b;

	(void)state;
	main_ = profile_named(p, VIEW("main"));
	a1 = address(p, "aa", 1), a2 = address(p, "aa", 2), b = address(p, "bb", 1);
	add(p, (uint32_t[]){ main_ }, 1, 1);
	add(p, (uint32_t[]){ main_, a1 }, 2, 2);
	add(p, (uint32_t[]){ main_, a1, a2, main_ }, 4, 4);
	add(p, (uint32_t[]){ a1, b }, 2, 8);
	assert_int_equal(store_mem_open(&store, NULL), 0);
	append(store, p);
	read_all(store, &unnamed);
	assert_int_equal(unnamed.total, 14);
	assert_int_equal(unnamed.frames, 3);
	assert_int_equal(unnamed.n, 2);
	assert_view_equal(unnamed.builds[0].build_id, "aa");
	assert_view_equal(unnamed.builds[0].file, "/a");
	assert_int_equal(unnamed.builds[0].frames, 2);
	assert_int_equal(unnamed.builds[0].total, 14);
	assert_int_equal(unnamed.builds[1].total, 8);
	evidence_unnamed_fini(&unnamed);
	store_close(store);
}

static void more_builds_than_are_told_count_in_the_total(void **state)
{
	struct profile *p = kept_profile("");
	struct evidence_unnamed unnamed;
	struct store *store;

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		char id[16];
		uint32_t frame;

		snprintf(id, sizeof(id), "aa%02x", i);
		frame = address(p, id, 1);
		add(p, &frame, 1, 1);
	}
	assert_int_equal(store_mem_open(&store, NULL), 0);
	append(store, p);
	read_all(store, &unnamed);
	assert_int_equal(unnamed.total, 100);
	assert_int_equal(unnamed.frames, 100);
	assert_int_equal(unnamed.n, EVIDENCE_UNNAMED_BUILDS_MAX - 1);
	evidence_unnamed_fini(&unnamed);
	store_close(store);
}

static void what_has_names_is_nothing_to_tell(void **state)
{
	struct evidence_unnamed unnamed;
	struct store *store;

	(void)state;
	assert_int_equal(store_mem_open(&store, NULL), 0);
	append(store, kept_profile("main;work|3"));
	read_all(store, &unnamed);
	assert_int_equal(unnamed.total, 0);
	assert_int_equal(unnamed.n, 0);
	evidence_unnamed_fini(&unnamed);
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stacks_count_once_and_for_each_build),
		cmocka_unit_test(more_builds_than_are_told_count_in_the_total),
		cmocka_unit_test(what_has_names_is_nothing_to_tell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
