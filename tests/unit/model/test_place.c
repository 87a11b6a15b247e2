/* test_place: addresses of processes become places in files. */
#include "testing.h"

#include "model/place.h"
#include "model/profile.h"

static const struct mapping LIBRARY = {
	.start = 0x7f0000001000, .limit = 0x7f0000005000, .offset = 0x3000
};

static void addresses_of_a_process_are_offsets_in_the_file(void **state)
{
	uint64_t offset;

	(void)state;
	assert_true(place_find(&LIBRARY, VIEW("/lib/libc.so.6"), 0x7f0000001234, &offset));
	assert_int_equal(offset, 0x3234);
}

static void addresses_outside_of_the_mapping_are_left_alone(void **state)
{
	uint64_t offset;

	(void)state;
	assert_false(place_find(&LIBRARY, VIEW("/lib/libc.so.6"), 0x7f0000005000, &offset));
	assert_false(place_find(&LIBRARY, VIEW("/lib/libc.so.6"), 0x1234, &offset));
}

static void addresses_of_the_file_are_left_alone(void **state)
{
	struct mapping program = { .start = 0x401000, .limit = 0x402000, .offset = 0x1000 };
	struct mapping unknown = { 0 };
	uint64_t offset;

	(void)state;
	assert_false(place_find(&program, VIEW("/bin/program"), 0x401136, &offset));
	assert_false(place_find(&unknown, VIEW("/bin/program"), 0x401136, &offset));
}

static void what_is_no_file_has_no_places(void **state)
{
	uint64_t offset;

	(void)state;
	assert_false(place_find(&LIBRARY, VIEW("[kernel.kallsyms]"), 0x7f0000001234, &offset));
	assert_false(place_find(&LIBRARY, VIEW(""), 0x7f0000001234, &offset));
}

static void an_offset_stays_one(void **state)
{
	struct mapping mapping = { .limit = PLACE_LIMIT };
	uint64_t offset;

	(void)state;
	assert_true(place_is_offset(&mapping));
	assert_false(place_is_offset(&LIBRARY));
	assert_true(place_find(&mapping, VIEW("a"), 0x1136, &offset));
	assert_int_equal(offset, 0x1136);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_of_a_process_are_offsets_in_the_file),
		cmocka_unit_test(addresses_outside_of_the_mapping_are_left_alone),
		cmocka_unit_test(addresses_of_the_file_are_left_alone),
		cmocka_unit_test(what_is_no_file_has_no_places),
		cmocka_unit_test(an_offset_stays_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
