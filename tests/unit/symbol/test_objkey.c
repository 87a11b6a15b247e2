/* test_objkey: one build has one key, another file has another. */
#include "programs.h"

#include "symbol/objkey.h"

static bool key_of(const char *path, char ret[OBJKEY_MAX], bool *ret_shared)
{
	struct object *object = programs_open(path);
	bool known = objkey_make(object, "debug", false, ret, ret_shared);

	object_unref(object);
	return known;
}

static void a_build_has_one_key_and_a_stripped_copy_another(void **state)
{
	char built[OBJKEY_MAX], again[OBJKEY_MAX], stripped[OBJKEY_MAX];
	bool shared;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -Wl,--build-id -o p p.c && cp p copy && strip -o stripped p");
	assert_true(key_of("p", built, &shared));
	assert_true(shared);
	assert_true(key_of("copy", again, &shared));
	assert_string_equal(built, again);
	assert_true(key_of("stripped", stripped, &shared));
	assert_string_not_equal(built, stripped);
}

static void without_a_build_id_nothing_is_kept_on_disk(void **state)
{
	char key[OBJKEY_MAX];
	bool shared = true;

	PROGRAMS_NEED("gcc");
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -Wl,--build-id=none -o p p.c");
	assert_true(key_of("p", key, &shared));
	assert_false(shared);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, programs_begin, programs_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_build_has_one_key_and_a_stripped_copy_another),
		TEST(without_a_build_id_nothing_is_kept_on_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
