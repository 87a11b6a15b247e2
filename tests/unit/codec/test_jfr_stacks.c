/* test_jfr_stacks: names of methods, and stacks of them. */
#include "testing.h"

#include "codec/jfr_format.h"
#include "codec/jfr_made_end.h"
#include "codec/jfr_stacks.h"

static void name_is(const char *class, const char *method, const char *wanted)
{
	BUF_AUTO out = { 0 };

	jfr_stacks_name(view_of(class), view_of(method), &out);
	assert_view_equal(buf_view(&out), wanted);
}

static void what_is_different_in_each_run_is_left_out(void **state)
{
	name_is("java/util/HashMap", "put", "java.util.HashMap.put");
	name_is("shop/Till$$Lambda$14+0x00000008000c0a08", "run", "shop.Till$$Lambda$.run");
	name_is("shop/Till$$Lambda/0x00007f01deadbeef", "run", "shop.Till$$Lambda.run");
	name_is("shop/Till$$Lambda$88+0x00007fa714007a08/1790421142", "run",
		"shop.Till$$Lambda$.run");
	name_is("shop/Till$$Lambda$14/1234", "run", "shop.Till$$Lambda$.run");
	name_is("jdk/internal/reflect/GeneratedMethodAccessor12", "invoke",
		"jdk.internal.reflect.GeneratedMethodAccessor.invoke");
	name_is("shop/Till2", "sell3", "shop.Till2.sell3");
	name_is("", "memcpy", "memcpy");
	name_is("a/0b", "c", "a.0b.c");
}

static void stacks_are_made_once(void **state)
{
	PROFILE_AUTO profile = profile_new();
	struct jfr_stacks stacks = { .into = profile, .frames_left = 6 };
	struct jfr_chunk chunk;
	BUF_AUTO bytes = { 0 };
	uint32_t one, two, again, none;
	struct view rest;

	jfr_made(&bytes);
	rest = buf_view(&bytes);
	assert_int_equal(jfr_chunk_open(&rest, 100, &chunk, NULL), 0);
	jfr_stacks_begin(&stacks, &chunk);
	assert_int_equal(jfr_stacks_find(&stacks, 1, &one, NULL), 0);
	assert_int_equal(jfr_stacks_find(&stacks, 2, &two, NULL), 0);
	assert_int_equal(jfr_stacks_find(&stacks, 1, &again, NULL), 0);
	assert_int_equal(jfr_stacks_find(&stacks, 77, &none, NULL), 0);
	assert_int_equal(one, again);
	assert_int_not_equal(one, two);
	assert_int_equal(none, STACK_EMPTY);
	assert_int_equal(stacks.frames_left, 1);
	jfr_stacks_begin(&stacks, &chunk);
	assert_int_equal(jfr_stacks_find(&stacks, 1, &one, NULL), ERR_LIMIT);
	jfr_stacks_fini(&stacks);
	jfr_chunk_close(&chunk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_different_in_each_run_is_left_out),
		cmocka_unit_test(stacks_are_made_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
