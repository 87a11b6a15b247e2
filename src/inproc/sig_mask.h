/*
 * sig_mask: the calling thread's blocked signals, without the C library.
 *
 * What a sample of a hook changes on its way must not be left half done: a handler of the program's
 * may siglongjmp away. So signals wait for its end, where the program has handlers at all; but for
 * those that an instruction raises, which would kill. Async-signal-safe; changes no errno.
 */
#ifndef INPROC_SIG_MASK_H
#define INPROC_SIG_MASK_H

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>

#define SIG_MASK_BIT(number) (UINT64_C(1) << ((number)-1))
#define SIG_MASK_RAISED                                                        \
	(SIG_MASK_BIT(SIGSEGV) | SIG_MASK_BIT(SIGBUS) | SIG_MASK_BIT(SIGILL) | \
		SIG_MASK_BIT(SIGFPE) | SIG_MASK_BIT(SIGTRAP) | SIG_MASK_BIT(SIGSYS))

#define SIG_MASK_NOT_HELD SIG_MASK_BIT(SIGKILL) /* which no mask ever has */

extern _Atomic uint32_t sig_mask_has_handlers;

/* The program sets a handler, or takes it back. */
void sig_mask_note(int number, sighandler_t handler);

/* Whether it had set one before it could be noted; `ours` does not count. */
void sig_mask_look(sighandler_t ours);

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

/* The same if there are handlers. */
static inline uint64_t sig_mask_hold_handlers(void)
{
	if (__builtin_expect(
		    !atomic_load_explicit(&sig_mask_has_handlers, memory_order_relaxed), 1))
		return SIG_MASK_NOT_HELD;
	return sig_mask_hold();
}

static inline void sig_mask_release(uint64_t before)
{
	if (before != SIG_MASK_NOT_HELD)
		sig_mask_set(before, NULL);
}

#endif
