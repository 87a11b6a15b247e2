/* sig_action: what the program itself wants of the signal that the library has taken. */
#include "inproc/sig_action.h"

#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include "inproc/sig_mask.h"

#define KERNEL_SIGSET 8
#define TRIES 1000000

/* Of the two actions the one that `turn` names, by its lowest bit, is whole; the other one is
 * written next. */
static struct {
	_Atomic int signal_number, owner;
	_Atomic uint32_t turn;
	_Atomic uint32_t writing;
	struct sigaction actions[2];
} taken;

static const struct sigaction standard;

/* One writer at a time, with signals blocked, so that no handler of its thread waits for it. The
 * writer may be gone, in a child that was made by a bare clone: it is not waited for without end.
 */
static void write_action(const struct sigaction *now)
{
	uint64_t before = sig_mask_hold();
	uint32_t turn, nobody = 0;

	for (int i = 0; i < TRIES && !atomic_compare_exchange_weak(&taken.writing, &nobody, 1); i++)
		nobody = 0;
	turn = atomic_load(&taken.turn);
	__builtin_memcpy(&taken.actions[(turn + 1) & 1], now, sizeof(*now));
	atomic_store(&taken.turn, turn + 1);
	atomic_store(&taken.writing, 0);
	sig_mask_release(before);
}

/* Again only where two were written meanwhile. */
static void read_action(struct sigaction *ret)
{
	uint32_t turn;

	do {
		turn = atomic_load(&taken.turn);
		__builtin_memcpy(ret, (const void *)&taken.actions[turn & 1], sizeof(*ret));
		atomic_thread_fence(memory_order_seq_cst);
	} while (atomic_load(&taken.turn) != turn);
}

/* What was being written stays as it was. */
void sig_action_after_fork(void)
{
	atomic_store(&taken.writing, 0);
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

	if (is_nobodys(info) || (info->si_code != SI_USER && info->si_code != SI_TKILL &&
					info->si_code != SI_QUEUE))
		return;
	syscall(SYS_rt_sigaction, signal_number, &fatal, NULL, KERNEL_SIGSET);
	syscall(SYS_tgkill, getpid(), (int)syscall(SYS_gettid), signal_number);
	sig_mask_set(0, NULL);
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
	sig_mask_set(mask, NULL);
	if (action.sa_flags & SA_SIGINFO)
		action.sa_sigaction(signal_number, info, context);
	else
		action.sa_handler(signal_number);
}
