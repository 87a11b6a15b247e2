/* test_cfi_rule: each thing that call frame information says, as the rule for it. */
#include "testing.h"

#include "unwind/cfi_rule.h"

static struct cfi_state ordinary(void)
{
	return (struct cfi_state){ .cfa = { .how = CFI_OFFSET, .reg = CFI_RSP, .offset = 32 },
		.rbp = { .how = CFI_OFFSET, .offset = -16 },
		.ra = { .how = CFI_OFFSET, .offset = -8 } };
}

static void assert_rule(const struct cfi_state *state, struct unwind_rule wanted)
{
	struct unwind_rule rule = cfi_rule(state, false, false);

	assert_memory_equal(&rule, &wanted, sizeof(rule));
}

static struct cfi_state with_expression(struct view cfa)
{
	struct cfi_state state = ordinary();

	state.cfa = (struct cfi_place){ .how = CFI_EXPRESSION, .expression = cfa };
	return state;
}

static void takes_registers_with_offsets(void **state)
{
	struct cfi_state s = ordinary();

	assert_rule(&s, (struct unwind_rule){ .cfa = UNWIND_CFA_RSP,
				.offset = 32,
				.fp = UNWIND_FP_AT_CFA,
				.fp_offset = -16 });
	s.cfa.reg = CFI_RBP;
	s.rbp.how = CFI_SAME;
	assert_rule(&s, (struct unwind_rule){ .cfa = UNWIND_CFA_RBP, .offset = 32 });
	s.cfa.reg = 10;
	assert_rule(
		&s, (struct unwind_rule){ .cfa = UNWIND_CFA_REG, .reg = UNWIND_R10, .offset = 32 });
	s.cfa.reg = 17; /* a vector register */
	assert_rule(&s, (struct unwind_rule){ .cfa = UNWIND_CFA_UNSUPPORTED });
}

static void knows_the_end_and_the_return_address_in_a_register(void **state)
{
	struct cfi_state s = ordinary();

	s.ra.how = CFI_UNDEFINED;
	assert_rule(&s, (struct unwind_rule){ .cfa = UNWIND_CFA_END });
	s = ordinary(); /* vfork */
	s.rbp.how = CFI_SAME;
	s.cfa.offset = 0;
	s.ra = (struct cfi_place){ .how = CFI_REGISTER, .reg = 5 };
	assert_rule(&s, (struct unwind_rule){
				.cfa = UNWIND_CFA_RSP, .ra = UNWIND_RA_REG, .reg = UNWIND_RDI });
	s.ra = (struct cfi_place){ .how = CFI_OFFSET, .offset = -24 };
	assert_rule(&s, (struct unwind_rule){ .cfa = UNWIND_CFA_UNSUPPORTED });
}

static void reads_the_expressions_that_occur(void **state)
{
	/* lld and ld: rsp + 8 + ((rip & 15) >= 11) << 3 */
	struct cfi_state s = with_expression(VIEW("\x77\x08\x80\0\x3f\x1a\x3b\x2a\x33\x24\x22"));

	assert_rule(&s, (struct unwind_rule){ .cfa = UNWIND_CFA_PLT,
				.offset = 11,
				.fp = UNWIND_FP_AT_CFA,
				.fp_offset = -16 });
	s = with_expression(VIEW("\x76\x78\x06")); /* *(rbp - 8); rbp at *rbp */
	s.rbp = (struct cfi_place){ .how = CFI_EXPRESSION, .expression = VIEW("\x76\0") };
	assert_rule(
		&s, (struct unwind_rule){
			    .cfa = UNWIND_CFA_DEREF_RBP, .offset = -8, .fp = UNWIND_FP_AT_RBP });
	s = with_expression(VIEW("\x77\x28\x06\x23\x08")); /* *(rsp + 40) + 8 */
	s.rbp.how = CFI_SAME;
	assert_rule(
		&s, (struct unwind_rule){ .cfa = UNWIND_CFA_DEREF_RSP, .offset = 40, .extra = 8 });
	s = with_expression(VIEW("\x77\x20")); /* rsp + 32; rbp at rsp + 8 */
	s.rbp = (struct cfi_place){ .how = CFI_EXPRESSION, .expression = VIEW("\x77\x08") };
	assert_rule(&s, (struct unwind_rule){ .cfa = UNWIND_CFA_RSP,
				.offset = 32,
				.fp = UNWIND_FP_AT_CFA,
				.fp_offset = -24 });
}

static void refuses_expressions_it_cannot_follow(void **state)
{
	static const struct view expressions[] = {
		VIEW(""),
		VIEW("\x06"),
		VIEW("\x77"),
		VIEW("\x77\x08\x06\x06"),
		VIEW("\x75\x08\x06"),
		VIEW("\x97\x08"),
		VIEW("\x77\x08\x80\0\x3f\x1a\x3b\x2a\x34\x24\x22"),
		VIEW("\x77\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
		VIEW("\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96\x96"),
	};

	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++) {
		struct cfi_state s = with_expression(expressions[i]);

		assert_rule(&s, (struct unwind_rule){ .cfa = UNWIND_CFA_UNSUPPORTED });
	}
}

static void recognises_the_kernels_signal_frame(void **state)
{
	struct cfi_state s = with_expression(VIEW("\x77\xa0\1\x06")); /* *(rsp + 160) */
	struct unwind_rule rule;

	s.ra = (struct cfi_place){ .how = CFI_EXPRESSION, .expression = VIEW("\x77\xa8\1") };
	rule = cfi_rule(&s, true, false);
	assert_int_equal(rule.cfa, UNWIND_CFA_SIGNAL);
	assert_int_equal(rule.offset, 40);
	s.ra.expression = VIEW("\x77\xb0\1"); /* not next to rsp */
	rule = cfi_rule(&s, true, false);
	assert_int_equal(rule.cfa, UNWIND_CFA_UNSUPPORTED);
}

static void says_where_rbx_is_only_when_asked(void **state)
{
	struct cfi_state s = ordinary();

	assert_int_equal(cfi_rule(&s, false, false).rbx, UNWIND_RBX_UNKNOWN);
	assert_int_equal(cfi_rule(&s, false, true).rbx, UNWIND_RBX_SAME);
	s.rbx = (struct cfi_place){ .how = CFI_OFFSET, .offset = -56 };
	assert_int_equal(cfi_rule(&s, false, true).rbx, -56);
	s.rbx.offset = 8;
	assert_int_equal(cfi_rule(&s, false, true).rbx, UNWIND_RBX_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_registers_with_offsets),
		cmocka_unit_test(knows_the_end_and_the_return_address_in_a_register),
		cmocka_unit_test(reads_the_expressions_that_occur),
		cmocka_unit_test(refuses_expressions_it_cannot_follow),
		cmocka_unit_test(recognises_the_kernels_signal_frame),
		cmocka_unit_test(says_where_rbx_is_only_when_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
