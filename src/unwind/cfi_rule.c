/* cfi_rule: from what a CFA program says about one place to a rule that BPF can follow. */
#include "unwind/cfi_rule.h"

#include "unwind/cfi_cursor.h"

#define OPS_MAX 10

enum {
	OP_DEREF = 0x06,
	OP_CONST1U = 0x08,
	OP_CONST1S = 0x09,
	OP_CONST2U = 0x0a,
	OP_CONST2S = 0x0b,
	OP_CONST4U = 0x0c,
	OP_CONST4S = 0x0d,
	OP_CONSTU = 0x10,
	OP_CONSTS = 0x11,
	OP_AND = 0x1a,
	OP_MINUS = 0x1c,
	OP_PLUS = 0x22,
	OP_PLUS_UCONST = 0x23,
	OP_SHL = 0x24,
	OP_GE = 0x2a,
	OP_LIT0 = 0x30,
	OP_LIT31 = 0x4f,
	OP_BREG0 = 0x70,
	OP_BREG31 = 0x8f,
};

/* All ways to push a constant become OP_CONSTS. */
struct op {
	uint8_t code;
	int64_t value;
};

static bool decode_op(struct cfi_cursor *c, struct op *ret)
{
	uint8_t code = cfi_u8(c);
	int64_t value = 0;

	if (code >= OP_LIT0 && code <= OP_LIT31) {
		value = code - OP_LIT0;
		code = OP_CONSTS;
	} else if (code >= OP_BREG0 && code <= OP_BREG31) {
		value = cfi_sleb(c);
	} else {
		switch (code) {
		case OP_CONST1U:
			value = cfi_u8(c);
			code = OP_CONSTS;
			break;
		case OP_CONST1S:
			value = (int8_t)cfi_u8(c);
			code = OP_CONSTS;
			break;
		case OP_CONST2U:
			value = (int64_t)cfi_fixed(c, 2);
			code = OP_CONSTS;
			break;
		case OP_CONST2S:
			value = (int16_t)cfi_fixed(c, 2);
			code = OP_CONSTS;
			break;
		case OP_CONST4U:
			value = (int64_t)cfi_fixed(c, 4);
			code = OP_CONSTS;
			break;
		case OP_CONST4S:
			value = (int32_t)cfi_fixed(c, 4);
			code = OP_CONSTS;
			break;
		case OP_CONSTU:
			value = (int64_t)cfi_uleb(c);
			code = OP_CONSTS;
			break;
		case OP_CONSTS:
			value = cfi_sleb(c);
			break;
		case OP_PLUS_UCONST:
			value = (int64_t)cfi_uleb(c);
			break;
		case OP_DEREF:
		case OP_AND:
		case OP_MINUS:
		case OP_PLUS:
		case OP_SHL:
		case OP_GE:
			break;
		default:
			return false;
		}
	}
	*ret = (struct op){ code, value };
	return !c->failed;
}

/* The number of operations, or 0 if one is unknown, malformed or there are too many. */
static size_t decode_ops(struct view expression, struct op ops[static OPS_MAX])
{
	struct cfi_cursor c = cfi_cursor(expression);
	size_t count = 0;

	while (cfi_left(&c)) {
		if (count == OPS_MAX || !decode_op(&c, &ops[count]))
			return 0;
		count++;
	}
	return count;
}

/* "register + offset", alone. */
static bool is_register(struct view expression, uint32_t *ret_reg, int64_t *ret_offset)
{
	struct op ops[OPS_MAX];

	if (decode_ops(expression, ops) != 1 || ops[0].code < OP_BREG0)
		return false;
	*ret_reg = ops[0].code - OP_BREG0;
	*ret_offset = ops[0].value;
	return true;
}

/* The linker's rule for lazy binding: rsp + 8 + ((rip & 15) >= N ? 8 : 0). */
static bool is_plt(const struct op *ops, size_t count, int64_t *ret_from)
{
	static const struct op wanted[] = { { OP_BREG0 + CFI_RSP, 8 }, { OP_BREG0 + CFI_RA, 0 },
		{ OP_CONSTS, 15 }, { OP_AND, 0 }, { OP_CONSTS, 0 }, { OP_GE, 0 }, { OP_CONSTS, 3 },
		{ OP_SHL, 0 }, { OP_PLUS, 0 } };
	const size_t from = 4;

	if (count != sizeof(wanted) / sizeof(wanted[0]))
		return false;
	for (size_t i = 0; i < count; i++)
		if (ops[i].code != wanted[i].code || (i != from && ops[i].value != wanted[i].value))
			return false;
	*ret_from = ops[from].value;
	return *ret_from >= 0 && *ret_from <= 16;
}

/* "*(register + offset) + extra", as code that aligns its stack has it. */
static bool is_deref(const struct op *ops, size_t count, int64_t *ret_extra)
{
	if (count < 2 || ops[0].code < OP_BREG0 || ops[1].code != OP_DEREF)
		return false;
	*ret_extra = 0;
	if (count == 3 && ops[2].code == OP_PLUS_UCONST)
		*ret_extra = ops[2].value;
	else if (count == 4 && ops[2].code == OP_CONSTS && ops[3].code == OP_PLUS)
		*ret_extra = ops[2].value;
	else if (count == 4 && ops[2].code == OP_CONSTS && ops[3].code == OP_MINUS)
		*ret_extra = -ops[2].value;
	else
		return count == 2;
	return true;
}

static bool fits(int64_t value)
{
	return value == (int32_t)value;
}

static int unwind_reg_of(uint32_t dwarf)
{
	static const int8_t regs[] = { UNWIND_RAX, UNWIND_RDX, UNWIND_RCX, UNWIND_RBX, UNWIND_RSI,
		UNWIND_RDI, UNWIND_RBP, UNWIND_RSP, UNWIND_R8, UNWIND_R9, UNWIND_R10, UNWIND_R11,
		UNWIND_R12, UNWIND_R13, UNWIND_R14, UNWIND_R15 };

	return dwarf < sizeof(regs) ? regs[dwarf] : -1;
}

static bool set_register(struct unwind_rule *rule, uint32_t dwarf, int64_t offset)
{
	int reg = unwind_reg_of(dwarf);

	if (reg < 0 || !fits(offset))
		return false;
	rule->offset = (int32_t)offset;
	rule->cfa = UNWIND_CFA_REG;
	if (dwarf == CFI_RSP)
		rule->cfa = UNWIND_CFA_RSP;
	else if (dwarf == CFI_RBP)
		rule->cfa = UNWIND_CFA_RBP;
	else
		rule->reg = (uint8_t)reg;
	return true;
}

static bool set_cfa(struct unwind_rule *rule, const struct cfi_place *cfa)
{
	struct op ops[OPS_MAX];
	int64_t value;
	size_t count;

	if (cfa->how == CFI_OFFSET)
		return set_register(rule, cfa->reg, cfa->offset);
	if (cfa->how != CFI_EXPRESSION)
		return false;
	count = decode_ops(cfa->expression, ops);
	if (count == 1 && ops[0].code >= OP_BREG0)
		return set_register(rule, ops[0].code - OP_BREG0, ops[0].value);
	if (is_plt(ops, count, &value)) {
		rule->cfa = UNWIND_CFA_PLT;
		rule->offset = (int32_t)value;
		return true;
	}
	if (!is_deref(ops, count, &value) || !fits(ops[0].value) || value != (int16_t)value)
		return false;
	if (ops[0].code == OP_BREG0 + CFI_RSP)
		rule->cfa = UNWIND_CFA_DEREF_RSP;
	else if (ops[0].code == OP_BREG0 + CFI_RBP)
		rule->cfa = UNWIND_CFA_DEREF_RBP;
	else
		return false;
	rule->offset = (int32_t)ops[0].value;
	rule->extra = (int16_t)value;
	return true;
}

/* Without a rule of its own rbp is unknown, which only matters to callers that use it. */
static void set_fp(struct unwind_rule *rule, const struct cfi_place *rbp)
{
	int64_t offset;
	uint32_t reg;

	rule->fp = UNWIND_FP_UNKNOWN;
	if (rbp->how == CFI_SAME) {
		rule->fp = UNWIND_FP_SAME;
	} else if (rbp->how == CFI_OFFSET && fits(rbp->offset)) {
		rule->fp = UNWIND_FP_AT_CFA;
		rule->fp_offset = (int32_t)rbp->offset;
	} else if (rbp->how == CFI_EXPRESSION && is_register(rbp->expression, &reg, &offset)) {
		if (reg == CFI_RSP && rule->cfa == UNWIND_CFA_RSP && fits(offset - rule->offset)) {
			rule->fp = UNWIND_FP_AT_CFA;
			rule->fp_offset = (int32_t)(offset - rule->offset);
		} else if (reg == CFI_RBP && fits(offset)) {
			rule->fp = UNWIND_FP_AT_RBP;
			rule->fp_offset = (int32_t)offset;
		}
	}
}

static int16_t rbx_of(const struct cfi_place *rbx)
{
	if (rbx->how == CFI_SAME)
		return UNWIND_RBX_SAME;
	if (rbx->how == CFI_OFFSET && rbx->offset < 0 && rbx->offset >= INT16_MIN)
		return (int16_t)rbx->offset;
	return UNWIND_RBX_UNKNOWN;
}

static bool set_ra(struct unwind_rule *rule, const struct cfi_place *ra)
{
	int reg;

	if (ra->how == CFI_OFFSET)
		return ra->offset == -8;
	if (ra->how != CFI_REGISTER)
		return false;
	/* The rule has one register field, and the interrupted frame's rbp is rbp itself. */
	reg = unwind_reg_of(ra->reg);
	if (reg < 0 || rule->cfa == UNWIND_CFA_REG || rule->fp != UNWIND_FP_SAME)
		return false;
	rule->ra = UNWIND_RA_REG;
	rule->reg = (uint8_t)reg;
	return true;
}

/* The kernel's frame: rip is at 8 * UNWIND_RIP in the struct sigcontext, rsp likewise. */
static bool set_signal(struct unwind_rule *rule, const struct cfi_state *state)
{
	struct op ops[OPS_MAX];
	int64_t rip, extra;
	uint32_t reg;

	if (state->ra.how != CFI_EXPRESSION || !is_register(state->ra.expression, &reg, &rip) ||
		reg != CFI_RSP)
		return false;
	if (state->cfa.how != CFI_EXPRESSION ||
		!is_deref(ops, decode_ops(state->cfa.expression, ops), &extra) || extra ||
		ops[0].code != OP_BREG0 + CFI_RSP ||
		ops[0].value != rip - 8 * (UNWIND_RIP - UNWIND_RSP))
		return false;
	if (!fits(rip - 8 * UNWIND_RIP))
		return false;
	rule->cfa = UNWIND_CFA_SIGNAL;
	rule->offset = (int32_t)(rip - 8 * UNWIND_RIP);
	return true;
}

struct unwind_rule cfi_rule(const struct cfi_state *state, bool signal, bool with_rbx)
{
	struct unwind_rule rule = { 0 };

	if (state->ra.how == CFI_UNDEFINED)
		return (struct unwind_rule){ .cfa = UNWIND_CFA_END };
	if (signal) {
		if (set_signal(&rule, state))
			return rule;
		return (struct unwind_rule){ .cfa = UNWIND_CFA_UNSUPPORTED };
	}
	if (!set_cfa(&rule, &state->cfa))
		return (struct unwind_rule){ .cfa = UNWIND_CFA_UNSUPPORTED };
	set_fp(&rule, &state->rbp);
	if (!set_ra(&rule, &state->ra))
		return (struct unwind_rule){ .cfa = UNWIND_CFA_UNSUPPORTED };
	if (with_rbx)
		rule.rbx = rbx_of(&state->rbx);
	return rule;
}
