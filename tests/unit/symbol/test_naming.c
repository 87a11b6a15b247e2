/* test_naming: no location stays without a line. */
#include "testing.h"

#include "model/profile.h"
#include "symbol/naming.h"
#include "symbol/objnames.h"
#include "symbol/symbol.h"

struct fixture {
	struct profile *profile;
	struct symbol_stats stats;
	struct naming naming;
};

static void init(struct fixture *f)
{
	*f = (struct fixture){ .profile = profile_new() };
	f->naming = (struct naming){ .profile = f->profile, .stats = &f->stats };
}

static uint32_t add(struct fixture *f, const char *file, uint64_t start, uint64_t address)
{
	struct mapping mapping = { .start = start,
		.limit = UINT64_MAX,
		.file = profile_string(f->profile, view_of(file)) };
	uint32_t id = file[0] ? profile_mapping(f->profile, &mapping) : 0;

	return profile_location(
		f->profile, &(struct location){ .address = address, .mapping = id }, NULL);
}

static struct view name_of(struct fixture *f, uint32_t location)
{
	const struct location *at = &f->profile->locations[location];

	assert_true(at->n_lines > 0);
	return profile_text(
		f->profile, f->profile->functions[f->profile->lines[at->first_line].function].name);
}

static const struct mapping *mapping_of(struct fixture *f, uint32_t location)
{
	return &f->profile->mappings[f->profile->locations[location].mapping];
}

static void what_has_no_name_is_module_and_offset(void **state)
{
	struct fixture f;
	uint32_t library, code, nothing;

	init(&f);
	library = add(&f, "/usr/lib/libwork.so.1", 0x1000, 0x1234);
	code = add(&f, "[jit]", 0x7f0000, 0x7f0042);
	nothing = add(&f, "", 0, 0x9999);
	naming_unknown(&f.naming, library);
	naming_jit(&f.naming, code, NULL);
	naming_unknown(&f.naming, nothing);
	assert_view_equal(name_of(&f, library), "libwork.so.1+0x1234");
	assert_view_equal(name_of(&f, code), "[jit]+0x42");
	assert_view_equal(name_of(&f, nothing), "[unknown]");
	assert_int_equal(f.stats.named, 0);
	assert_false(mapping_of(&f, library)->has_functions);
	profile_free(f.profile);
}

static void inlined_functions_become_lines_of_one_location(void **state)
{
	struct objnames_frame frames[] = {
		{ .name = VIEW("leaf"),
			.system_name = VIEW("leaf"),
			.file = VIEW("a.c"),
			.line = 5,
			.start_line = 3 },
		{ .name = VIEW("work"),
			.system_name = VIEW("work"),
			.file = VIEW("a.c"),
			.line = 16 },
	};
	struct objnames names = { .frames = frames, .n_frames = 2 };
	uint32_t function_of[2] = { 0 };
	const struct location *at;
	struct fixture f;
	uint32_t location;

	init(&f);
	location = add(&f, "/bin/p", 0, 0x1234);
	*map_add(&names.span_of, 0x1234, NULL) = 2;
	naming_object(&f.naming, location, &names, function_of);
	at = &f.profile->locations[location];
	assert_int_equal(at->n_lines, 2);
	assert_view_equal(name_of(&f, location), "leaf");
	assert_int_equal(f.profile->lines[at->first_line].line, 5);
	assert_int_equal(f.profile->lines[at->first_line + 1].line, 16);
	assert_true(mapping_of(&f, location)->has_functions);
	assert_true(mapping_of(&f, location)->has_line_numbers);
	assert_true(mapping_of(&f, location)->has_inline_frames);
	assert_int_equal(f.stats.lined, 1);
	map_fini(&names.span_of);
	profile_free(f.profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_no_name_is_module_and_offset),
		cmocka_unit_test(inlined_functions_become_lines_of_one_location),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
