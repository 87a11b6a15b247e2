/* test_known: builds are known again, and what does not fit is forgotten, tables first. */
#include "programs.h"

#include "symbol/known.h"
#include "symbol/symcache.h"

static struct objnames_options options = { .tables.debug_dir = "debug", .no_lines = true };
static struct known known;

/* In a round of its own; the build, once its name was looked up. */
static struct known_build *meet(const char *path, bool *ret_new)
{
	struct object *object = programs_open(path);
	struct known_build *build;
	uint64_t address = 0x1000;

	known.round++;
	build = known_of(&known, object, &options.tables, ret_new);
	assert_non_null(build);
	objnames_resolve(&build->names, object, &address, 1, &options);
	object_unref(object);
	return build;
}

static int begin(void **state)
{
	known = (struct known){ .bytes_max = SIZE_MAX };
	return programs_begin(state);
}

static int end(void **state)
{
	known_fini(&known);
	return programs_end(state);
}

static void make_two(void)
{
	programs_write("p.c", programs_c);
	programs_run("gcc -O2 -Wl,--build-id -o p p.c && gcc -O1 -Wl,--build-id -o q p.c");
}

static void a_build_is_known_again(void **state)
{
	struct known_build *p, *q;
	bool is_new;

	PROGRAMS_NEED("gcc");
	make_two();
	p = meet("p", &is_new);
	assert_true(is_new);
	q = meet("q", &is_new);
	assert_true(p != q);
	assert_ptr_equal(meet("p", &is_new), p);
	assert_true(is_new); /* in this round */
	known_trim(&known);
	assert_int_equal(known.n, 2);
}

static void tables_go_first_and_then_what_was_not_used_longest(void **state)
{
	struct known_build *p, *q;
	bool is_new;

	PROGRAMS_NEED("gcc");
	make_two();
	p = meet("p", &is_new);
	q = meet("q", &is_new);
	known.bytes_max = objnames_bytes(&p->names) + objnames_bytes(&q->names) - 1;
	known_trim(&known);
	assert_int_equal(known.n, 2);
	assert_false(p->names.tables.loaded);
	assert_true(q->names.tables.loaded);
	known.bytes_max = objnames_bytes(&p->names) + 1;
	known_trim(&known);
	assert_int_equal(known.n, 1);
	assert_ptr_equal(known.builds[0], q);
	assert_false(q->names.tables.loaded);
	assert_ptr_equal(meet("q", &is_new), q);
	assert_false(q->names.tables.loaded); /* all that was asked had its answer */
	meet("p", &is_new);
	assert_int_equal(known.n, 2);
	known.bytes_max = 0;
	known_trim(&known);
	assert_int_equal(known.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_build_is_known_again, begin, end),
		cmocka_unit_test_setup_teardown(
			tables_go_first_and_then_what_was_not_used_longest, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
