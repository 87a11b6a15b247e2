/* test_level_track: steps between snapshots are not empty, and those after the last are. */
#include "testing.h"

#include "query/level_track.h"

#define SECOND ((int64_t)1000000000)

static void expect(const int64_t *points, const int64_t *wanted, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(points[i], wanted[i] * LEVEL_PARTS);
}

static void a_snapshot_holds_until_the_next(void **state)
{
	struct level_track track;
	int64_t points[12] = { 0 }, *columns[] = { points };

	assert_true(level_track_init(&track, 1, 12, 15 * SECOND, NULL));
	level_track_count(&track, 1, 2);
	level_track_add(&track, 0, 1, 10);
	level_track_add(&track, 0, 1, 20);
	level_track_count(&track, 5, 1);
	level_track_add(&track, 0, 5, 7);
	level_track_give(&track, columns);
	expect(points, (int64_t[]){ 0, 15, 15, 15, 15, 7, 7, 7, 7, 0, 0, 0 }, 12);
	level_track_give(&track, columns); /* nothing came since */
	level_track_count(&track, 2, 1);   /* another series */
	level_track_add(&track, 0, 2, 100);
	level_track_count(&track, 99, 1);
	level_track_add(&track, 0, 99, 100);
	level_track_give(&track, columns);
	expect(points, (int64_t[]){ 0, 15, 115, 15, 15, 7, 7, 7, 7, 0, 0, 0 }, 12);
	level_track_fini(&track);
}

static void nothing_is_held_for_longer_than_five_minutes(void **state)
{
	struct level_track track;
	int64_t points[9] = { 0 }, others[9] = { 0 }, *columns[] = { points, others };

	assert_true(level_track_init(&track, 2, 9, 120 * SECOND, NULL));
	for (size_t i = 0; i < 8; i += 7) {
		level_track_count(&track, i, 1);
		level_track_add(&track, 0, i, 5);
		level_track_add(&track, 1, i, 1);
	}
	level_track_give(&track, columns);
	expect(points, (int64_t[]){ 5, 5, 5, 0, 0, 0, 0, 5, 0 }, 9);
	expect(others, (int64_t[]){ 1, 1, 1, 0, 0, 0, 0, 1, 0 }, 9);
	level_track_fini(&track);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_snapshot_holds_until_the_next),
		cmocka_unit_test(nothing_is_held_for_longer_than_five_minutes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
