/* sig_ask: asks a thread for its stack, by a signal that it answers itself. */
#include "inproc/sig_ask.h"

#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { FREE, ASKED, ANSWERING, ANSWERED };

/* Number of the question in the high half, its state in the low one. */
static struct {
	_Atomic uint64_t state;
	struct sig_ask_answer answer;
} slots[SIG_ASK_SLOTS];

static uint32_t questions;

static uint64_t state_of(uint32_t question, unsigned state)
{
	return (uint64_t)question << 32 | state;
}

/* The number of a timer, of which the kernel has none below 0. */
static int timer_number(void)
{
	return -getpid();
}

/* Said to come from a timer, because those the kernel takes back when the thread goes on to another
 * program (exec), which a SIGPROF that is still on its way would kill. */
int sig_ask_send(pid_t tid, int signal_number)
{
	siginfo_t info = { .si_signo = signal_number, .si_code = SI_TIMER };

	for (int i = 0; i < SIG_ASK_SLOTS; i++) {
		if ((uint32_t)atomic_load(&slots[i].state) != FREE)
			continue;
		questions = questions + 1 ? questions + 1 : 1;
		info.si_timerid = timer_number();
		info.si_value.sival_ptr = (void *)((uintptr_t)questions << 32 | (uintptr_t)i);
		slots[i].answer.room.sample.tid = (uint32_t)tid;
		atomic_store(&slots[i].state, state_of(questions, ASKED));
		if (syscall(SYS_rt_tgsigqueueinfo, getpid(), tid, signal_number, &info) == 0)
			return i;
		atomic_store(&slots[i].state, state_of(questions, FREE));
		return -1;
	}
	return -1;
}

const struct sig_ask_answer *sig_ask_look(int slot)
{
	return (uint32_t)atomic_load(&slots[slot].state) == ANSWERED ? &slots[slot].answer : NULL;
}

bool sig_ask_free(int slot)
{
	uint64_t is = atomic_load(&slots[slot].state);

	return (uint32_t)is != ANSWERING &&
	       atomic_compare_exchange_strong(&slots[slot].state, &is, is >> 32 << 32 | FREE);
}

void sig_ask_after_fork(void)
{
	for (int i = 0; i < SIG_ASK_SLOTS; i++)
		atomic_store(&slots[i].state, 0);
}

static void answer(struct sig_ask_answer *into, const ucontext_t *context)
{
	struct sig_sample_request request = { .tables = sig_tables_enter() };
	static const struct sig_tables none;

	if (!request.tables)
		request.tables = &none;
	for (int i = 0; i < UNWIND_REGS; i++)
		request.walk.walk.regs[i] = (uint64_t)context->uc_mcontext.gregs[i];
	into->sp = request.walk.walk.regs[UNWIND_RSP];
	into->fp = request.walk.walk.regs[UNWIND_RBP];
	sig_sample_fill(&into->room.sample, &request);
	sig_tables_leave();
}

bool sig_ask_is_ours(const siginfo_t *info)
{
	uintptr_t value = (uintptr_t)info->si_value.sival_ptr;

	return info->si_code == SI_TIMER && info->si_timerid == timer_number() &&
	       (uint32_t)value < SIG_ASK_SLOTS && value >> 32;
}

void sig_ask_handle(const siginfo_t *info, const void *context)
{
	uintptr_t value = (uintptr_t)info->si_value.sival_ptr;
	uint32_t slot = (uint32_t)value, question = (uint32_t)(value >> 32);
	uint64_t asked = state_of(question, ASKED);

	if (slot >= SIG_ASK_SLOTS || !question ||
		!atomic_compare_exchange_strong(
			&slots[slot].state, &asked, state_of(question, ANSWERING)))
		return;
	answer(&slots[slot].answer, context);
	atomic_store(&slots[slot].state, state_of(question, ANSWERED));
}
