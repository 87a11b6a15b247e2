/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * walk: one step from a frame to its caller; the one unwinder, compiled for BPF and for user space.
 *
 * The file that includes this defines first, as static inline functions, where things are:
 *
 *   int unwind_read(struct unwind_walk *w, __u64 address, void *into, __u32 size);
 *           copies memory of the walked process; 0, or the enum unwind_result to stop with
 *           (UNWIND_MEMORY, UNWIND_SLICE). `size` is a constant: 8, 16 or sizeof(w->regs).
 *   const struct unwind_mapping *unwind_mapping_at(struct unwind_walk *w, __u32 index);
 *   const struct unwind_page *unwind_page_at(struct unwind_walk *w, __u32 index);
 *   const struct unwind_rule *unwind_rule_at(struct unwind_walk *w, __u32 index);
 *           entries of the global tables; NULL past their ends.
 *   const struct unwind_row *unwind_shard_at(struct unwind_walk *w, __u32 index);
 *           the UNWIND_SHARD_ROWS rows of a shard; NULL if there is none.
 *
 * It fills w->regs and w->process and then calls, all of them static inline, too:
 *
 *   unwind_start(w);
 *   for up to as many frames as it has room for:       (in BPF: a bpf_loop callback)
 *           keep unwind_frame_address(w);
 *           result = unwind_step(w);
 *           stop unless it is UNWIND_CONTINUE
 *
 * Any other result leaves the walk where it was, in the frame that could not be left, so that user
 * space can go on from there. A step never trusts the stack: the stack pointer must grow, except
 * through a signal frame or a change of stacks; an end is only where a table says END.
 *
 * Loops have no data-dependent branch but an early exit, because the verifier follows both ways
 * of each.
 */
#ifndef BPF_WALK_H
#define BPF_WALK_H

#include "bpf/unwind_abi.h"

#define UNWIND_INLINE static inline __attribute__((always_inline))
#define UNWIND_MAPPING_STEPS 18       /* 2^18 = UNWIND_MAPPINGS_MAX */
#define UNWIND_ROW_STEPS 16           /* a page has at most 2^16 rows */
#define UNWIND_FP_SPAN_MAX (1u << 24) /* bytes of one frame, when only rbp says so */
#define UNWIND_LOW_ADDRESS 0x10000u   /* nothing is mapped below (vm.mmap_min_addr) */

/* In the interrupted frame. w->regs and w->process are set. */
UNWIND_INLINE void unwind_start(struct unwind_walk *w)
{
	w->pc = w->regs[UNWIND_RIP];
	w->sp = w->regs[UNWIND_RSP];
	w->fp = w->regs[UNWIND_RBP];
	w->exact = 1;
	w->rbx = 1;
	w->mapping.start = 0;
	w->mapping.end = 0;
}

/* An address inside the instruction that this frame is at: the byte before a return address belongs
 * to the call, which may be the last instruction of its function. */
UNWIND_INLINE __u64 unwind_frame_address(const struct unwind_walk *w)
{
	return w->exact ? w->pc : w->pc - 1;
}

/* All ones if a <= b, else 0; both below 2^63. The barrier keeps the compiler from making it a
 * branch again. */
UNWIND_INLINE __u32 unwind_mask_le(__u64 a, __u64 b)
{
	__u64 mask = (__u64)((__s64)(a - b - 1) >> 63);

	__asm__ volatile("" : "+r"(mask));
	return (__u32)mask;
}

UNWIND_INLINE int unwind_find_mapping(struct unwind_walk *w, __u64 address)
{
	__u32 at = w->process.first_mapping, left = w->process.n_mappings;
	const struct unwind_mapping *m;

	if (address - w->mapping.start < w->mapping.end - w->mapping.start)
		return UNWIND_CONTINUE;
	if (left == 0)
		return UNWIND_UNMAPPED;
	for (int i = 0; i < UNWIND_MAPPING_STEPS; i++) {
		__u32 half = left >> 1;

		if (half == 0)
			break;
		m = unwind_mapping_at(w, at + half);
		if (!m)
			return UNWIND_UNMAPPED;
		at += half & unwind_mask_le(m->start, address);
		left -= half;
	}
	m = unwind_mapping_at(w, at);
	if (!m || address - m->start >= m->end - m->start)
		return UNWIND_UNMAPPED;
	w->mapping = *m;
	return UNWIND_CONTINUE;
}

/* The rule at an address inside w->mapping, or NULL. */
UNWIND_INLINE const struct unwind_rule *unwind_find_rule(struct unwind_walk *w, __u64 address)
{
	__u64 file_address = address - w->mapping.bias;
	__u64 page_no = (file_address >> UNWIND_PAGE_SHIFT) - w->mapping.first_page_no;
	__u32 low = file_address & ((1u << UNWIND_PAGE_SHIFT) - 1);
	const struct unwind_page *page;
	const struct unwind_row *rows;
	__u32 at, left;

	if (page_no >= w->mapping.n_pages)
		return 0;
	page = unwind_page_at(w, w->mapping.first_page + (__u32)page_no);
	if (!page || page->n_rows == 0)
		return 0;
	at = page->first_row;
	left = page->n_rows;
	rows = unwind_shard_at(w, at / UNWIND_SHARD_ROWS);
	if (!rows)
		return 0;
	for (int i = 0; i < UNWIND_ROW_STEPS; i++) {
		__u32 half = left >> 1;

		if (half == 0)
			break;
		at += half &
		      unwind_mask_le(rows[(at + half) & (UNWIND_SHARD_ROWS - 1)].pc_low, low);
		left -= half;
	}
	return unwind_rule_at(w, rows[at & (UNWIND_SHARD_ROWS - 1)].rule);
}

UNWIND_INLINE int unwind_enter(struct unwind_walk *w, __u64 pc, __u64 sp, __u64 fp)
{
	if (pc < UNWIND_LOW_ADDRESS)
		return UNWIND_BAD_FRAME;
	w->pc = pc;
	w->sp = sp;
	w->fp = fp;
	w->exact = 0;
	return UNWIND_CONTINUE;
}

/* The caller by way of rbp, as code compiled with frame pointers has it: {caller's rbp, return
 * address} lie there. `otherwise` is the result if rbp cannot be a frame pointer. */
UNWIND_INLINE int unwind_by_fp(struct unwind_walk *w, int otherwise)
{
	__u64 pair[2];
	__u64 fp = w->fp;
	int rc;

	if (fp & 7 || fp - w->sp > UNWIND_FP_SPAN_MAX)
		return otherwise;
	rc = unwind_read(w, fp, pair, sizeof(pair));
	if (rc)
		return rc;
	w->rbx = 0;
	return unwind_enter(w, pair[1], fp + sizeof(pair), pair[0]);
}

/* Instructions of x86-64, as they lie in memory, behind the byte before them. */
#define UNWIND_CODE_BYTE(code, i) ((__u8)((code) >> 8 * (i)))
#define UNWIND_CODE_PUSH_RBP 0x55u
#define UNWIND_CODE_RET 0xc3u
#define UNWIND_CODE_RET_POP 0xc2u
#define UNWIND_CODE_MOV_RBP 0xe58948u     /* mov %rsp,%rbp, three bytes … */
#define UNWIND_CODE_MOV_RBP_TOO 0xec8b48u /* … and the other way to say it */

/* Whether it is a move of rsp to rbp that lies `i` bytes in. */
UNWIND_INLINE int unwind_code_sets_rbp(__u64 code, int i)
{
	__u32 three = code >> 8 * i & 0xffffff;

	return three == UNWIND_CODE_MOV_RBP || three == UNWIND_CODE_MOV_RBP_TOO;
}

/*
 * Code that no table describes is stepped by rbp, but where it was interrupted rbp may not be set
 * up yet, or be the caller's again: before or between the two instructions that set it up, which
 * must both be there, and at a return. In these three places there is no doubt where the return
 * address is. Anywhere else, or if the code cannot be read, the result is UNWIND_UNMAPPED. What is
 * found must still lie in a mapping of code, or the next step ends the walk.
 */
UNWIND_INLINE int unwind_by_instruction(struct unwind_walk *w)
{
	__u64 pair[2];
	__u64 code;
	__u8 next;
	int rc;

	if (!w->exact || unwind_read(w, w->pc - 1, &code, sizeof(code)))
		return UNWIND_UNMAPPED;
	next = UNWIND_CODE_BYTE(code, 1);
	if (next == UNWIND_CODE_RET || next == UNWIND_CODE_RET_POP ||
		(next == UNWIND_CODE_PUSH_RBP && unwind_code_sets_rbp(code, 2))) {
		rc = unwind_read(w, w->sp, pair, 8);
		w->rbx = 0;
		return rc ? rc : unwind_enter(w, pair[0], w->sp + 8, w->fp);
	}
	if (UNWIND_CODE_BYTE(code, 0) != UNWIND_CODE_PUSH_RBP || !unwind_code_sets_rbp(code, 1))
		return UNWIND_UNMAPPED;
	rc = unwind_read(w, w->sp, pair, sizeof(pair));
	w->rbx = 0;
	return rc ? rc : unwind_enter(w, pair[1], w->sp + sizeof(pair), pair[0]);
}

/* In code that no table describes. */
UNWIND_INLINE int unwind_without_table(struct unwind_walk *w, int otherwise)
{
	int rc = unwind_by_instruction(w);

	return rc == UNWIND_UNMAPPED ? unwind_by_fp(w, otherwise) : rc;
}

UNWIND_INLINE int unwind_by_switch(struct unwind_walk *w)
{
	__u64 pair[2];
	__u64 fp = w->fp;
	int rc;

	if (fp & 7 || fp < UNWIND_LOW_ADDRESS)
		return UNWIND_BAD_FRAME;
	rc = unwind_read(w, fp, pair, sizeof(pair));
	if (rc)
		return rc;
	w->rbx = 0;
	return unwind_enter(w, pair[1], fp + sizeof(pair), pair[0]);
}

/* Into the interrupted frame, whose registers the kernel put on the stack. */
UNWIND_INLINE int unwind_by_signal(struct unwind_walk *w, __s32 offset)
{
	int rc = unwind_read(w, w->sp + offset, w->regs, sizeof(w->regs));

	if (rc) {
		w->exact = 0;
		w->rbx = 0;
		return rc;
	}
	w->pc = w->regs[UNWIND_RIP];
	w->sp = w->regs[UNWIND_RSP];
	w->fp = w->regs[UNWIND_RBP];
	w->exact = 1;
	w->rbx = 1;
	return UNWIND_CONTINUE;
}

/* The caller's stack pointer, for the rules that have one. */
UNWIND_INLINE int unwind_cfa(struct unwind_walk *w, const struct unwind_rule *rule, __u64 *ret)
{
	__u64 cfa = w->sp;
	int rc = 0;

	switch (rule->cfa) {
	case UNWIND_CFA_RSP:
		cfa += rule->offset;
		break;
	case UNWIND_CFA_RBP:
		cfa = w->fp + rule->offset;
		break;
	case UNWIND_CFA_PLT:
		cfa += (w->pc & 15) >= (__u32)rule->offset ? 16 : 8;
		break;
	case UNWIND_CFA_REG:
		if (!w->exact && !(w->rbx && rule->reg == UNWIND_RBX))
			return UNWIND_BAD_FRAME;
		cfa = w->regs[rule->reg & 15] + rule->offset;
		break;
	case UNWIND_CFA_DEREF_RBP:
		cfa = w->fp;
		/* fallthrough */
	case UNWIND_CFA_DEREF_RSP:
		rc = unwind_read(w, cfa + rule->offset, &cfa, sizeof(cfa));
		cfa += rule->extra;
		break;
	default:
		return UNWIND_BAD_FRAME;
	}
	/* Only an interrupted frame may have nothing on the stack (vfork). */
	if (!rc && (cfa < w->sp || (cfa == w->sp && !w->exact)))
		return UNWIND_BAD_FRAME;
	*ret = cfa;
	return rc;
}

/* A register that the function saved. What lies below rsp was popped again, so if that memory
 * cannot be read any more, the register itself is right. */
UNWIND_INLINE int unwind_saved(struct unwind_walk *w, __u64 address, __u64 *reg)
{
	__u64 value;
	int rc = unwind_read(w, address, &value, sizeof(value));

	if (!rc)
		*reg = value;
	return address < w->sp ? 0 : rc;
}

UNWIND_INLINE int unwind_follow_rbx(
	struct unwind_walk *w, const struct unwind_rule *rule, __u64 cfa)
{
	__u64 rbx = w->regs[UNWIND_RBX];
	int rc = 0;

	if (rule->rbx == UNWIND_RBX_UNKNOWN)
		w->rbx = 0;
	else if (rule->rbx < 0)
		rc = unwind_saved(w, cfa + rule->rbx, &rbx);
	w->regs[UNWIND_RBX] = rbx;
	return rc;
}

UNWIND_INLINE int unwind_by_cfa(struct unwind_walk *w, const struct unwind_rule *rule)
{
	__u64 pair[2] = { w->fp, 0 };
	__u64 cfa;
	int rc = unwind_cfa(w, rule, &cfa);

	if (rc)
		return rc;
	if (rule->ra == UNWIND_RA_REG) {
		if (!w->exact)
			return UNWIND_BAD_FRAME;
		return unwind_enter(w, w->regs[rule->reg & 15], cfa, w->fp);
	}
	if (rule->fp == UNWIND_FP_AT_CFA && rule->fp_offset == -16 && cfa - 16 >= w->sp) {
		rc = unwind_read(w, cfa - 16, pair, sizeof(pair)); /* side by side, as usual */
	} else {
		rc = unwind_read(w, cfa - 8, &pair[1], 8);
		if (!rc && rule->fp == UNWIND_FP_AT_CFA)
			rc = unwind_saved(w, cfa + rule->fp_offset, &pair[0]);
		else if (!rc && rule->fp == UNWIND_FP_AT_RBP)
			rc = unwind_saved(w, w->fp + rule->fp_offset, &pair[0]);
		else if (rule->fp == UNWIND_FP_UNKNOWN)
			pair[0] = 0;
	}
	if (!rc && w->rbx)
		rc = unwind_follow_rbx(w, rule, cfa);
	return rc ? rc : unwind_enter(w, pair[1], cfa, pair[0]);
}

UNWIND_INLINE int unwind_apply(struct unwind_walk *w, const struct unwind_rule *rule)
{
	switch (rule->cfa) {
	case UNWIND_CFA_END:
		return UNWIND_COMPLETE;
	case UNWIND_CFA_NONE:
	case UNWIND_CFA_UNSUPPORTED:
		return unwind_without_table(w, UNWIND_NO_TABLE);
	case UNWIND_CFA_SIGNAL:
		return unwind_by_signal(w, rule->offset);
	case UNWIND_CFA_SWITCH:
		return unwind_by_switch(w);
	default:
		return unwind_by_cfa(w, rule);
	}
}

/* A call through a null pointer: the return address is where the call has just put it. */
UNWIND_INLINE int unwind_by_return(struct unwind_walk *w)
{
	__u64 pc;
	int rc = unwind_read(w, w->sp, &pc, sizeof(pc));

	return rc ? rc : unwind_enter(w, pc, w->sp + 8, w->fp);
}

/* From this frame to its caller. */
UNWIND_INLINE int unwind_step(struct unwind_walk *w)
{
	__u64 address = unwind_frame_address(w);
	const struct unwind_rule *rule;
	int rc;

	if (w->exact && w->pc < UNWIND_LOW_ADDRESS)
		return unwind_by_return(w);
	rc = unwind_find_mapping(w, address);
	if (rc)
		return rc;
	if (w->mapping.kind == UNWIND_MAPPING_PENDING)
		return UNWIND_PENDING;
	if (w->mapping.kind == UNWIND_MAPPING_JIT)
		return unwind_without_table(w, UNWIND_JIT);
	if (w->mapping.kind != UNWIND_MAPPING_TABLE)
		return unwind_without_table(w, UNWIND_NO_TABLE);
	rule = unwind_find_rule(w, address);
	if (!rule)
		return unwind_without_table(w, UNWIND_NO_TABLE);
	return unwind_apply(w, rule);
}

#endif
