/* remote_walk: walks the stack of a stopped thread of another process, reading its memory. */
#ifndef TESTS_REMOTE_WALK_H
#define TESTS_REMOTE_WALK_H

#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "unwind/stackwalk.h"

struct remote_walk {
	struct unwind_walk walk; /* first */
	const struct stackwalk_tables *tables;
	pid_t pid;
};

static inline int unwind_read(struct unwind_walk *w, __u64 address, void *into, __u32 size)
{
	struct iovec local = { into, size }, remote = { (void *)address, size };

	return process_vm_readv(((struct remote_walk *)w)->pid, &local, 1, &remote, 1, 0) == size
		       ? 0
		       : UNWIND_MEMORY;
}

static inline const struct unwind_mapping *unwind_mapping_at(struct unwind_walk *w, __u32 index)
{
	return &((struct remote_walk *)w)->tables->mappings[index];
}

static inline const struct unwind_page *unwind_page_at(struct unwind_walk *w, __u32 index)
{
	return &((struct remote_walk *)w)->tables->pages[index];
}

static inline const struct unwind_rule *unwind_rule_at(struct unwind_walk *w, __u32 index)
{
	return &((struct remote_walk *)w)->tables->rules[index];
}

static inline const struct unwind_row *unwind_shard_at(struct unwind_walk *w, __u32 index)
{
	return ((struct remote_walk *)w)->tables->shards[index];
}

#include "bpf/walk.h"

static inline void remote_regs(pid_t tid, struct unwind_walk *walk)
{
	struct user_regs_struct r;

	memset(&r, 0, sizeof(r));
	ptrace(PTRACE_GETREGS, tid, 0, &r);
	memcpy(walk->regs,
		(const uint64_t[UNWIND_REGS]){ r.r8, r.r9, r.r10, r.r11, r.r12, r.r13, r.r14, r.r15,
			r.rdi, r.rsi, r.rbp, r.rbx, r.rdx, r.rax, r.rcx, r.rsp, r.rip },
		sizeof(walk->regs));
}

/* Stops the thread, walks its stack, lets it go on; UNWIND_CONTINUE if it is gone. */
static inline enum unwind_result remote_walk(pid_t tid, const struct stackwalk_tables *tables,
	uint64_t *frames, size_t max, size_t *ret_n)
{
	struct remote_walk r = { .tables = tables, .pid = tid };
	int result = UNWIND_CONTINUE, status;

	*ret_n = 0;
	if (ptrace(PTRACE_SEIZE, tid, 0, 0) < 0)
		return UNWIND_CONTINUE;
	ptrace(PTRACE_INTERRUPT, tid, 0, 0);
	if (waitpid(tid, &status, __WALL) == tid && WIFSTOPPED(status)) {
		remote_regs(tid, &r.walk);
		r.walk.process = (struct unwind_process){ .n_mappings = tables->n_mappings };
		unwind_start(&r.walk);
		do {
			frames[(*ret_n)++] = unwind_frame_address(&r.walk);
			result = unwind_step(&r.walk);
		} while (result == UNWIND_CONTINUE && *ret_n < max);
	}
	ptrace(PTRACE_DETACH, tid, 0, 0);
	return result == UNWIND_CONTINUE && *ret_n ? UNWIND_DEPTH : (enum unwind_result)result;
}

#endif
