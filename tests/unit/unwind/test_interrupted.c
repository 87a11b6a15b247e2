/* test_interrupted: code without tables, interrupted where rbp is not set up. */
#include "scene.h"

/* In generated code the instruction itself says where the return address is, while rbp is the
 * caller's. The code lies in the slice: there the walker can read it. */
static void scene_code(struct scene *s, const char *code, size_t at)
{
	scene_init(s, &plain_rule, 1);
	s->module->kind = UNWIND_MAPPING_JIT;
	s->module->start = STACK + 40 * 8;
	s->module->end = STACK + WORDS * 8;
	memcpy((char *)&s->stack[40] + 8, code, 8);
	s->walk.regs[UNWIND_RIP] = STACK + 40 * 8 + 8 + at;
	s->walk.regs[UNWIND_RBP] = 3; /* no frame pointer */
}

static void a_function_that_begins_or_ends_tells_where_it_returns_to(void **state)
{
	static const struct {
		const char *code;
		size_t at, return_word;
	} cases[] = {
		{ "\x55\x48\x89\xe5\x90\x90\x90\x90", 0, 0 },
		{ "\x55\x48\x8b\xec\x90\x90\x90\x90", 0, 0 },
		{ "\x55\x48\x89\xe5\x90\x90\x90\x90", 1, 1 },
		{ "\x5d\xc3\x90\x90\x90\x90\x90\x90", 1, 0 },
		{ "\x5d\xc2\x10\x00\x90\x90\x90\x90", 1, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s;

		scene_code(&s, cases[i].code, cases[i].at);
		s.stack[cases[i].return_word] = STACK + 41 * 8;
		s.max = 2;
		scene_walk(&s);
		assert_int_equal(s.n, 2);
		assert_int_equal(s.frames[1], STACK + 41 * 8 - 1);
		assert_int_equal(s.walk.fp, cases[i].return_word ? s.stack[0] : 3);
		scene_fini(&s);
	}
}

/* A push alone may be anywhere in a function. */
static void other_instructions_say_nothing(void **state)
{
	static const char *const codes[] = { "\x55\x90\x90\x90\x90\x90\x90\x90",
		"\x90\x48\x89\xe5\x90\x90\x90\x90", "\xf3\x0f\x1e\xfa\x55\x48\x89\xe5" };

	for (size_t i = 0; i < 3; i++) {
		struct scene s;

		scene_code(&s, codes[i], i == 1);
		s.stack[0] = s.stack[1] = STACK + 41 * 8;
		scene_walk(&s);
		assert_int_equal(s.result, UNWIND_JIT);
		assert_int_equal(s.n, 1);
		scene_fini(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_function_that_begins_or_ends_tells_where_it_returns_to),
		cmocka_unit_test(other_instructions_say_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
