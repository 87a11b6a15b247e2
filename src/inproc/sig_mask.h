/*
 * sig_mask: the calling thread's blocked signals, without the C library.
 *
 * What a sample of a hook changes on its way must not be left half done: a handler of the program's
 * may siglongjmp away. So signals wait for its end; but for those that an instruction raises, which
 * would kill. Async-signal-safe; changes no errno.
 */
#ifndef INPROC_SIG_MASK_H
#define INPROC_SIG_MASK_H

#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>

#define SIG_MASK_BIT(number) (UINT64_C(1) << ((number)-1))
#define SIG_MASK_RAISED                                                        \
	(SIG_MASK_BIT(SIGSEGV) | SIG_MASK_BIT(SIGBUS) | SIG_MASK_BIT(SIGILL) | \
		SIG_MASK_BIT(SIGFPE) | SIG_MASK_BIT(SIGTRAP) | SIG_MASK_BIT(SIGSYS))

/* `ret_old` may be NULL. */
static inline void sig_mask_set(uint64_t mask, uint64_t *ret_old)
{
	register long size __asm__("r10") = sizeof(mask);
	long result;

	__asm__ volatile(
		"syscall"
		: "=a"(result)
		: "a"(SYS_rt_sigprocmask), "D"(SIG_SETMASK), "S"(&mask), "d"(ret_old), "r"(size)
		: "rcx", "r11", "memory");
}

/* Returns what sig_mask_release is to be given. */
static inline uint64_t sig_mask_hold(void)
{
	uint64_t before = 0;

	sig_mask_set(~SIG_MASK_RAISED, &before);
	return before;
}

static inline void sig_mask_release(uint64_t before)
{
	sig_mask_set(before, NULL);
}

#endif
