/* test_change: chance is not mistaken for change, and change is not missed. */
#include "testing.h"

#include <math.h>
#include <stdlib.h>

#include "model/change.h"

static void the_same_share_did_not_change(void **state)
{
	struct change c = change_of(0.3, 1000, 0.3, 500);

	assert_true(c.q > 0.99);
	assert_false(change_is_sure(&c));
}

/* 300 of 1000 against 360 of 1000: pooled 0.33, z = 0.06 / sqrt(0.33 * 0.67 * 2 / 1000) = 2.853,
 * two-sided p = 0.00433; margin 1.96 * sqrt(0.3 * 0.7 / 1000 + 0.36 * 0.64 / 1000) = 0.0411. */
static void a_known_example_gives_its_known_numbers(void **state)
{
	struct change c = change_of(0.30, 1000, 0.36, 1000);

	assert_true(fabs(c.q - 0.00433) < 0.0001);
	assert_true(fabs(c.margin - 0.0411) < 0.0001);
}

static void without_numbers_of_samples_nothing_is_sure(void **state)
{
	struct change c = change_of(0, 0, 1, 1000);

	assert_false(change_is_sure(&c));
	assert_true(c.margin == 0);
}

static void one_sample_against_none_is_chance(void **state)
{
	struct change c = change_of(0, 1000, 0.001, 1000);

	assert_false(change_is_sure(&c));
}

/* The example of Benjamini and Hochberg (1995), section 3.1: of fifteen p-values four are
 * significant at 5 %. */
static void a_table_is_corrected_for_its_length(void **state)
{
	static const double p[] = { 0.0278, 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0298, 0.0344,
		0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000 };
	struct change changes[15] = { 0 }, *all[15];
	size_t sure = 0;

	for (size_t i = 0; i < 15; i++) {
		changes[i].q = p[i];
		all[i] = &changes[i];
	}
	assert_true(change_adjust(all, 15));
	for (size_t i = 0; i < 15; i++)
		sure += change_is_sure(&changes[i]);
	assert_int_equal(sure, 4);
	assert_true(fabs(changes[1].q - 0.0015) < 1e-9);
	assert_false(change_is_sure(&changes[0]));
}

static void an_empty_table_is_fine(void **state)
{
	assert_true(change_adjust(NULL, 0));
}

/* 400 functions, nothing changed but by sampling: as a rule no row may be called a change. */
static void two_captures_of_the_same_program_do_not_differ(void **state)
{
	unsigned tables_with_alarm = 0;

	srandom(7);
	for (unsigned table = 0; table < 40; table++) {
		struct change changes[400], *all[400];
		bool alarm = false;

		for (size_t i = 0; i < 400; i++) {
			unsigned hits[2] = { 0, 0 };

			for (unsigned k = 0; k < 2000; k++)
				hits[k & 1] += random() % 20 == 0;
			changes[i] = change_of(hits[0] / 1000.0, 1000, hits[1] / 1000.0, 1000);
			all[i] = &changes[i];
		}
		assert_true(change_adjust(all, 400));
		for (size_t i = 0; i < 400; i++)
			alarm = alarm || change_is_sure(&changes[i]);
		tables_with_alarm += alarm;
	}
	assert_true(tables_with_alarm <= 6); /* expected: 2 */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_share_did_not_change),
		cmocka_unit_test(a_known_example_gives_its_known_numbers),
		cmocka_unit_test(without_numbers_of_samples_nothing_is_sure),
		cmocka_unit_test(one_sample_against_none_is_chance),
		cmocka_unit_test(a_table_is_corrected_for_its_length),
		cmocka_unit_test(an_empty_table_is_fine),
		cmocka_unit_test(two_captures_of_the_same_program_do_not_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
