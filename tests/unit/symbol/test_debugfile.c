/* test_debugfile: what was stripped off is found, and only if it is the right one. */
#include "programs.h"

#include <limits.h>

#include "symbol/debugfile.h"

static bool has_symbols(const struct object *object)
{
	return object && object_section(object, ".symtab");
}

/* A stripped p, and p.debug. `id` is the linker's option for the build id. */
static void split(const char *id)
{
	char command[256];

	programs_write("p.c", programs_c);
	snprintf(command, sizeof(command), "gcc -O2 -g -Wl,--build-id=%s -o p p.c", id);
	programs_run(command);
	programs_run("objcopy --only-keep-debug p p.debug && strip p && "
		     "objcopy --add-gnu-debuglink=p.debug p");
}

static struct object *open_debug(int *ret_rc)
{
	char path[PATH_MAX];
	struct object *object, *debug = NULL;

	assert_non_null(realpath("p", path));
	object = programs_open(path);
	*ret_rc = debugfile_open(object, "debug", &debug, NULL);
	object_unref(object);
	return *ret_rc == 0 ? debug : NULL;
}

static void assert_found(bool found)
{
	int rc;
	struct object *debug = open_debug(&rc);

	assert_int_equal(rc, found ? 0 : ERR_NOT_FOUND);
	assert_int_equal(has_symbols(debug), found);
	object_unref(debug);
}

static void a_linked_file_beside_the_program_is_found(void **state)
{
	PROGRAMS_NEED("gcc");
	PROGRAMS_NEED("objcopy");
	split("none");
	assert_found(true);
	programs_run("mkdir .debug && mv p.debug .debug/");
	assert_found(true);
}

static void a_linked_file_below_the_debug_folder_is_found(void **state)
{
	char command[PATH_MAX];

	PROGRAMS_NEED("gcc");
	PROGRAMS_NEED("objcopy");
	split("none");
	snprintf(command, sizeof(command), "mkdir -p debug%s && mv p.debug debug%s/",
		(char *)*state, (char *)*state);
	programs_run(command);
	assert_found(true);
}

static void a_file_of_the_programs_own_name_is_found(void **state)
{
	char command[PATH_MAX];

	PROGRAMS_NEED("gcc");
	PROGRAMS_NEED("objcopy");
	split("sha1");
	snprintf(command, sizeof(command),
		"mkdir -p debug%s && mv p.debug debug%s/p && "
		"objcopy --remove-section .gnu_debuglink p && "
		"objcopy --add-gnu-debuglink=debug%s/p p",
		(char *)*state, (char *)*state, (char *)*state);
	programs_run(command);
	assert_found(true);
}

static void a_file_with_another_sum_is_not_taken(void **state)
{
	PROGRAMS_NEED("gcc");
	PROGRAMS_NEED("objcopy");
	split("none");
	programs_run("echo >> p.debug");
	assert_found(false);
}

static void a_file_is_found_by_build_id(void **state)
{
	PROGRAMS_NEED("gcc");
	PROGRAMS_NEED("objcopy");
	split("0x0123456789abcdef");
	programs_run("mkdir -p debug/.build-id/01 && "
		     "mv p.debug debug/.build-id/01/23456789abcdef.debug");
	assert_found(true);
}

static void a_file_with_another_build_id_is_not_taken(void **state)
{
	PROGRAMS_NEED("gcc");
	PROGRAMS_NEED("objcopy");
	split("0x0123456789abcdef");
	programs_run("mv p q && mv p.debug q.debug");
	split("0xfedcba9876543210");
	programs_run("rm p.debug && mkdir -p debug/.build-id/fe && "
		     "mv q.debug debug/.build-id/fe/dcba9876543210.debug");
	assert_found(false);
}

static void a_link_out_of_its_folder_or_to_a_fifo_is_nothing(void **state)
{
	PROGRAMS_NEED("gcc");
	PROGRAMS_NEED("objcopy");
	split("none");
	programs_run("rm p.debug && mkfifo p.debug");
	assert_found(false);
	programs_run("rm p.debug");
	split("none");
	programs_run("printf '../p.debug\\0\\0\\0\\0\\0\\0' > link && "
		     "objcopy --update-section .gnu_debuglink=link p");
	assert_found(false);
}

static void the_small_table_inside_is_unpacked(void **state)
{
	struct object *object, *mini = NULL;

	PROGRAMS_NEED("gcc");
	PROGRAMS_NEED("objcopy");
	PROGRAMS_NEED("xz");
	split("sha1");
	programs_run("objcopy --strip-debug p.debug mini && xz mini && "
		     "objcopy --add-section .gnu_debugdata=mini.xz p");
	object = programs_open("p");
	assert_int_equal(debugfile_open_mini(object, &mini, NULL), 0);
	assert_true(has_symbols(mini));
	object_unref(mini);
	object_unref(object);
}

static void a_bomb_inside_is_refused(void **state)
{
	struct object *object, *mini;

	PROGRAMS_NEED("gcc");
	PROGRAMS_NEED("objcopy");
	PROGRAMS_NEED("xz");
	split("sha1");
	programs_run("head -c 70M /dev/zero | xz -0 > bomb.xz && "
		     "objcopy --add-section .gnu_debugdata=bomb.xz p");
	object = programs_open("p");
	assert_int_equal(debugfile_open_mini(object, &mini, NULL), ERR_LIMIT);
	object_unref(object);
	programs_run("head -c 100 bomb.xz > cut.xz && "
		     "objcopy --update-section .gnu_debugdata=cut.xz p");
	object = programs_open("p");
	assert_int_equal(debugfile_open_mini(object, &mini, NULL), ERR_CORRUPT);
	object_unref(object);
}

static void a_program_without_a_small_table_says_so(void **state)
{
	struct object *object, *mini;

	PROGRAMS_NEED("gcc");
	PROGRAMS_NEED("objcopy");
	split("sha1");
	object = programs_open("p");
	assert_int_equal(debugfile_open_mini(object, &mini, NULL), ERR_NOT_FOUND);
	object_unref(object);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, programs_begin, programs_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_linked_file_beside_the_program_is_found),
		TEST(a_linked_file_below_the_debug_folder_is_found),
		TEST(a_file_of_the_programs_own_name_is_found),
		TEST(a_file_with_another_sum_is_not_taken),
		TEST(a_file_is_found_by_build_id),
		TEST(a_file_with_another_build_id_is_not_taken),
		TEST(a_link_out_of_its_folder_or_to_a_fifo_is_nothing),
		TEST(the_small_table_inside_is_unpacked),
		TEST(a_bomb_inside_is_refused),
		TEST(a_program_without_a_small_table_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
