/* sig_cpu: the handler of the CPU timers. */
#include "inproc/sig_cpu.h"

#include <errno.h>
#include <ucontext.h>

#include "inproc/sig_action.h"
#include "inproc/sig_ask.h"

struct sig_cpu_counts sig_cpu_counts;
static _Atomic(const struct sig_cpu_setup *) current;
static _Atomic uint32_t inside;

void sig_cpu_set(const struct sig_cpu_setup *setup)
{
	atomic_store(&current, setup);
}

int sig_cpu_quiet(void)
{
	return atomic_load(&inside) == 0;
}

void sig_cpu_after_fork(void)
{
	atomic_store(&inside, 0);
}

static void copy_registers(struct unwind_walk *walk, const ucontext_t *context)
{
	/* The order of enum unwind_reg is the kernel's, and so is that of gregs. */
	_Static_assert(
		(int)REG_R8 == (int)UNWIND_R8 && (int)REG_RIP == (int)UNWIND_RIP, "as gregs");
	for (int i = 0; i < UNWIND_REGS; i++)
		walk->regs[i] = (uint64_t)context->uc_mcontext.gregs[i];
}

/* The thread's block (TCB) lies at the top of the stack that pthread_create made for it. */
static uint64_t thread_block(void)
{
	return (uint64_t)__builtin_thread_pointer();
}

static void find_stack(struct sig_walk *walk, struct sig_cpu_thread *thread)
{
	walk->stack.high = atomic_load_explicit(&thread->high, memory_order_acquire);
	walk->stack.low = atomic_load_explicit(&thread->low, memory_order_relaxed);
	if (walk->stack.high || atomic_load_explicit(&thread->needs_stack, memory_order_relaxed))
		return;
	atomic_store_explicit(&thread->sp, walk->walk.regs[UNWIND_RSP], memory_order_relaxed);
	atomic_store_explicit(&thread->self, thread_block(), memory_order_relaxed);
	atomic_store_explicit(&thread->needs_stack, 1, memory_order_release);
}

static void take(const struct sig_cpu_setup *setup, struct sig_cpu_thread *thread, uint32_t weight,
	const ucontext_t *context)
{
	/* Clearing it would take as long as a third of the walk; all that is used is set. */
	struct sig_sample_request request __attribute__((uninitialized));
	struct sig_sample head = { .values = { weight }, .tid = thread->tid };

	request.place = NULL;
	request.tables = sig_tables_enter();
	if (!request.tables)
		goto leave;
	atomic_fetch_add_explicit(&sig_cpu_counts.attempted, weight, memory_order_relaxed);
	atomic_fetch_add_explicit(&thread->delivered, weight, memory_order_relaxed);
	copy_registers(&request.walk.walk, context);
	find_stack(&request.walk, thread);
	if (!sig_sample_put(setup->ring, &head, &request))
		atomic_fetch_add_explicit(&sig_cpu_counts.ring_full, weight, memory_order_relaxed);
leave:
	sig_tables_leave();
}

void sig_cpu_handle(int number, siginfo_t *info, void *context)
{
	uintptr_t value = (uintptr_t)info->si_value.sival_ptr;
	uint32_t row = (uint32_t)value, arming = (uint32_t)(value >> 32);
	const struct sig_cpu_setup *setup;
	int saved = errno;

	if (sig_ask_is_ours(info)) {
		sig_ask_handle(info, context);
	} else if (info->si_code == SI_TIMER && row < SIG_CPU_THREADS_MAX && arming) {
		atomic_fetch_add(&inside, 1);
		setup = atomic_load(&current);
		if (setup && row < setup->n_threads &&
			atomic_load_explicit(&setup->threads[row].arming, memory_order_acquire) ==
				arming)
			take(setup, &setup->threads[row], 1 + (uint32_t)info->si_overrun, context);
		atomic_fetch_sub(&inside, 1);
	} else {
		sig_action_forward(number, info, context);
	}
	errno = saved;
}
