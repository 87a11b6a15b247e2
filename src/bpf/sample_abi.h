/*
 * sample_abi: what crosses from the sampling BPF program to user space.
 *
 * One record a sample, in a ring buffer:
 *
 *     struct sample_record | kernel frames | user frames | slice of the user stack
 *                            n_kernel * 8    n_user * 8     slice_bytes, from rsp upward
 *
 * Kernel frames are as the kernel gives them: the innermost first, then return addresses.
 * User frames are lookup addresses: the interrupted instruction, or the last byte of the call
 * that a return address follows. The slice is there when the walk could not be finished in the
 * kernel (SAMPLE_NO_PROCESS, SAMPLE_NO_MAPPING, SAMPLE_PENDING): user space then walks
 * again from `regs`, and the user frames are only what was seen so far.
 */
#ifndef BPF_SAMPLE_ABI_H
#define BPF_SAMPLE_ABI_H

#ifndef __bpf__
#include <linux/types.h>
#endif

#define SAMPLE_KERNEL_FRAMES_MAX 127u
#define SAMPLE_USER_FRAMES_MAX 1024u
#define SAMPLE_SLICE_MAX 65536u /* bytes; a power of two, whole pages */
#define SAMPLE_COMM_MAX 16u

/* How the user part of a stack ended. Everything up to SAMPLE_NO_USER is complete. */
enum sample_end {
	SAMPLE_END,     /* at the thread's start */
	SAMPLE_NO_USER, /* there is no user stack: a kernel thread, or a process being made or ended */
	SAMPLE_DEPTH,
	SAMPLE_NO_TABLE,
	SAMPLE_BAD_FRAME,
	SAMPLE_MEMORY,
	SAMPLE_JIT,
	SAMPLE_32_BIT,
	SAMPLE_NO_PROCESS, /* from here on the record has a slice */
	SAMPLE_NO_MAPPING,
	SAMPLE_PENDING,
	SAMPLE_ENDS
};

/* The order of `regs`: DWARF's numbers for x86-64; 16 is the instruction pointer. */
enum sample_register { SAMPLE_RBP = 6, SAMPLE_RSP = 7, SAMPLE_RIP = 16, SAMPLE_REGISTERS = 17 };

struct sample_record {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u32 pid, tid;
	char comm[SAMPLE_COMM_MAX]; /* of the thread */
	char process[SAMPLE_COMM_MAX]; /* of its first thread */
	__u16 n_kernel, n_user;
	__u8 end; /* enum sample_end */
	__u8 is_kernel_thread;
	__u16 cpu;
	__u32 slice_bytes;
	__u32 reserved;
	__u64 regs[SAMPLE_REGISTERS]; /* of user space; 0 without a user stack */
};

/* Per CPU; user space only reads. */
struct sample_counters {
	__u64 all_ticks;  /* every tick that arrived */
	__u64 idle_ticks; /* of these, those of an idle CPU */
	__u64 attempted;  /* of these, those of a target = sent + ring_full */
	__u64 sent;
	__u64 ring_full;
	__u64 late;      /* ticks that never came while a target ran: the CPU was taken from us */
	__u64 idle_late; /* the same while idle */
	__u64 all_late;
	__u64 targets_full; /* children that could not be followed: the table of targets is full */
	__u64 sliced;	    /* of sent, those with a slice */
	__u64 due_ns;	    /* when the last tick should have come */
};

#endif
