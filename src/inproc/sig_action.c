/* sig_action: what the program itself wants of the signal that the library has taken. */
#include "inproc/sig_action.h"

#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define KERNEL_SIGSET 8
#define TRIES 1000

/* `turn` is odd while the action is being written. */
static struct {
	_Atomic int signal_number, owner;
	_Atomic uint32_t turn;
	struct sigaction action;
} taken;

static const struct sigaction standard;

static void set_mask(const void *mask, uint64_t *ret_old)
{
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, mask, ret_old, KERNEL_SIGSET);
}

/* Signals are blocked, so that a handler of this thread never waits for it. */
static void write_action(const struct sigaction *now)
{
	uint64_t all = UINT64_MAX, before = 0;
	uint32_t turn;

	set_mask(&all, &before);
	do {
		turn = atomic_load(&taken.turn) & ~1u;
	} while (!atomic_compare_exchange_weak(&taken.turn, &turn, turn + 1));
	__builtin_memcpy(&taken.action, now, sizeof(taken.action));
	atomic_store(&taken.turn, turn + 2);
	set_mask(&before, NULL);
}

/* A writer that a debugger stopped is not waited for. */
static void read_action(struct sigaction *ret)
{
	for (int i = 0; i < TRIES; i++) {
		uint32_t turn = atomic_load(&taken.turn);

		__builtin_memcpy(ret, (const void *)&taken.action, sizeof(*ret));
		atomic_thread_fence(memory_order_seq_cst);
		if (!(turn & 1) && atomic_load(&taken.turn) == turn)
			return;
	}
}

void sig_action_take(int signal_number, const struct sigaction *before)
{
	if (before || atomic_load(&taken.signal_number) != signal_number)
		write_action(before ? before : &standard);
	atomic_store(&taken.owner, getpid());
	atomic_store(&taken.signal_number, signal_number);
}

void sig_action_forget(void)
{
	atomic_store(&taken.signal_number, 0);
}

int sig_action_taken(int signal_number)
{
	return signal_number && atomic_load(&taken.signal_number) == signal_number &&
	       atomic_load(&taken.owner) == getpid();
}

void sig_action_swap(const struct sigaction *now, struct sigaction *ret_old)
{
	struct sigaction copy;

	if (now)
		__builtin_memcpy(&copy, now, sizeof(copy)); /* both may be one */
	if (ret_old)
		read_action(ret_old);
	if (now)
		write_action(&copy);
}

/* Where no more signals may be queued (RLIMIT_SIGPENDING), the kernel delivers a tick of ours
 * without saying whose it is. */
static int is_nobodys(const siginfo_t *info)
{
	return info->si_code == SI_USER && info->si_pid == 0 && info->si_uid == 0;
}

/* As without us. What the kernel sends for a timer of the program's before an exec is let pass. */
static void die(int signal_number, const siginfo_t *info)
{
	const struct {
		void (*handler)(int);
		unsigned long flags;
		void (*restorer)(void);
		uint64_t mask;
	} fatal = { SIG_DFL, 0, NULL, 0 };
	uint64_t none = 0;

	if (is_nobodys(info) || (info->si_code != SI_USER && info->si_code != SI_TKILL &&
					info->si_code != SI_QUEUE))
		return;
	syscall(SYS_rt_sigaction, signal_number, &fatal, NULL, KERNEL_SIGSET);
	syscall(SYS_tgkill, getpid(), (int)syscall(SYS_gettid), signal_number);
	set_mask(&none, NULL);
}

/* The signals that the program's handler is to run with blocked. */
static uint64_t mask_for(int signal_number, const struct sigaction *action, const void *context)
{
	uint64_t wanted, before;

	__builtin_memcpy(&wanted, &action->sa_mask, sizeof(wanted));
	__builtin_memcpy(&before, &((const ucontext_t *)context)->uc_sigmask, sizeof(before));
	if (!(action->sa_flags & SA_NODEFER))
		wanted |= UINT64_C(1) << (signal_number - 1);
	return wanted | before;
}

void sig_action_forward(int signal_number, siginfo_t *info, void *context)
{
	struct sigaction action = { .sa_handler = SIG_IGN };
	uint64_t mask;

	if (atomic_load(&taken.signal_number) != signal_number)
		return;
	read_action(&action);
	if (action.sa_handler == SIG_IGN)
		return;
	if (action.sa_handler == SIG_DFL) {
		die(signal_number, info);
		return;
	}
	if (action.sa_flags & (int)SA_RESETHAND)
		write_action(&standard);
	mask = mask_for(signal_number, &action, context);
	set_mask(&mask, NULL);
	if (action.sa_flags & SA_SIGINFO)
		action.sa_sigaction(signal_number, info, context);
	else
		action.sa_handler(signal_number);
}
