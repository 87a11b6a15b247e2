/* test_latenames: addresses of a profile get the names of the files on the shelf. */
#include "debuginfo/shelved.h"

#include <inttypes.h>

#include "debuginfo/latenames.h"
#include "model/place.h"
#include "model/profile.h"

static struct shelf *shelf;
static struct latenames *names;

static int start(void **state)
{
	if (shelved_begin(state) != 0)
		return -1;
	shelf = shelved_open(0);
	return latenames_new(
		&(struct latenames_options){ .shelf = shelf, .cache_dir = "shelf/cache" }, &names,
		NULL);
}

static int stop(void **state)
{
	latenames_free(names);
	shelf_close(shelf);
	return programs_end(state);
}

static int clean(void **state)
{
	unsigned n;

	shelf_remove(shelf, VIEW(""), VIEW(SHELVED_ID), &n, NULL);
	return 0;
}

static uint64_t address_of_work(void)
{
	BUF_AUTO line = { 0 };
	uint64_t address;

	programs_output("nm program | grep ' T work$'", &line);
	assert_int_equal(sscanf(line.at, "%" SCNx64, &address), 1);
	return address;
}

/* One location in a mapping of the program; the file's own address, or an offset. */
static struct profile *at(uint64_t address, uint64_t limit)
{
	struct profile *profile = profile_new();
	struct mapping mapping = { .limit = limit,
		.file = profile_string(profile, VIEW("program")),
		.build_id = profile_string(profile, VIEW(SHELVED_ID)) };

	profile_location(profile,
		&(struct location){
			.address = address, .mapping = profile_mapping(profile, &mapping) },
		NULL);
	return profile;
}

static struct view name_of(const struct profile *profile, uint32_t location)
{
	const struct location *l = &profile->locations[location];
	uint32_t last = l->first_line + l->n_lines - 1;

	return l->n_lines ? profile_text(
				    profile, profile->functions[profile->lines[last].function].name)
			  : VIEW("");
}

static void names_come_with_the_file(void **state)
{
	PROFILE_AUTO before = at(address_of_work(), 0);
	PROFILE_AUTO after = at(address_of_work(), 0);
	struct latenames_figures figures;

	latenames_apply(names, VIEW(""), before, &figures);
	assert_int_equal(figures.addresses, 1);
	assert_int_equal(figures.unnamed, 1);
	assert_int_equal(before->locations[0].n_lines, 0);
	shelved_put(shelf, "", SHELVED_ID, "program", NULL);
	latenames_apply(names, VIEW(""), after, &figures);
	assert_int_equal(figures.unnamed, 0);
	assert_view_equal(name_of(after, 0), "work");
}

static void nobody_else_sees_them(void **state)
{
	PROFILE_AUTO profile = at(address_of_work(), 0);
	struct latenames_figures figures;

	shelved_put(shelf, "", SHELVED_ID, "program", NULL);
	latenames_apply(names, VIEW("b"), profile, &figures);
	assert_int_equal(figures.unnamed, 1);
	latenames_apply(NULL, VIEW(""), profile, &figures);
	assert_int_equal(figures.unnamed, 1);
}

static void offsets_are_turned_by_the_segments(void **state)
{
	PROFILE_AUTO profile = NULL;
	struct latenames_figures figures;
	struct object *object = programs_open("program");
	uint64_t offset;

	assert_true(object_vaddr_to_offset(object, address_of_work(), &offset));
	object_unref(object);
	profile = at(offset, PLACE_LIMIT);
	shelved_put(shelf, "", SHELVED_ID, "program.debug", NULL);
	latenames_apply(names, VIEW(""), profile, &figures);
	assert_view_equal(name_of(profile, 0), "work");
	assert_false(place_is_offset(&profile->mappings[profile->locations[0].mapping]));
}

/* lld loads code at other addresses than its offsets; only the program says at which. */
static void of_lld_only_the_program_knows(void **state)
{
	PROFILE_AUTO first = NULL;
	PROFILE_AUTO second = NULL;
	struct latenames_figures figures;
	struct object *object;
	BUF_AUTO line = { 0 };
	uint64_t address, offset;

	PROGRAMS_NEED("ld.lld");
	PROGRAMS_NEED("clang");
	programs_run("clang -g -O2 -fuse-ld=lld -Wl,--build-id=0x" SHELVED_ID
		     " -o lld program.c 2>/dev/null && objcopy --only-keep-debug lld lld.debug");
	programs_output("nm lld | grep ' T work$'", &line);
	assert_int_equal(sscanf(line.at, "%" SCNx64, &address), 1);
	object = programs_open("lld");
	assert_true(object_vaddr_to_offset(object, address, &offset));
	object_unref(object);
	assert_int_not_equal(address, offset);
	first = at(offset, PLACE_LIMIT), second = at(offset, PLACE_LIMIT);
	shelved_put(shelf, "", SHELVED_ID, "lld.debug", NULL);
	latenames_apply(names, VIEW(""), first, &figures);
	assert_int_equal(figures.unnamed, 1);
	shelved_put(shelf, "", SHELVED_ID, "lld", NULL);
	latenames_apply(names, VIEW(""), second, &figures);
	assert_view_equal(name_of(second, 0), "work");
}

static void an_address_of_nothing_stays_one(void **state)
{
	PROFILE_AUTO profile = at(0x10, 0);
	struct latenames_figures figures;

	shelved_put(shelf, "", SHELVED_ID, "program", NULL);
	latenames_apply(names, VIEW(""), profile, &figures);
	assert_int_equal(figures.unnamed, 1);
	assert_int_equal(profile->locations[0].n_lines, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(names_come_with_the_file, clean),
		cmocka_unit_test_setup(nobody_else_sees_them, clean),
		cmocka_unit_test_setup(offsets_are_turned_by_the_segments, clean),
		cmocka_unit_test_setup(of_lld_only_the_program_knows, clean),
		cmocka_unit_test_setup(an_address_of_nothing_stays_one, clean),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
