/*
 * unwind_abi: unwind tables as the BPF walker, the user-space walker and their builder see them.
 *
 *   process ──> mappings, sorted by start      (struct unwind_process, struct unwind_mapping)
 *   mapping ──> pages of 64 KiB of file addresses   (struct unwind_page)
 *   page    ──> rows, sorted by pc_low, inside one shard   (struct unwind_row, 4 bytes)
 *   row     ──> one rule of a table that all modules share  (struct unwind_rule)
 *
 * Rows are numbered over all shards: row r is slot r % UNWIND_SHARD_ROWS of shard
 * r / UNWIND_SHARD_ROWS. The rows of a page never cross a shard, and the first row of
 * every page has pc_low 0, so a lookup touches one page entry and one shard.
 */
#ifndef BPF_UNWIND_ABI_H
#define BPF_UNWIND_ABI_H

#ifndef __bpf__
#include <linux/types.h>
#endif

#define UNWIND_SHARD_ROWS 65536u /* 256 KiB */
#define UNWIND_SHARDS_MAX 512u   /* 128 MiB of rows at the most */
#define UNWIND_PAGES_MAX 131072u /* 8 GiB of code */
#define UNWIND_RULES_MAX 16384u
#define UNWIND_MAPPINGS_MAX 262144u
#define UNWIND_PAGE_SHIFT 16

struct unwind_row {
	__u16 pc_low; /* low half of the file address where the rule begins to hold */
	__u16 rule;
};

struct unwind_page {
	__u32 first_row;
	__u32 n_rows; /* 0 = no code here */
};

/* Registers in the order of the kernel's signal context (struct sigcontext), which is read whole.
 */
/* clang-format off */
enum unwind_reg {
	UNWIND_R8, UNWIND_R9, UNWIND_R10, UNWIND_R11, UNWIND_R12, UNWIND_R13, UNWIND_R14, UNWIND_R15,
	UNWIND_RDI, UNWIND_RSI, UNWIND_RBP, UNWIND_RBX, UNWIND_RDX, UNWIND_RAX, UNWIND_RCX,
	UNWIND_RSP, UNWIND_RIP,
	UNWIND_REGS
};
/* clang-format on */

/* How to find the caller's stack pointer (the CFA). */
enum unwind_cfa {
	UNWIND_CFA_UNSUPPORTED, /* a rule we cannot express: try the frame pointer */
	UNWIND_CFA_NONE,        /* no table covers this address: step by the frame pointer */
	UNWIND_CFA_RSP,         /* rsp + offset */
	UNWIND_CFA_RBP,         /* rbp + offset */
	UNWIND_CFA_REG, /* another register + offset; known in the interrupted frame, or rbx */
	UNWIND_CFA_DEREF_RSP, /* *(rsp + offset) + extra */
	UNWIND_CFA_DEREF_RBP, /* *(rbp + offset) + extra */
	UNWIND_CFA_PLT,       /* rsp + 8, or + 16 from byte `offset` of each 16-byte entry on */
	UNWIND_CFA_SIGNAL,    /* a signal frame: struct sigcontext is at rsp + offset */
	UNWIND_CFA_END,       /* the return address is undefined: the thread starts here */
	UNWIND_CFA_SWITCH,    /* code that changed stacks: step by the frame pointer, to anywhere */
};

/* Where the caller's rbp is. */
enum unwind_fp {
	UNWIND_FP_SAME,
	UNWIND_FP_AT_CFA, /* *(CFA + fp_offset) */
	UNWIND_FP_AT_RBP, /* *(rbp + fp_offset) */
	UNWIND_FP_UNKNOWN,
};

/* Where the return address is. */
enum unwind_ra {
	UNWIND_RA_AT_CFA, /* *(CFA - 8), as good as always */
	UNWIND_RA_REG,    /* in register `reg` (vfork keeps it in rdi) */
};

/* The rule table is global; rule 0 is {UNWIND_CFA_NONE}. */
struct unwind_rule {
	__u8 cfa, fp, ra;
	__u8 reg; /* enum unwind_reg, for UNWIND_CFA_REG or UNWIND_RA_REG */
	__s32 offset;
	__s32 fp_offset;
	__s16 extra;
	__s16 rbx; /* where the caller's rbx is: at CFA + this if negative, else enum unwind_rbx */
};

/* rbx is followed only through the objects that have rules based on it: the dynamic loader, whose
 * lazy binding keeps its frame there. */
enum unwind_rbx { UNWIND_RBX_UNKNOWN, UNWIND_RBX_SAME };

/* Below rsp a function may still have data: a slice of a stack should begin so many bytes lower. */
#define UNWIND_RED_ZONE 128

enum unwind_mapping_kind {
	UNWIND_MAPPING_TABLE,   /* pages below are valid */
	UNWIND_MAPPING_PENDING, /* its table is being built: hand the sample to user space */
	UNWIND_MAPPING_JIT,     /* generated code: step by the frame pointer */
	UNWIND_MAPPING_NO_TABLE /* a file without unwind information: step by the frame pointer */
};

struct unwind_mapping {
	__u64 start, end;    /* addresses in the process */
	__u64 bias;          /* file address = address - bias */
	__u32 first_page;    /* of the module, in the page table */
	__u32 first_page_no; /* file address >> UNWIND_PAGE_SHIFT of that page */
	__u32 n_pages;
	__u32 kind; /* enum unwind_mapping_kind */
};

/* What a step, or a whole walk, came to. Up to UNWIND_JIT the reasons have the names and the order
 * of enum truncated_reason (model/accounting.h), beginning at UNWIND_DEPTH. */
enum unwind_result {
	UNWIND_CONTINUE, /* the walk is now in the caller */
	UNWIND_COMPLETE, /* this frame is the thread's first */
	UNWIND_DEPTH,    /* more frames than the caller of the walker wants */
	UNWIND_NO_TABLE,
	UNWIND_BAD_FRAME,
	UNWIND_MEMORY,
	UNWIND_SLICE,
	UNWIND_JIT,
	UNWIND_PENDING,  /* a table is being built: finish this walk in user space */
	UNWIND_UNMAPPED, /* no mapping that we know of covers the address: look again in user space;
			    if it stays so, UNWIND_BAD_FRAME */
	UNWIND_RESULTS
};

/* A process's mappings lie side by side; a change writes a new run and then this struct. */
struct unwind_process {
	__u32 first_mapping, n_mappings;
	__u32 flags;
	__u32 generation; /* the sampler's exec_id: of which of its programs these are */
};

/* A walk, between two of its steps (bpf/walk.h). */
struct unwind_walk {
	__u64 regs[UNWIND_REGS]; /* of the interrupted frame; good while `exact` */
	__u64 pc, sp, fp;
	__u32 exact; /* pc is an instruction that was to run next, not a return address */
	__u32 rbx;   /* regs[UNWIND_RBX] is good although the others are not */
	struct unwind_process process;
	struct unwind_mapping mapping; /* the last one that was found */
};

#endif
