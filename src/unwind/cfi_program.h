/*
 * cfi_program: runs the call frame instructions of one function (DWARF 5, section 6.4.2, and GNU's
 * additions), tracking the CFA, rbp and the return address.
 */
#ifndef UNWIND_CFI_PROGRAM_H
#define UNWIND_CFI_PROGRAM_H

#include "unwind/cfi_rule.h"

/* What the functions of one compilation unit share. */
struct cfi_cie {
	uint64_t code_align;
	int64_t data_align;
	struct view instructions; /* borrowed */
	struct cfi_state initial; /* after them */
	uint8_t encoding;         /* of addresses, enum of DW_EH_PE_* */
	bool sized;               /* augmentation z: FDEs say how long their own is */
	bool signal;              /* augmentation S */
	bool with_rbx;            /* its rules say where rbx is */
	bool usable;
};

struct ruleset;
struct rowlist;

/* Runs cie->instructions into cie->initial; false if they are malformed. */
bool cfi_program_init(struct cfi_cie *cie);

struct cfi_function {
	struct view instructions; /* borrowed */
	uint64_t pc;              /* where they begin */
	uint64_t start, end;      /* the part that is wanted (rowlist_function) */
};

/* Adds the rows of one function. False if its program is malformed: from there on the rows are
 * UNSUPPORTED. */
bool cfi_program_run(const struct cfi_cie *cie, const struct cfi_function *function,
	struct ruleset *rules, struct rowlist *rows);

#endif
