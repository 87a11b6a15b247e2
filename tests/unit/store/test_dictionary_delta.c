/* test_dictionary_delta: a dictionary replayed is the dictionary. */
#include "testing.h"

#include "store/dictionary_tables.h"
#include "store/spelled.h"
#include "store/workload.h"

static void add(struct store_dictionary *d, uint32_t seed)
{
	PROFILE_AUTO p = random_profile(seed);
	struct dictionary_pass pass;

	assert_int_equal(dictionary_pass_init(&pass, d, p, NULL), 0);
	for (size_t i = 0; i < p->n_samples; i++) {
		uint32_t id;

		assert_int_equal(
			dictionary_pass_stacks(&pass, &p->samples[i].stack, 1, &id, NULL), 0);
	}
	dictionary_pass_fini(&pass);
}

static void deltas_in_order_give_the_same_numbers(void **state)
{
	struct store_dictionary *d = dictionary_new(1, 100000), *again = dictionary_new(1, 100000);
	struct dictionary_mark since, now;
	size_t n, n_again;

	dictionary_mark(again, &since);
	for (uint32_t seed = 0; seed < 60; seed++) {
		BUF_AUTO delta = { 0 };

		add(d, seed);
		if (seed % 3)
			continue;
		dictionary_delta(d, &since, &delta);
		assert_int_equal(dictionary_replay(again, buf_view(&delta), NULL), 0);
		dictionary_mark(d, &now);
		assert_true(dictionary_mark_equal(&since, &now));
		add(again, seed); /* what it knows it knows by the same numbers */
		dictionary_mark(again, &now);
		assert_true(dictionary_mark_equal(&since, &now));
	}
	dictionary_nodes(d, &n);
	dictionary_nodes(again, &n_again);
	for (uint32_t i = 1; i < n_again; i++) {
		BUF_AUTO one = { 0 }, other = { 0 };

		spelled_known(d, i, &one);
		spelled_known(again, i, &other);
		assert_true(view_equal(buf_view(&one), buf_view(&other)));
	}
	dictionary_unref(d);
	dictionary_unref(again);
}

static void damage_is_refused(void **state)
{
	struct store_dictionary *d = dictionary_new(1, 100000);
	struct dictionary_mark since;
	BUF_AUTO delta = { 0 };

	dictionary_mark(d, &since);
	for (uint32_t seed = 0; seed < 20; seed++)
		add(d, seed);
	dictionary_delta(d, &since, &delta);
	for (size_t len = 0; len < delta.len; len++) {
		struct store_dictionary *again = dictionary_new(1, 100000);
		struct view cut = { delta.at, len };

		assert_int_equal(dictionary_replay(again, cut, NULL), ERR_CORRUPT);
		dictionary_unref(again);
	}
	for (size_t i = 0; i < delta.len; i++) {
		struct store_dictionary *again = dictionary_new(1, 100000);

		delta.at[i] ^= 0x55;
		dictionary_replay(again, buf_view(&delta), NULL); /* whatever it says, it ends */
		delta.at[i] ^= 0x55;
		dictionary_unref(again);
	}
	assert_int_equal(dictionary_replay(d, buf_view(&delta), NULL), ERR_CORRUPT);
	dictionary_unref(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deltas_in_order_give_the_same_numbers),
		cmocka_unit_test(damage_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
