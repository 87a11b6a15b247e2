/* test_jfr_types: shapes that a recording describes, and values that are read by them. */
#include "testing.h"

#include "codec/jfr_chunk.h"
#include "codec/jfr_format.h"
#include "codec/jfr_made_end.h"

static void open_made(struct buf *bytes, struct jfr_chunk *chunk)
{
	struct view rest;

	jfr_made(bytes);
	rest = buf_view(bytes);
	assert_int_equal(jfr_chunk_open(&rest, JFR_ENTRIES_MAX, chunk, NULL), 0);
	assert_int_equal(rest.len, 0);
}

static void types_have_their_fields(void **state)
{
	struct jfr_chunk chunk;
	BUF_AUTO bytes = { 0 };
	uint32_t number;
	const struct jfr_type *type;

	open_made(&bytes, &chunk);
	assert_int_equal(chunk.types.n_types, MADE_TYPES);
	number = jfr_types_find(&chunk.types, MADE_STACK);
	assert_int_not_equal(number, JFR_NO_TYPE);
	type = &chunk.types.types[number];
	assert_view_equal(type->name, "jdk.types.StackTrace");
	assert_int_equal(type->n_fields, 2);
	assert_true(chunk.types.fields[type->first_field + 1].is_list);
	assert_int_equal(
		chunk.types.types[chunk.types.fields[type->first_field].type].kind, JFR_BYTE);
	assert_int_equal(jfr_types_find(&chunk.types, 999), JFR_NO_TYPE);
	jfr_chunk_close(&chunk);
}

static void fields_are_picked_by_name(void **state)
{
	static const char *const names[] = { "frames", "no such", "truncated", NULL };
	struct jfr_value values[3];
	struct jfr_chunk chunk;
	BUF_AUTO bytes = { 0 };

	open_made(&bytes, &chunk);
	assert_true(jfr_chunk_value(&chunk, JFR_STACKS, 2, names, values));
	assert_true(values[0].is_list);
	assert_int_equal(*values[0].at, 3); /* frames */
	assert_null(values[1].at);
	assert_int_equal(values[2].number, 1);
	assert_false(jfr_chunk_value(&chunk, JFR_STACKS, 3, names, values));
	jfr_chunk_close(&chunk);
}

/* A type that has itself as a field would be endless, and has no bytes. */
static void types_that_hold_themselves_end(void **state)
{
	struct jfr_field field = { .name = VIEW("a"), .type = 0 };
	struct jfr_type type = { .name = VIEW("A"), .kind = JFR_COMPOUND, .n_fields = 1 };
	struct jfr_types types = { .types = &type, .fields = &field, .n_types = 1, .n_fields = 1 };
	static const char *const none[] = { NULL };
	struct jfr_reader in = {
		.at = (const uint8_t *)"", .end = (const uint8_t *)"", .steps = 1000
	};

	assert_false(jfr_types_value(&types, 0, &in, none, NULL));
	assert_non_null(strstr(in.wrong, "nested"));
}

static void nothing_repeated_without_end_is_bounded_by_steps(void **state)
{
	struct jfr_field field = { .name = VIEW("a"), .type = 1, .is_list = true };
	struct jfr_type types_of[] = { { .kind = JFR_COMPOUND, .n_fields = 1 },
		{ .kind = JFR_COMPOUND } };
	struct jfr_types types = {
		.types = types_of, .fields = &field, .n_types = 2, .n_fields = 1
	};
	static const char *const none[] = { NULL };
	const char bytes[] = "\xff\xff\xff\xff\xff\xff\xff\xff\x7f";
	struct jfr_reader in = {
		.at = (const uint8_t *)bytes, .end = (const uint8_t *)bytes + 9, .steps = 1000
	};

	assert_false(jfr_types_value(&types, 0, &in, none, NULL));
	assert_int_equal(in.steps, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_have_their_fields),
		cmocka_unit_test(fields_are_picked_by_name),
		cmocka_unit_test(types_that_hold_themselves_end),
		cmocka_unit_test(nothing_repeated_without_end_is_bounded_by_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
