/* test_dictionary_tables: what makes frames the same, and what does not. */
#include "testing.h"

#include "model/place.h"
#include "store/dictionary_tables.h"

static uint32_t frame(struct store_dictionary *d, uint64_t start, uint64_t address,
	const char *name, const char *file)
{
	PROFILE_AUTO p = profile_new();
	struct mapping mapping = { .start = start,
		.limit = start + 4096,
		.file = profile_string(p, VIEW("/bin/x")),
		.build_id = profile_string(p, VIEW("abcd")) };
	struct dictionary_pass pass;
	uint32_t id;
	struct location location = { .address = address, .mapping = profile_mapping(p, &mapping) };
	struct function function = { .file = profile_string(p, view_of(file)) };
	struct line line = { .line = 3 };

	if (name) {
		function.name = function.system_name = profile_string(p, view_of(name));
		line.function = profile_function(p, &function);
		location.n_lines = 1;
	}
	id = profile_location(p, &location, &line);
	assert_int_equal(dictionary_pass_init(&pass, d, p, NULL), 0);
	id = dictionary_tables_frame(&pass, id);
	dictionary_pass_fini(&pass);
	return id;
}

static void a_frame_with_a_name_has_no_address(void **state)
{
	struct store_dictionary *d = dictionary_new(1, 100);
	uint32_t first = frame(d, 0, 1, "f", "f.c");

	assert_int_equal(frame(d, 4096, 2, "f", "f.c"), first);
	assert_int_not_equal(frame(d, 0, 1, "f", "g.c"), first);
	assert_int_not_equal(frame(d, 0, 1, "g", "f.c"), first);
	assert_int_equal(d->tables->locations[first].address, 0);
	dictionary_unref(d);
}

static void a_frame_without_one_is_an_address_of_its_file(void **state)
{
	struct store_dictionary *d = dictionary_new(1, 100);
	uint32_t first = frame(d, 0, 0x1234, NULL, "");
	PROFILE_AUTO into = profile_new();
	uint32_t id;

	assert_int_equal(frame(d, 4096, 0x1234, NULL, ""), first);
	assert_int_not_equal(frame(d, 0, 0x1235, NULL, ""), first);
	id = dictionary_location(d, first, into);
	assert_int_equal(into->locations[id].address, 0x1234);
	assert_view_equal(
		profile_text(into, into->mappings[into->locations[id].mapping].build_id), "abcd");
	assert_int_equal(dictionary_location(d, 99, into), PROFILE_NONE);
	dictionary_unref(d);
}

static void processes_share_the_places_of_a_file(void **state)
{
	struct store_dictionary *d = dictionary_new(1, 100);
	uint32_t first = frame(d, 0x7f0000001000, 0x7f0000001234, NULL, "");
	PROFILE_AUTO into = profile_new();
	struct location *location;

	assert_int_equal(frame(d, 0x7f8888888000, 0x7f8888888234, NULL, ""), first);
	assert_int_not_equal(frame(d, 0, 0x234, NULL, ""), first);
	assert_int_equal(dictionary_location(d, first, into), 0);
	location = &into->locations[0];
	assert_int_equal(location->address, 0x234);
	assert_true(place_is_offset(&into->mappings[location->mapping]));
	dictionary_unref(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_with_a_name_has_no_address),
		cmocka_unit_test(a_frame_without_one_is_an_address_of_its_file),
		cmocka_unit_test(processes_share_the_places_of_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
