/*
 * cfi_rule: from what a CFA program says about one place to a rule that BPF can follow.
 */
#ifndef UNWIND_CFI_RULE_H
#define UNWIND_CFI_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/view.h"
#include "bpf/unwind_abi.h"

enum cfi_dwarf_reg { CFI_RBX = 3, CFI_RBP = 6, CFI_RSP = 7, CFI_RA = 16 };

enum cfi_how {
	CFI_SAME,
	CFI_UNDEFINED,
	CFI_OFFSET,         /* at CFA + offset; for the CFA itself: register + offset */
	CFI_REGISTER,       /* in register `reg` */
	CFI_EXPRESSION,     /* at the address that the expression gives; for the CFA: its value */
	CFI_VAL_OFFSET,     /* the value is CFA + offset */
	CFI_VAL_EXPRESSION, /* the value is the expression's */
};

struct cfi_place {
	enum cfi_how how;
	uint32_t reg;
	int64_t offset;
	struct view expression; /* borrowed */
};

struct cfi_state {
	struct cfi_place cfa, rbp, rbx, ra;
};

/* Always gives a rule; UNWIND_CFA_UNSUPPORTED for what the rules cannot say. `signal`: the frame
 * is one that the kernel made (augmentation S). `with_rbx`: say where rbx is, too. */
struct unwind_rule cfi_rule(const struct cfi_state *state, bool signal, bool with_rbx);

#endif
