/*
 * thread_look: what the kernel says of another thread of this process: whether it waits, and where.
 *
 * /proc/self/task/TID/syscall has, of a thread that waits, its stack pointer and the address it
 * will return to: so its stack can be walked without disturbing it.
 */
#ifndef INPROC_THREAD_LOOK_H
#define INPROC_THREAD_LOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum thread_look_state {
	THREAD_LOOK_GONE,
	THREAD_LOOK_RUNNING, /* on a CPU, or ready for one */
	THREAD_LOOK_WAITING,
	THREAD_LOOK_STATES
};

struct thread_look {
	enum thread_look_state state;
	long call; /* number of the system call it waits in, -1 = none */
	uint64_t arguments[6];
	uint64_t sp, pc;
};

/* RUNNING also if the kernel does not say. */
void thread_look_at(pid_t tid, struct thread_look *ret);

/* The same from the text of the file. */
void thread_look_parse(const char *text, struct thread_look *ret);

/* Whether a signal whose handler has SA_RESTART makes the call it waits in fail with EINTR, or end
 * early: signal(7). */
bool thread_look_is_delicate(const struct thread_look *look);

/* Whether it takes the signal: it is not blocked, and the thread is there. */
bool thread_look_takes(pid_t tid, int signal_number);

/* Its name; "" if it is gone. */
void thread_look_name(pid_t tid, char name[16]);

/* The CPU time it has used; 0 if it is gone. */
uint64_t thread_look_cpu_ns(pid_t tid);

#endif
