/* test_stackwalk: each kind of frame, over tables and stacks made by hand. */
#include "testing.h"

#include "scene.h"

static void gives_addresses_inside_the_calling_instructions(void **state)
{
	struct scene s;

	scene_init(&s, &plain_rule, 1);
	s.stack[1] = CODE + 0x20;
	s.stack[3] = END_PC;
	scene_walk(&s);
	assert_int_equal(s.result, UNWIND_COMPLETE);
	assert_int_equal(s.n, 3);
	assert_int_equal(s.frames[0], CODE + 0x10);
	assert_int_equal(s.frames[1], CODE + 0x1f);
	assert_int_equal(s.frames[2], END_PC - 1);
	scene_fini(&s);
}

/* A call that never returns is the last instruction of its function. */
static void looks_a_return_address_up_in_the_function_that_called(void **state)
{
	static const struct unwind_rule rules[] = { { .cfa = UNWIND_CFA_RSP, .offset = 8 },
		{ .cfa = UNWIND_CFA_RSP, .offset = 24 } };
	struct scene s;

	scene_init(&s, rules, 2);
	s.stack[0] = CODE + 0x100; /* the end of the first function, the start of the second */
	s.stack[1] = END_PC;
	scene_walk(&s);
	assert_int_equal(s.result, UNWIND_COMPLETE);
	assert_int_equal(s.frames[2], END_PC - 1);
	scene_fini(&s);
}

static void follows_rbp_through_the_functions_that_save_it(void **state)
{
	static const struct unwind_rule rules[] = {
		{ .cfa = UNWIND_CFA_RSP, .offset = 24, .fp = UNWIND_FP_AT_CFA, .fp_offset = -24 },
		{ .cfa = UNWIND_CFA_RBP, .offset = 16, .fp = UNWIND_FP_AT_CFA, .fp_offset = -16 },
		{ .cfa = UNWIND_CFA_DEREF_RBP, .offset = -8, .fp = UNWIND_FP_AT_RBP },
	};
	struct scene s;

	scene_init(&s, rules, 3);
	s.walk.regs[UNWIND_RBP] = 1; /* any number */
	s.stack[0] = STACK + 8 * 8;  /* the first one's saved rbp */
	s.stack[2] = CODE + 0x110;
	s.stack[8] = STACK + 8 * 14; /* the second one's */
	s.stack[9] = CODE + 0x210;
	s.stack[13] = STACK + 8 * 20; /* the third one realigned its stack */
	s.stack[14] = 7;
	s.stack[19] = END_PC;
	scene_walk(&s);
	assert_int_equal(s.result, UNWIND_COMPLETE);
	assert_int_equal(s.n, 4);
	assert_int_equal(s.walk.fp, 7);
	scene_fini(&s);
}

static void counts_what_the_plt_pushed(void **state)
{
	static const struct unwind_rule rule = { .cfa = UNWIND_CFA_PLT, .offset = 11 };

	for (unsigned at = 0; at < 16; at++) {
		struct scene s;

		scene_init(&s, &rule, 1);
		s.walk.regs[UNWIND_RIP] = CODE + 0x40 + at;
		s.stack[at >= 11] = END_PC;
		scene_walk(&s);
		assert_int_equal(s.result, UNWIND_COMPLETE);
		assert_int_equal(s.n, 2);
		scene_fini(&s);
	}
}

static void restores_every_register_from_a_signal_frame(void **state)
{
	static const struct unwind_rule rules[] = { { .cfa = UNWIND_CFA_RSP, .offset = 8 },
		{ .cfa = UNWIND_CFA_SIGNAL, .offset = 40 },
		{ .cfa = UNWIND_CFA_REG, .reg = UNWIND_R10 } };
	uint64_t *context;
	struct scene s;

	scene_init(&s, rules, 3);
	s.walk.regs[UNWIND_RSP] = STACK + 8 * 32; /* the signal's stack lies higher */
	s.stack[32] = CODE + 0x110;
	context = &s.stack[33 + 5];
	context[UNWIND_RIP] = CODE + 0x200; /* exact: the byte before is the signal's */
	context[UNWIND_RSP] = STACK;
	context[UNWIND_R10] = STACK + 8 * 4;
	s.stack[3] = END_PC;
	scene_walk(&s);
	assert_int_equal(s.result, UNWIND_COMPLETE);
	assert_int_equal(s.n, 4);
	assert_int_equal(s.frames[2], CODE + 0x200);
	scene_fini(&s);
}

static void other_registers_are_known_in_the_interrupted_frame_only(void **state)
{
	static const struct unwind_rule rules[] = { { .cfa = UNWIND_CFA_REG, .reg = UNWIND_R10 },
		{ .cfa = UNWIND_CFA_RSP, .ra = UNWIND_RA_REG, .reg = UNWIND_RDI } };
	struct scene s;

	scene_init(&s, rules, 2);
	s.walk.regs[UNWIND_R10] = STACK + 16;
	s.stack[1] = CODE + 0x20;
	scene_walk(&s);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.result, UNWIND_BAD_FRAME);
	scene_fini(&s);

	scene_init(&s, rules, 2); /* vfork */
	s.walk.regs[UNWIND_RIP] = CODE + 0x110;
	s.walk.regs[UNWIND_RDI] = END_PC;
	scene_walk(&s);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.result, UNWIND_COMPLETE);
	scene_fini(&s);
}

static void follows_rbx_where_rules_say_so(void **state)
{
	static const struct unwind_rule rules[] = {
		{ .cfa = UNWIND_CFA_RSP, .offset = 24, .rbx = -16 },
		{ .cfa = UNWIND_CFA_REG, .reg = UNWIND_RBX, .offset = 32 },
		{ .cfa = UNWIND_CFA_RSP, .offset = 24 }
	};
	struct scene s;

	scene_init(&s, rules, 3);
	s.stack[1] = STACK + 8 * 10;
	s.stack[2] = CODE + 0x110;
	s.stack[13] = END_PC;
	scene_walk(&s);
	assert_int_equal(s.n, 3);
	assert_int_equal(s.result, UNWIND_COMPLETE);
	s.n = 0;
	s.walk.regs[UNWIND_RIP] = CODE + 0x210; /* this one does not say */
	scene_walk(&s);
	assert_int_equal(s.result, UNWIND_BAD_FRAME);
	scene_fini(&s);
}

static void steps_by_rbp_where_there_is_no_table(void **state)
{
	static const uint32_t kinds[] = { UNWIND_MAPPING_NO_TABLE, UNWIND_MAPPING_JIT };
	static const enum unwind_result reasons[] = { UNWIND_NO_TABLE, UNWIND_JIT };

	for (int i = 0; i < 2; i++) {
		struct scene s;

		scene_init(&s, &plain_rule, 1);
		space_map(s.plain, 0x500000, 0x501000, 0, NULL)->kind = kinds[i];
		s.walk.regs[UNWIND_RIP] = 0x500010;
		s.walk.regs[UNWIND_RBP] = STACK + 8 * 4;
		s.stack[4] = STACK + 8 * 8;
		s.stack[5] = 0x500020;
		s.stack[8] = 0;
		s.stack[9] = END_PC;
		scene_walk(&s);
		assert_int_equal(s.result, UNWIND_COMPLETE);
		assert_int_equal(s.n, 3);

		s.n = 0;
		s.stack[4] = 0; /* the chain is broken: nothing says that this is the end */
		scene_walk(&s);
		assert_int_equal(s.result, reasons[i]);
		assert_int_equal(s.n, 2);

		s.n = 0;
		s.walk.regs[UNWIND_RBP] = STACK - 8; /* below the stack pointer */
		scene_walk(&s);
		assert_int_equal(s.result, reasons[i]);
		assert_int_equal(s.n, 1);
		scene_fini(&s);
	}
}

static void takes_a_call_through_a_null_pointer_for_what_it_is(void **state)
{
	struct scene s;

	scene_init(&s, &plain_rule, 1);
	s.walk.regs[UNWIND_RIP] = 0;
	s.stack[0] = CODE + 0x20;
	s.stack[2] = END_PC;
	scene_walk(&s);
	assert_int_equal(s.result, UNWIND_COMPLETE);
	assert_int_equal(s.n, 3);
	scene_fini(&s);
}

static void never_calls_a_broken_stack_complete(void **state)
{
	static const struct unwind_rule backwards = { .cfa = UNWIND_CFA_RSP, .offset = -64 };
	struct scene s;

	scene_init(&s, &plain_rule, 1); /* a return address of 0 */
	scene_walk(&s);
	assert_int_equal(s.result, UNWIND_BAD_FRAME);
	s.n = 0;
	s.stack[1] = 0x12345678; /* one where nothing is mapped */
	scene_walk(&s);
	assert_int_equal(s.result, UNWIND_UNMAPPED);
	assert_int_equal(s.n, 2);
	scene_fini(&s);

	scene_init(&s, &backwards, 1); /* a stack pointer that falls */
	scene_walk(&s);
	assert_int_equal(s.result, UNWIND_BAD_FRAME);
	scene_fini(&s);
}

static void says_when_the_slice_or_the_frames_run_out(void **state)
{
	struct scene s;

	scene_init(&s, &plain_rule, 1);
	for (int i = 1; i < WORDS; i += 2)
		s.stack[i] = CODE + 0x20;
	s.max = 8;
	scene_walk(&s);
	assert_int_equal(s.result, UNWIND_DEPTH);
	assert_int_equal(s.n, 8);
	s.n = 0;
	s.max = 32;
	s.walk.regs[UNWIND_RSP] = STACK + 8 * 40;
	scene_walk(&s);
	assert_int_equal(s.result, UNWIND_SLICE);
	assert_int_equal(s.n, 13);
	scene_fini(&s);
}

static void goes_on_where_a_walk_waited_for_a_table(void **state)
{
	struct stackwalk_frames frames;
	struct stackwalk_slice slice;
	struct scene s;

	scene_init(&s, &plain_rule, 1);
	s.stack[1] = CODE + 0x20;
	s.stack[3] = CODE + 0x30;
	s.stack[5] = END_PC;
	s.module->kind = UNWIND_MAPPING_PENDING;
	scene_walk(&s);
	assert_int_equal(s.result, UNWIND_PENDING);
	assert_int_equal(s.n, 1);
	s.module->kind = UNWIND_MAPPING_TABLE;
	slice = (struct stackwalk_slice){ s.stack, STACK, sizeof(s.stack) };
	frames = (struct stackwalk_frames){ s.frames, s.max, s.n - 1 };
	s.result = stackwalk_run(&s.walk, &s.plain->tables, &slice, &frames);
	s.n = frames.count;
	assert_int_equal(s.result, UNWIND_COMPLETE);
	assert_int_equal(s.n, 4);
	assert_int_equal(s.frames[0], CODE + 0x10);
	assert_int_equal(s.frames[3], END_PC - 1);
	scene_fini(&s);
}

static void crosses_to_another_stack_by_rbp(void **state)
{
	static const struct unwind_rule rule = { .cfa = UNWIND_CFA_SWITCH };
	struct scene s;

	scene_init(&s, &rule, 1);
	s.walk.regs[UNWIND_RSP] = STACK + 8 * 50;
	s.walk.regs[UNWIND_RBP] = STACK + 8 * 2;
	s.stack[3] = END_PC;
	scene_walk(&s);
	assert_int_equal(s.result, UNWIND_COMPLETE);
	assert_int_equal(s.n, 2);
	scene_fini(&s);
}

static void finds_a_mapping_among_many(void **state)
{
	struct scene s;
	uint32_t all;

	scene_init(&s, &plain_rule, 1);
	for (uint64_t i = 1; i <= 600; i++)
		space_map(s.plain, 0x10000000 * i, 0x10000000 * i + 0x1000, 0, NULL)->kind =
			UNWIND_MAPPING_JIT;
	for (uint64_t i = 1; i <= 600; i++) {
		s.n = 0;
		s.walk.regs[UNWIND_RIP] = 0x10000000 * i + 0xfff;
		scene_walk(&s);
		assert_int_equal(s.result, UNWIND_JIT);
		s.n = 0;
		s.walk.regs[UNWIND_RIP] = 0x10000000 * i + 0x1000;
		scene_walk(&s);
		assert_int_equal(s.result, UNWIND_UNMAPPED);
	}
	all = s.plain->tables.n_mappings;
	s.plain->tables.n_mappings = 0;
	s.n = 0;
	scene_walk(&s);
	assert_int_equal(s.result, UNWIND_UNMAPPED);
	s.plain->tables.n_mappings = all;
	scene_fini(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_addresses_inside_the_calling_instructions),
		cmocka_unit_test(looks_a_return_address_up_in_the_function_that_called),
		cmocka_unit_test(follows_rbp_through_the_functions_that_save_it),
		cmocka_unit_test(counts_what_the_plt_pushed),
		cmocka_unit_test(restores_every_register_from_a_signal_frame),
		cmocka_unit_test(other_registers_are_known_in_the_interrupted_frame_only),
		cmocka_unit_test(follows_rbx_where_rules_say_so),
		cmocka_unit_test(steps_by_rbp_where_there_is_no_table),
		cmocka_unit_test(takes_a_call_through_a_null_pointer_for_what_it_is),
		cmocka_unit_test(never_calls_a_broken_stack_complete),
		cmocka_unit_test(says_when_the_slice_or_the_frames_run_out),
		cmocka_unit_test(goes_on_where_a_walk_waited_for_a_table),
		cmocka_unit_test(crosses_to_another_stack_by_rbp),
		cmocka_unit_test(finds_a_mapping_among_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
