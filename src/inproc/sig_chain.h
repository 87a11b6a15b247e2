/*
 * sig_chain: what the kernel wrote about its own stack, read by the thread that it wrote about.
 *
 * A perf event on one thread's CPU time writes a record each time that its period has passed, into
 * memory that this process maps. The thread itself takes the records out, in the handler of the
 * signal that comes with them. Async-signal-safe.
 *
 *   record:  | head: type, size | nanoseconds that the event has counted | n | n addresses |
 *
 * Among the addresses are marks, such as "what follows is the kernel's"; they are left out.
 */
#ifndef INPROC_SIG_CHAIN_H
#define INPROC_SIG_CHAIN_H

#include <stddef.h>
#include <stdint.h>

#define SIG_CHAIN_FRAMES_MAX 64
#define SIG_CHAIN_PAGE 4096u
#define SIG_CHAIN_DATA (2 * SIG_CHAIN_PAGE) /* bytes of records; in front of them lies one page */

struct sig_chain {
	uint64_t counted_ns;
	size_t n; /* kernel frames, leaf first; 0: the thread was not in the kernel */
	uint64_t frames[SIG_CHAIN_FRAMES_MAX];
};

/* Takes the oldest record out of the mapped event. 0 if there is none. */
int sig_chain_take(void *mapped, struct sig_chain *ret);

#endif
