/* test_dictionary: stacks keep their numbers and their names. */
#include "testing.h"

#include <pthread.h>

#include "store/spelled.h"
#include "store/workload.h"

static void add_all(struct store_dictionary *d, const struct profile *p, uint32_t *ret)
{
	struct dictionary_pass pass;

	assert_int_equal(dictionary_pass_init(&pass, d, p, NULL), 0);
	for (size_t i = 0; i < p->n_samples; i++)
		assert_int_equal(
			dictionary_pass_stacks(&pass, &p->samples[i].stack, 1, &ret[i], NULL), 0);
	dictionary_pass_fini(&pass);
}

static void stacks_come_back_by_name_and_have_one_number(void **state)
{
	struct store_dictionary *d = dictionary_new(7, 100000);
	size_t n;

	for (int round = 0; round < 2; round++) {
		for (uint32_t seed = 0; seed < 50; seed++) {
			PROFILE_AUTO p = random_profile(seed);
			uint32_t ids[64];

			add_all(d, p, ids);
			for (size_t i = 0; i < p->n_samples; i++) {
				BUF_AUTO here = { 0 }, there = { 0 };

				spelled_stack(p, p->samples[i].stack, &here);
				spelled_known(d, ids[i], &there);
				assert_int_equal(here.len, there.len);
				if (here.len)
					assert_memory_equal(here.at, there.at, here.len);
			}
		}
		dictionary_nodes(d, &n);
		if (round == 0)
			*state = (void *)n;
	}
	assert_int_equal(n, (size_t)*state);
	assert_int_equal(dictionary_id(d), 7);
	assert_true(dictionary_bytes(d) > n * 8);
	dictionary_unref(d);
}

static void parents_have_lower_numbers_than_children(void **state)
{
	struct store_dictionary *d = dictionary_new(1, 100000);
	const struct dictionary_node *nodes;
	PROFILE_AUTO p = random_profile(3);
	uint32_t ids[64];
	size_t n;

	add_all(d, p, ids);
	nodes = dictionary_nodes(d, &n);
	assert_true(n > 1);
	for (size_t i = 1; i < n; i++) {
		assert_true(nodes[i].parent < i);
		assert_true(nodes[i].frame < dictionary_frames(d));
	}
	dictionary_unref(d);
}

static void a_full_dictionary_says_so_and_keeps_what_it_has(void **state)
{
	struct store_dictionary *d = dictionary_new(1, 8);
	struct dictionary_pass pass;
	PROFILE_AUTO p = profile_new();
	uint32_t stack = 0, last = 0, id;
	struct err err;
	size_t n;
	int rc = 0;

	for (int i = 0; i < 4; i++)
		last = profile_push(p, last, profile_named(p, VIEW("f")));
	stack = last;
	for (int i = 0; i < 10; i++)
		stack = profile_push(p, stack, profile_named(p, VIEW("f")));
	assert_int_equal(dictionary_pass_init(&pass, d, p, NULL), 0);
	assert_int_equal(dictionary_pass_stacks(&pass, &last, 1, &id, NULL), 0);
	rc = dictionary_pass_stacks(&pass, &stack, 1, &id, &err);
	assert_int_equal(rc, ERR_LIMIT);
	assert_non_null(strstr(err.text, "8 frames"));
	assert_int_equal(dictionary_pass_stacks(&pass, &last, 1, &id, NULL), 0);
	dictionary_nodes(d, &n);
	assert_int_equal(n, 5);
	dictionary_pass_fini(&pass);
	dictionary_unref(d);
}

static void a_reference_keeps_it(void **state)
{
	struct store_dictionary *d = dictionary_new(1, 100), *same = dictionary_ref(d);

	assert_true(dictionary_is_shared(d));
	dictionary_unref(d);
	assert_false(dictionary_is_shared(same));
	assert_int_equal(dictionary_id(same), 1);
	dictionary_unref(same);
}

static void *add_many(void *d)
{
	uint32_t ids[64];

	for (uint32_t seed = 0; seed < 100; seed++) {
		PROFILE_AUTO p = random_profile(seed);

		add_all(d, p, ids);
	}
	return NULL;
}

static void readers_and_writers_do_not_disturb_each_other(void **state)
{
	struct store_dictionary *d = dictionary_new(1, 100000);
	pthread_t writers[2];

	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&writers[i], NULL, add_many, d), 0);
	for (int i = 0; i < 200; i++) {
		BUF_AUTO text = { 0 };
		size_t n;

		dictionary_nodes(d, &n);
		spelled_known(d, (uint32_t)n - 1, &text);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(writers[i], NULL);
	dictionary_unref(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stacks_come_back_by_name_and_have_one_number),
		cmocka_unit_test(parents_have_lower_numbers_than_children),
		cmocka_unit_test(a_full_dictionary_says_so_and_keeps_what_it_has),
		cmocka_unit_test(a_reference_keeps_it),
		cmocka_unit_test(readers_and_writers_do_not_disturb_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
