/* test_cfi_program: call frame instructions, one program a test. */
#include "testing.h"

#include "unwind/cfi_program.h"
#include "unwind/rowlist.h"
#include "unwind/ruleset.h"

#define BASE 0x1000u

struct run {
	struct ruleset rules;
	struct rowlist rows;
	struct cfi_cie cie;
	bool ok;
};

/* Runs one function of 100 bytes. */
static void run(struct run *r, struct view instructions)
{
	struct cfi_function function = { instructions, BASE, BASE, BASE + 100 };

	*r = (struct run){ .rows = { .base = BASE, .end = BASE + 4096 },
		.cie = { .code_align = 1,
			.data_align = -8,
			.instructions = VIEW("\x0c\7\x08\x90\1") } };
	assert_true(ruleset_init(&r->rules, NULL, 100));
	assert_true(cfi_program_init(&r->cie));
	assert_true(rowlist_function(&r->rows, &function.start, &function.end));
	r->ok = cfi_program_run(&r->cie, &function, &r->rules, &r->rows);
	rowlist_finish(&r->rows);
}

static void stop(struct run *r)
{
	ruleset_fini(&r->rules);
	rowlist_fini(&r->rows);
}

static const struct unwind_rule *at(const struct run *r, uint32_t pc)
{
	uint32_t rule = RULESET_NONE;

	for (size_t i = 0; i < r->rows.count && r->rows.rows[i].pc <= pc; i++)
		rule = r->rows.rows[i].rule;
	return &r->rules.rules[rule];
}

static void advances_in_all_sizes(void **state)
{
	struct run r;

	run(&r, VIEW("\x41\x0e\x10\2\2\x0e\x18\3\3\0\x0e\x20\4\4\0\0\0\x0e\x28"));
	assert_true(r.ok);
	assert_int_equal(at(&r, 0)->offset, 8);
	assert_int_equal(at(&r, 1)->offset, 16);
	assert_int_equal(at(&r, 3)->offset, 24);
	assert_int_equal(at(&r, 6)->offset, 32);
	assert_int_equal(at(&r, 10)->offset, 40);
	assert_int_equal(at(&r, 99)->offset, 40);
	assert_int_equal(at(&r, 100)->cfa, UNWIND_CFA_NONE);
	stop(&r);
}

static void follows_the_frame_pointer(void **state)
{
	struct run r;

	/* push rbp; mov rsp,rbp; …; leave */
	run(&r, VIEW("\x41\x0e\x10\x86\2\x43\x0d\6\x60\x0c\7\x08\xc6"));
	assert_int_equal(at(&r, 1)->fp, UNWIND_FP_AT_CFA);
	assert_int_equal(at(&r, 4)->cfa, UNWIND_CFA_RBP);
	assert_int_equal(at(&r, 4)->offset, 16);
	assert_int_equal(at(&r, 36)->cfa, UNWIND_CFA_RSP);
	assert_int_equal(at(&r, 36)->fp, UNWIND_FP_SAME);
	stop(&r);
}

static void understands_the_long_forms(void **state)
{
	struct run r;

	/* offset_extended rbp 3; def_cfa_sf rsp -4; undefined rbp; same_value; val_offset */
	run(&r, VIEW("\5\6\3\x41\x12\7\x7c\x41\7\6\x41\x08\6\x41\x14\6\2\x41\x2e\x10"));
	assert_true(r.ok);
	assert_int_equal(at(&r, 0)->fp_offset, -24);
	assert_int_equal(at(&r, 1)->offset, 32);
	assert_int_equal(at(&r, 2)->fp, UNWIND_FP_UNKNOWN);
	assert_int_equal(at(&r, 3)->fp, UNWIND_FP_SAME);
	assert_int_equal(at(&r, 4)->fp, UNWIND_FP_UNKNOWN);
	stop(&r);
}

static void refuses_what_makes_no_sense(void **state)
{
	static const struct view programs[] = {
		VIEW("\x41\x0b"), /* restores what was never remembered */
		VIEW("\x41\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a\x0a"),
		VIEW("\x41\x3f"),         /* no such instruction */
		VIEW("\x41\x0f\x7f\x77"), /* an expression longer than the program */
		VIEW("\x41\x0e\x80"),     /* a number that does not end */
	};

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		struct run r;

		run(&r, programs[i]);
		assert_false(r.ok);
		assert_int_equal(at(&r, 0)->offset, 8); /* what came before stays */
		assert_int_equal(at(&r, 1)->cfa, UNWIND_CFA_UNSUPPORTED);
		stop(&r);
	}
}

static void stops_at_the_end_of_the_function(void **state)
{
	struct run r;

	run(&r, VIEW("\x41\x0e\x10\4\xff\xff\xff\xff\x0e\x20"));
	assert_true(r.ok);
	assert_int_equal(at(&r, 99)->offset, 16);
	assert_int_equal(at(&r, 100)->cfa, UNWIND_CFA_NONE);
	stop(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(advances_in_all_sizes),
		cmocka_unit_test(follows_the_frame_pointer),
		cmocka_unit_test(understands_the_long_forms),
		cmocka_unit_test(refuses_what_makes_no_sense),
		cmocka_unit_test(stops_at_the_end_of_the_function),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
