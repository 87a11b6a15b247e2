/* test_debugelf: which files have names for a build. */
#include "debuginfo/shelved.h"

static int check(const char *path, const char *id, bool *ret_is_program, struct err *err)
{
	struct object *object;
	int rc = object_open(path, &object, err);

	if (rc < 0)
		return rc;
	rc = debugelf_check_id(object, view_of(id), ret_is_program, err);
	object_unref(object);
	return rc;
}

static void a_program_and_what_was_split_off_are_told_apart(void **state)
{
	bool is_program;

	assert_int_equal(check("program", SHELVED_ID, &is_program, NULL), 0);
	assert_true(is_program);
	assert_int_equal(check("program.debug", SHELVED_ID, &is_program, NULL), 0);
	assert_false(is_program);
	assert_int_equal(check("program.stripped", SHELVED_ID, &is_program, NULL), 0);
	assert_true(is_program);
}

static void another_build_is_refused(void **state)
{
	bool is_program;
	struct err err;

	assert_int_equal(check("other", SHELVED_ID, &is_program, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.text, "its build id is " SHELVED_OTHER_ID));
}

static void what_is_cut_off_is_refused_wherever_it_ends(void **state)
{
	BUF_AUTO bytes = { 0 };
	bool is_program;

	assert_int_equal(disk_read("program", SIZE_MAX, &bytes, NULL), 0);
	for (size_t len = 1; len < bytes.len; len += 97) {
		assert_int_equal(disk_write("cut", (struct view){ bytes.at, len }, NULL), 0);
		assert_true(check("cut", SHELVED_ID, &is_program, NULL) < 0);
	}
}

static void without_a_build_id_or_names_it_is_refused(void **state)
{
	bool is_program;
	struct err err;

	programs_run("cc -Wl,--build-id=none -o nameless program.c");
	assert_int_equal(check("nameless", SHELVED_ID, &is_program, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.text, "no build id"));
	programs_write("static.s", ".globl _start\n_start: hlt\n");
	programs_run("cc -nostdlib -static -Wl,--build-id=0x" SHELVED_ID
		     " -o bare static.s && strip -s bare");
	assert_int_equal(check("bare", SHELVED_ID, &is_program, &err), ERR_CORRUPT);
	assert_non_null(strstr(err.text, "names nothing"));
}

static void build_ids_are_pairs_of_hex_digits(void **state)
{
	char longest[DEBUGELF_ID_MAX + 3];

	memset(longest, 'a', sizeof(longest));
	assert_true(debugelf_is_id(VIEW("0a")));
	assert_true(debugelf_is_id((struct view){ longest, DEBUGELF_ID_MAX }));
	assert_false(debugelf_is_id((struct view){ longest, DEBUGELF_ID_MAX + 2 }));
	assert_false(debugelf_is_id(VIEW("")));
	assert_false(debugelf_is_id(VIEW("0a1")));
	assert_false(debugelf_is_id(VIEW("0A")));
	assert_false(debugelf_is_id(VIEW("../../aa")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_and_what_was_split_off_are_told_apart),
		cmocka_unit_test(another_build_is_refused),
		cmocka_unit_test(what_is_cut_off_is_refused_wherever_it_ends),
		cmocka_unit_test(without_a_build_id_or_names_it_is_refused),
		cmocka_unit_test(build_ids_are_pairs_of_hex_digits),
	};

	return cmocka_run_group_tests(tests, shelved_begin, programs_end);
}
