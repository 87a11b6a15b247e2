/* hook_signal: sigaction and signal, so that a program cannot take our signal away. */
#include "inproc/hook_signal.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdint.h>

#include "inproc/hook_real.h"
#include "inproc/sig_action.h"
#include "inproc/sig_cpu.h"
#include "inproc/sig_mask.h"

#define PUBLIC HOOK_REAL_PUBLIC

typedef int action_function(int, const struct sigaction *, struct sigaction *);
typedef sighandler_t signal_function(int, sighandler_t);

/* The C library's other name for it, which is there in a program that is linked statically, too. */
int __sigaction(int number, const struct sigaction *now, struct sigaction *ret_old);
sighandler_t __sysv_signal(int number, sighandler_t handler);

static _Atomic(action_function *) next_action;
static _Atomic(signal_function *) next_signal, next_sysv;

static action_function *find_action(void)
{
	action_function *found = atomic_load_explicit(&next_action, memory_order_relaxed);

	if (!found) {
		found = (action_function *)dlsym(RTLD_NEXT, "sigaction");
		found = found ? found : __sigaction;
		atomic_store_explicit(&next_action, found, memory_order_relaxed);
	}
	return found;
}

/* Before threads are there, and before somebody asks in a signal handler. */
__attribute__((constructor(101))) static void find_all(void)
{
	find_action();
	atomic_store(&next_signal, (signal_function *)dlsym(RTLD_NEXT, "signal"));
	atomic_store(&next_sysv, (signal_function *)dlsym(RTLD_NEXT, "__sysv_signal"));
}

int hook_signal_action(int number, const struct sigaction *now, struct sigaction *ret_old)
{
	return find_action()(number, now, ret_old);
}

/* In the child of a fork ours is still there, but no longer taken. */
static void translate(struct sigaction *old)
{
	if (old && (old->sa_flags & SA_SIGINFO) && old->sa_sigaction == sig_cpu_handle)
		sig_action_swap(NULL, old);
}

PUBLIC int sigaction(int number, const struct sigaction *now, struct sigaction *ret_old)
{
	int rc;

	if (now)
		sig_mask_note(number, now->sa_handler);
	if (sig_action_taken(number)) {
		sig_action_swap(now, ret_old);
		return 0;
	}
	rc = hook_signal_action(number, now, ret_old);
	if (rc == 0)
		translate(ret_old);
	return rc;
}

static sighandler_t set(int number, sighandler_t handler, int flags)
{
	struct sigaction now = { .sa_handler = handler, .sa_flags = flags }, old;

	sigemptyset(&now.sa_mask);
	if (!(flags & SA_NODEFER))
		sigaddset(&now.sa_mask, number);
	return sigaction(number, &now, &old) < 0 ? SIG_ERR : old.sa_handler;
}

/* What the next library has, for its siginterrupt; ours where that does not matter. */
static sighandler_t set_by(signal_function *next, int number, sighandler_t handler, int flags)
{
	struct sigaction old;
	sighandler_t before;

	if (!next || sig_action_taken(number))
		return set(number, handler, flags);
	sig_mask_note(number, handler);
	before = next(number, handler);
	if (before != (sighandler_t)(uintptr_t)sig_cpu_handle)
		return before;
	sig_action_swap(NULL, &old);
	return old.sa_handler;
}

PUBLIC sighandler_t signal(int number, sighandler_t handler)
{
	return set_by(atomic_load(&next_signal), number, handler, SA_RESTART);
}

PUBLIC sighandler_t __sysv_signal(int number, sighandler_t handler)
{
	return set_by(atomic_load(&next_sysv), number, handler, (int)SA_RESETHAND | SA_NODEFER);
}
