/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kernel: the few kernel types our BPF programs touch, by hand.
 *
 * The structs have only the members we read; their offsets are corrected for the running kernel
 * when the program is loaded (CO-RE). Constants are the kernel's user-space ABI.
 */
#ifndef BPF_KERNEL_H
#define BPF_KERNEL_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;
typedef _Bool bool;

#define true 1
#define false 0

enum {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_ARRAY_OF_MAPS = 12,
	BPF_MAP_TYPE_RINGBUF = 27,
};

enum { BPF_ANY = 0, BPF_RB_NO_WAKEUP = 1, BPF_RB_FORCE_WAKEUP = 2, BPF_RB_AVAIL_DATA = 0 };

enum { BPF_F_MMAPABLE = 1 << 10, BPF_F_INNER_MAP = 1 << 12, BPF_F_NO_PREALLOC = 1 };

#define PF_KTHREAD 0x00200000
#define USER_CS_32 0x23 /* the code segment of 32-bit programs */
#define SYSCALL_EXECVE 59
#define SYSCALL_EXECVEAT 322

struct pt_regs {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax;
	unsigned long ip, cs, flags, sp, ss;
} __attribute__((preserve_access_index));

/* The context of a perf_event program: its own ABI, never relocated. */
struct bpf_perf_event_data {
	struct {
		unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
		unsigned long orig_ax, ip, cs, flags, sp, ss;
	} regs;
	__u64 sample_period;
	__u64 addr;
};

struct mm_struct {
	unsigned long start_stack;
} __attribute__((preserve_access_index));

struct thread_struct {
	unsigned long fsbase; /* the thread pointer of user space */
} __attribute__((preserve_access_index));

struct task_struct {
	unsigned int flags;
	int pid, tgid;
	struct mm_struct *mm;
	struct task_struct *group_leader;
	unsigned long long self_exec_id; /* counts the programs it has been */
	unsigned long nvcsw;             /* how often it went to sleep of its own accord */
	char comm[16];
	struct thread_struct thread;
} __attribute__((preserve_access_index));

#endif
