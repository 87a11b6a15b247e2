/* test_tls_place: the place that is found in a program or a library is where the pointer lies. */
#include "testing.h"

#include <unistd.h>

#include "object/object.h"
#include "own_mapping.h"
#include "sampler/tls_place.h"
#include "tls_other.h"

/* This program's own; it is linked so that others see it. */
__thread void *otel_thread_ctx_v1;

static int64_t distance(const void *variable)
{
	return (const char *)variable - (const char *)__builtin_thread_pointer();
}

/* Of the file that has `code` in it. */
static enum tls_place_kind find(const void *code, int64_t *ret_offset, bool *ret_known)
{
	struct process_table table = { 0 };
	const struct process_mapping *m = own_mapping(&table, code);
	struct tls_place place;
	struct object *object;
	uint64_t bias;

	assert_int_equal(object_open(m->path, &object, NULL), 0);
	assert_int_equal(tls_place_find(object, &place, NULL), 0);
	assert_true(object_bias(object, m->start, m->offset, &bias));
	*ret_known = tls_place_offset(&place, getpid(), bias, ret_offset);
	object_unref(object);
	process_table_fini(&table);
	return place.kind;
}

static void a_programs_own_is_found_by_its_symbol(void **state)
{
	int64_t offset;
	bool known;

	assert_int_not_equal(find((const void *)distance, &offset, &known), TLS_PLACE_NONE);
	assert_true(known);
	assert_int_equal(offset, distance(&otel_thread_ctx_v1));
}

static void a_librarys_is_what_the_linker_wrote(void **state)
{
	int64_t offset;
	bool known;

	/* The program's comes first, so that the library uses it, too. */
	assert_ptr_equal(tls_other_static(), &otel_thread_ctx_v1);
	assert_int_equal(find((const void *)tls_other_static, &offset, &known), TLS_PLACE_WORD);
	assert_true(known);
	assert_int_equal(offset, distance(&otel_thread_ctx_v1));
	assert_int_equal(find((const void *)tls_other_described, &offset, &known), TLS_PLACE_WORD);
	assert_true(known);
	assert_int_equal(offset, distance(&otel_thread_ctx_v1));
}

static void other_files_have_none(void **state)
{
	int64_t offset;
	bool known;

	assert_int_equal(find((const void *)getpid, &offset, &known), TLS_PLACE_NONE);
	assert_false(known);
}

static void what_is_no_distance_is_not_believed(void **state)
{
	int64_t offset, words[] = { 0, 8, -7, INT64_MIN, -TLS_PLACE_FAR, -16 };
	struct tls_place place = { .kind = TLS_PLACE_WORD };

	for (size_t i = 0; i < 6; i++) {
		place.word = (uintptr_t)&words[i];
		assert_int_equal(tls_place_offset(&place, getpid(), 0, &offset), i == 5);
	}
	place.word = 0xdead000;
	assert_false(tls_place_offset(&place, getpid(), 0, &offset));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_programs_own_is_found_by_its_symbol),
		cmocka_unit_test(a_librarys_is_what_the_linker_wrote),
		cmocka_unit_test(other_files_have_none),
		cmocka_unit_test(what_is_no_distance_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
