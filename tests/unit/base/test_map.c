/* test_map: keys are found again after growth and removal, against a plain array. */
#include "testing.h"

#include "base/map.h"

#define KEYS 512

static void holds_what_a_plain_array_holds(void **state)
{
	uint64_t plain[KEYS] = { 0 };
	unsigned seed = 1;
	MAP_AUTO map = { 0 };

	for (int step = 0; step < 20000; step++) {
		uint64_t key;

		seed = seed * 1103515245 + 12345;
		key = seed >> 16 & (KEYS - 1);
		if (seed & 0x40000000) {
			assert_int_equal(map_remove(&map, key), plain[key] != 0);
			plain[key] = 0;
		} else {
			*map_add(&map, key, NULL) = plain[key] = (uint64_t)step + 1;
		}
	}
	for (uint64_t key = 0; key < KEYS; key++) {
		uint64_t *found = map_find(&map, key);

		assert_int_equal(found ? *found : 0, plain[key]);
	}
}

static void walks_every_slot_once(void **state)
{
	MAP_AUTO map = { 0 };
	size_t cursor = 0;
	uint64_t sum = 0;

	for (uint64_t key = 0; key < 100; key++)
		*map_add(&map, key, NULL) = key;
	for (struct map_slot *slot; (slot = map_next(&map, &cursor));)
		sum += slot->value;
	assert_int_equal(sum, 4950);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_what_a_plain_array_holds),
		cmocka_unit_test(walks_every_slot_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
