/*
 * sample_abi: what crosses from the sampling BPF program to user space.
 *
 * One record a sample, in a ring buffer:
 *
 *     struct sample_record | kernel frames | user frames | slice of the user stack   | context
 *                            n_kernel * 8    n_user * 8     slice_bytes, from rsp up context_bytes
 *
 * Kernel frames are as the kernel gives them: the innermost first, then return addresses.
 * User frames are what unwind_frame_address() gives: the interrupted instruction, or the last
 * byte of the call before a return address. If the walk needs what only user space has
 * (UNWIND_PENDING, UNWIND_UNMAPPED, SAMPLE_NO_PROCESS), the record has the slice, which begins a
 * red zone below the stack pointer of the frame where the walk stopped, and user space goes on
 * from there. The context is what the thread says that it works on (sampler/thread_record.h), of
 * processes for which there is a sample_context_place.
 */
#ifndef BPF_SAMPLE_ABI_H
#define BPF_SAMPLE_ABI_H

#include "bpf/unwind_abi.h"

#define SAMPLE_KERNEL_FRAMES_MAX 127u
#define SAMPLE_USER_FRAMES_MAX 1024u
#define SAMPLE_SLICE_MAX 65536u /* bytes; a power of two, whole pages */
#define SAMPLE_COMM_MAX 16u
#define SAMPLE_CONTEXT_HEAD 28u /* bytes, of which … */
#define SAMPLE_CONTEXT_VALID 24u
#define SAMPLE_CONTEXT_SIZE 26u            /* … of the attributes that follow */
#define SAMPLE_CONTEXT_ATTRIBUTES_MAX 612u /* bytes */

/* How the user part of a stack ended: an enum unwind_result, or one of these. */
enum sample_end {
	SAMPLE_NO_USER = UNWIND_RESULTS, /* there is no user stack: a kernel thread, or a process
					    in the middle of exec or exit. Nothing is missing. */
	SAMPLE_32_BIT,                   /* a 32-bit program: we have no tables for those */
	SAMPLE_NO_PROCESS, /* a process whose mappings the kernel side does not know */
	SAMPLE_ENDS
};

struct sample_record {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u32 pid, tid;
	__u32 exec_id; /* changes when the process starts another program */
	__u32 slice_bytes;
	char comm[SAMPLE_COMM_MAX];    /* of the thread */
	char process[SAMPLE_COMM_MAX]; /* the same of its first thread */
	__u16 n_kernel, n_user;
	__u8 end;     /* enum unwind_result or sample_end */
	__u8 in_exec; /* the program is being replaced: its stack may be gone already */
	__u16 context_bytes;
	__u32 exact, rbx; /* from here on: struct unwind_walk, where the walk stopped */
	__u32 reserved2;
	__u64 pc, sp, fp;
	__u64 regs[UNWIND_REGS]; /* 0 unless exact or rbx */
	__u64 slice_at;          /* the address of the slice */
};

/* Where the threads of a process keep the address of their context. */
struct sample_context_place {
	__s64 tls_offset; /* from the thread pointer */
	__u32 exec_id;    /* of the program that it holds for */
	__u32 reserved;
};

/* Per CPU; user space only reads. */
struct sample_counters {
	__u64 all_ticks;  /* every tick that arrived */
	__u64 idle_ticks; /* of these, those of an idle CPU */
	__u64 attempted;  /* of these, those of a target = sent + ring_full */
	__u64 sent;
	__u64 ring_full;
	__u64 late;      /* ticks that never came while a target ran: the CPU was taken from us */
	__u64 idle_late; /* the same while idle, which a CPU may spend without a tick */
	__u64 all_late;
	__u64 targets_full; /* children that could not be followed: the table of targets is full */
	__u64 sliced;       /* of sent, those with a slice */
	__u64 due_ns;       /* when the last tick should have come */
	__u64 ran_tid;      /* the thread that it came to, and how often that had slept */
	__u64 ran_sleeps;
};

#endif
