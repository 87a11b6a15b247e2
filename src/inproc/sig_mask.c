/* sig_mask: the calling thread's blocked signals, and whether the program handles any. */
#include "inproc/sig_mask.h"

#include <stddef.h>

#define SIGNALS 64

_Atomic uint32_t sig_mask_has_handlers;

static struct {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
} none;

/* Between these lie the C library's own, which jump nowhere. */
#define LAST_STANDARD 31
#define FIRST_REALTIME 34

static int may_jump(int number)
{
	return (number >= 1 && number <= LAST_STANDARD &&
		       !(SIG_MASK_BIT(number) & SIG_MASK_RAISED)) ||
	       (number >= FIRST_REALTIME && number <= SIGNALS);
}

void sig_mask_note(int number, sighandler_t handler)
{
	if (may_jump(number) && handler != SIG_DFL && handler != SIG_IGN && handler != SIG_ERR)
		atomic_store_explicit(&sig_mask_has_handlers, 1, memory_order_relaxed);
}

/* Past our own hooks: what somebody sets there is noted by them. */
void sig_mask_look(sighandler_t ours)
{
	for (int number = 1; number <= SIGNALS; number++) {
		__typeof__(none) action = none;
		register long size __asm__("r10") = sizeof(action.mask);
		long result;

		__asm__ volatile(
			"syscall"
			: "=a"(result)
			: "a"(SYS_rt_sigaction), "D"(number), "S"(NULL), "d"(&action), "r"(size)
			: "rcx", "r11", "memory");
		if (result == 0 && action.handler != ours)
			sig_mask_note(number, action.handler);
	}
}
