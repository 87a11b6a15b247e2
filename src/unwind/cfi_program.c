/* cfi_program: runs the call frame instructions of one function. */
#include "unwind/cfi_program.h"

#include "unwind/cfi_cursor.h"
#include "unwind/rowlist.h"
#include "unwind/ruleset.h"

#define REMEMBER_MAX 16

enum {
	CFA_ADVANCE_LOC = 0x40, /* these three hold an operand in their low six bits */
	CFA_OFFSET = 0x80,
	CFA_RESTORE = 0xc0,
	CFA_NOP = 0x00,
	CFA_SET_LOC = 0x01,
	CFA_ADVANCE_LOC1 = 0x02,
	CFA_ADVANCE_LOC2 = 0x03,
	CFA_ADVANCE_LOC4 = 0x04,
	CFA_OFFSET_EXTENDED = 0x05,
	CFA_RESTORE_EXTENDED = 0x06,
	CFA_UNDEFINED = 0x07,
	CFA_SAME_VALUE = 0x08,
	CFA_REGISTER = 0x09,
	CFA_REMEMBER_STATE = 0x0a,
	CFA_RESTORE_STATE = 0x0b,
	CFA_DEF_CFA = 0x0c,
	CFA_DEF_CFA_REGISTER = 0x0d,
	CFA_DEF_CFA_OFFSET = 0x0e,
	CFA_DEF_CFA_EXPRESSION = 0x0f,
	CFA_EXPRESSION = 0x10,
	CFA_OFFSET_EXTENDED_SF = 0x11,
	CFA_DEF_CFA_SF = 0x12,
	CFA_DEF_CFA_OFFSET_SF = 0x13,
	CFA_VAL_OFFSET = 0x14,
	CFA_VAL_OFFSET_SF = 0x15,
	CFA_VAL_EXPRESSION = 0x16,
	CFA_MIPS_ADVANCE_LOC8 = 0x1d,
	CFA_GNU_ARGS_SIZE = 0x2e,
	CFA_GNU_NEGATIVE_OFFSET_EXTENDED = 0x2f,
};

struct machine {
	const struct cfi_cie *cie;
	struct cfi_cursor code;
	struct cfi_state state;
	struct cfi_state remembered[REMEMBER_MAX];
	unsigned n_remembered;
	uint64_t advance; /* what the last instruction moved the address by */
	bool changed;     /* the state is not that of the last row */
};

/* Where a register's place is kept, if it is one that we follow. */
static struct cfi_place *place_of(struct machine *m, uint64_t reg)
{
	if (reg == CFI_RBP)
		return &m->state.rbp;
	if (reg == CFI_RBX && m->cie->with_rbx)
		return &m->state.rbx;
	return reg == CFI_RA ? &m->state.ra : NULL;
}

static void set_place(struct machine *m, uint64_t reg, struct cfi_place place)
{
	struct cfi_place *kept = place_of(m, reg);

	if (!kept)
		return;
	*kept = place;
	m->changed = true;
}

static void set_offset(struct machine *m, uint64_t reg, enum cfi_how how, uint64_t factored)
{
	int64_t offset = (int64_t)(factored * (uint64_t)m->cie->data_align);

	set_place(m, reg, (struct cfi_place){ .how = how, .offset = offset });
}

static void set_expression(struct machine *m, uint64_t reg, enum cfi_how how)
{
	struct view expression = cfi_bytes(&m->code, cfi_uleb(&m->code));

	set_place(m, reg, (struct cfi_place){ .how = how, .expression = expression });
}

static void restore(struct machine *m, uint64_t reg)
{
	if (reg == CFI_RBP)
		set_place(m, reg, m->cie->initial.rbp);
	else if (reg == CFI_RBX)
		set_place(m, reg, m->cie->initial.rbx);
	else if (reg == CFI_RA)
		set_place(m, reg, m->cie->initial.ra);
}

static void set_cfa(struct machine *m, uint64_t reg, uint64_t offset)
{
	m->state.cfa = (struct cfi_place){ .how = CFI_OFFSET,
		.reg = reg > UINT32_MAX ? UINT32_MAX : (uint32_t)reg,
		.offset = (int64_t)offset };
	m->changed = true;
}

static bool remember(struct machine *m)
{
	if (m->n_remembered == REMEMBER_MAX)
		return false;
	m->remembered[m->n_remembered++] = m->state;
	return true;
}

static bool restore_state(struct machine *m)
{
	if (m->n_remembered == 0)
		return false;
	m->state = m->remembered[--m->n_remembered];
	m->changed = true;
	return true;
}

/* The instructions about the CFA; false if `op` is none of them. */
static bool run_cfa(struct machine *m, uint8_t op)
{
	struct cfi_place *cfa = &m->state.cfa;
	uint64_t reg;

	switch (op) {
	case CFA_DEF_CFA:
		reg = cfi_uleb(&m->code);
		set_cfa(m, reg, cfi_uleb(&m->code));
		return true;
	case CFA_DEF_CFA_SF:
		reg = cfi_uleb(&m->code);
		set_cfa(m, reg, (uint64_t)cfi_sleb(&m->code) * (uint64_t)m->cie->data_align);
		return true;
	case CFA_DEF_CFA_REGISTER:
		set_cfa(m, cfi_uleb(&m->code), (uint64_t)cfa->offset);
		return true;
	case CFA_DEF_CFA_OFFSET:
		set_cfa(m, cfa->reg, cfi_uleb(&m->code));
		return true;
	case CFA_DEF_CFA_OFFSET_SF:
		set_cfa(m, cfa->reg, (uint64_t)cfi_sleb(&m->code) * (uint64_t)m->cie->data_align);
		return true;
	case CFA_DEF_CFA_EXPRESSION:
		cfa->how = CFI_EXPRESSION;
		cfa->expression = cfi_bytes(&m->code, cfi_uleb(&m->code));
		m->changed = true;
		return true;
	default:
		return false;
	}
}

/* The instructions about one register; false if `op` is none of them. */
static bool run_register(struct machine *m, uint8_t op)
{
	uint64_t reg = 0;

	switch (op) {
	case CFA_OFFSET_EXTENDED:
	case CFA_RESTORE_EXTENDED:
	case CFA_UNDEFINED:
	case CFA_SAME_VALUE:
	case CFA_REGISTER:
	case CFA_EXPRESSION:
	case CFA_OFFSET_EXTENDED_SF:
	case CFA_VAL_OFFSET:
	case CFA_VAL_OFFSET_SF:
	case CFA_VAL_EXPRESSION:
	case CFA_GNU_NEGATIVE_OFFSET_EXTENDED:
		reg = cfi_uleb(&m->code);
		break;
	default:
		return false;
	}
	if (op == CFA_OFFSET_EXTENDED)
		set_offset(m, reg, CFI_OFFSET, cfi_uleb(&m->code));
	else if (op == CFA_OFFSET_EXTENDED_SF)
		set_offset(m, reg, CFI_OFFSET, (uint64_t)cfi_sleb(&m->code));
	else if (op == CFA_GNU_NEGATIVE_OFFSET_EXTENDED)
		set_offset(m, reg, CFI_OFFSET, -cfi_uleb(&m->code));
	else if (op == CFA_VAL_OFFSET)
		set_offset(m, reg, CFI_VAL_OFFSET, cfi_uleb(&m->code));
	else if (op == CFA_VAL_OFFSET_SF)
		set_offset(m, reg, CFI_VAL_OFFSET, (uint64_t)cfi_sleb(&m->code));
	else if (op == CFA_RESTORE_EXTENDED)
		restore(m, reg);
	else if (op == CFA_UNDEFINED)
		set_place(m, reg, (struct cfi_place){ .how = CFI_UNDEFINED });
	else if (op == CFA_SAME_VALUE)
		set_place(m, reg, (struct cfi_place){ .how = CFI_SAME });
	else if (op == CFA_REGISTER)
		set_place(m, reg,
			(struct cfi_place){
				.how = CFI_REGISTER, .reg = (uint32_t)cfi_uleb(&m->code) });
	else
		set_expression(m, reg, op == CFA_EXPRESSION ? CFI_EXPRESSION : CFI_VAL_EXPRESSION);
	return true;
}

/* False if the instruction is unknown or makes no sense. */
static bool run_one(struct machine *m)
{
	uint8_t op = cfi_u8(&m->code);
	uint8_t operand = op & 0x3f;

	m->advance = 0;
	switch (op & 0xc0) {
	case CFA_ADVANCE_LOC:
		m->advance = operand * m->cie->code_align;
		return true;
	case CFA_OFFSET:
		set_offset(m, operand, CFI_OFFSET, cfi_uleb(&m->code));
		return true;
	case CFA_RESTORE:
		restore(m, operand);
		return true;
	}
	switch (op) {
	case CFA_NOP:
		return true;
	case CFA_ADVANCE_LOC1:
	case CFA_ADVANCE_LOC2:
	case CFA_ADVANCE_LOC4:
		m->advance =
			cfi_fixed(&m->code, 1u << (op - CFA_ADVANCE_LOC1)) * m->cie->code_align;
		return true;
	case CFA_MIPS_ADVANCE_LOC8:
		m->advance = cfi_fixed(&m->code, 8) * m->cie->code_align;
		return true;
	case CFA_REMEMBER_STATE:
		return remember(m);
	case CFA_RESTORE_STATE:
		return restore_state(m);
	case CFA_GNU_ARGS_SIZE:
		cfi_uleb(&m->code);
		return true;
	default: /* CFA_SET_LOC is among them: no compiler for x86 emits it */
		return run_cfa(m, op) || run_register(m, op);
	}
}

bool cfi_program_init(struct cfi_cie *cie)
{
	struct machine m;

	cie->initial = (struct cfi_state){ .cfa = { .how = CFI_UNDEFINED },
		.rbp = { .how = CFI_SAME },
		.rbx = { .how = CFI_SAME },
		.ra = { .how = CFI_OFFSET, .offset = -8 } };
	m.cie = cie;
	m.code = cfi_cursor(cie->instructions);
	m.state = cie->initial;
	m.n_remembered = 0;
	while (cfi_left(&m.code))
		if (!run_one(&m) || m.advance || m.code.failed)
			return false;
	cie->initial = m.state;
	return true;
}

/* A row before the wanted part counts as one at its start. */
static void emit(
	struct machine *m, uint64_t pc, uint64_t start, struct ruleset *rules, struct rowlist *rows)
{
	struct unwind_rule rule;

	if (!m->changed)
		return;
	m->changed = false;
	rule = cfi_rule(&m->state, m->cie->signal, m->cie->with_rbx);
	rowlist_add(rows, pc < start ? start : pc, ruleset_add(rules, &rule));
}

bool cfi_program_run(const struct cfi_cie *cie, const struct cfi_function *function,
	struct ruleset *rules, struct rowlist *rows)
{
	uint64_t pc = function->pc;
	/* What it remembers need not be zeroed for each of a hundred thousand functions. */
	struct machine m __attribute__((uninitialized));

	m.cie = cie;
	m.code = cfi_cursor(function->instructions);
	m.state = cie->initial;
	m.n_remembered = 0;
	m.changed = true;
	while (cfi_left(&m.code)) {
		if (!run_one(&m) || m.code.failed) {
			rowlist_add(rows, pc < function->start ? function->start : pc,
				RULESET_UNSUPPORTED);
			return false;
		}
		if (m.advance == 0)
			continue;
		emit(&m, pc, function->start, rules, rows);
		if (m.advance >= function->end - pc)
			return true; /* the rest is beyond the function */
		pc += m.advance;
	}
	emit(&m, pc, function->start, rules, rows);
	return true;
}
