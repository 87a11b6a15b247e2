/* sig_cpu: the handler of the CPU timers. */
#include "inproc/sig_cpu.h"

#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "inproc/sig_action.h"
#include "inproc/sig_ask.h"
#include "inproc/sig_chain.h"

#define NS_PER_S UINT64_C(1000000000)

struct sig_cpu_counts sig_cpu_counts;
_Atomic uint32_t sig_cpu_rows;
__thread uintptr_t sig_cpu_mine __attribute__((tls_model("initial-exec")));
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

static void take(const struct sig_cpu_setup *setup, struct sig_cpu_thread *thread,
	const struct sig_sample *head, const struct sig_chain *chain, const ucontext_t *context)
{
	/* Clearing it would take as long as a third of the walk; all that is used is set. */
	struct sig_sample_request request __attribute__((uninitialized));
	uint32_t weight = (uint32_t)head->values[0];

	request.place = NULL;
	request.kernel = chain ? chain->frames : NULL;
	request.n_kernel = chain ? (uint8_t)chain->n : 0;
	request.tables = sig_tables_enter();
	if (!request.tables)
		goto leave;
	atomic_fetch_add_explicit(&sig_cpu_counts.attempted, weight, memory_order_relaxed);
	atomic_fetch_add_explicit(&thread->delivered, weight, memory_order_relaxed);
	copy_registers(&request.walk.walk, context);
	find_stack(&request.walk, thread);
	if (!sig_sample_put(setup->ring, head, &request))
		atomic_fetch_add_explicit(&sig_cpu_counts.ring_full, weight, memory_order_relaxed);
leave:
	sig_tables_leave();
}

static int is_armed(const struct sig_cpu_setup *setup, uintptr_t value)
{
	uint32_t row = (uint32_t)value, arming = (uint32_t)(value >> 32);

	return arming && row < setup->n_threads &&
	       atomic_load_explicit(&setup->threads[row].arming, memory_order_acquire) == arming;
}

static void take_expiry(const siginfo_t *info, const ucontext_t *context)
{
	uintptr_t value = (uintptr_t)info->si_value.sival_ptr;
	const struct sig_cpu_setup *setup;

	atomic_fetch_add(&inside, 1);
	setup = atomic_load(&current);
	if (setup && is_armed(setup, value)) {
		struct sig_cpu_thread *thread = &setup->threads[(uint32_t)value];
		struct sig_sample head = { .values = { 1 + (uint32_t)info->si_overrun },
			.tid = thread->tid };

		take(setup, thread, &head, NULL, context);
	}
	atomic_fetch_sub(&inside, 1);
}

void sig_cpu_handle(int number, siginfo_t *info, void *context)
{
	uintptr_t value = (uintptr_t)info->si_value.sival_ptr;
	int saved = errno;

	if (sig_ask_is_ours(info))
		sig_ask_handle(info, context);
	else if (info->si_code == SI_TIMER && (uint32_t)value < SIG_CPU_THREADS_MAX && value >> 32)
		take_expiry(info, context);
	else
		sig_action_forward(number, info, context);
	errno = saved;
}

/* The calling thread's row; NULL if it has none. */
static struct sig_cpu_thread *find_own(const struct sig_cpu_setup *setup)
{
	uint32_t n = atomic_load(&sig_cpu_rows), tid;

	if (is_armed(setup, sig_cpu_mine))
		return &setup->threads[(uint32_t)sig_cpu_mine];
	tid = (uint32_t)syscall(SYS_gettid);
	for (uint32_t row = 0; row < n && row < setup->n_threads; row++) {
		uint32_t arming = atomic_load(&setup->threads[row].arming);

		if (arming && setup->threads[row].tid == tid) {
			sig_cpu_mine = (uintptr_t)sig_cpu_value(row, arming);
			return &setup->threads[row];
		}
	}
	return NULL;
}

/* How many periods have passed since the record before. */
static uint32_t charge(
	const struct sig_cpu_setup *setup, struct sig_cpu_thread *thread, uint64_t counted_ns)
{
	uint64_t due = (counted_ns + thread->ahead_ns) / setup->period_ns;
	uint64_t more = due > thread->charged ? due - thread->charged : 0;

	thread->charged += more;
	return (uint32_t)more;
}

/* For the next record; this one's time is over by some microseconds. */
static void follow_clock(struct sig_cpu_thread *thread, uint64_t counted_ns)
{
	struct timespec now;
	uint64_t all_ns;

	if (syscall(SYS_clock_gettime, CLOCK_THREAD_CPUTIME_ID, &now) < 0)
		return;
	all_ns = (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec - thread->base_ns;
	if ((int64_t)(all_ns - counted_ns) > 0)
		thread->ahead_ns = all_ns - counted_ns;
}

static void take_records(
	const struct sig_cpu_setup *setup, struct sig_cpu_thread *thread, const ucontext_t *context)
{
	void *event = atomic_load(&thread->event);
	struct sig_chain chain;
	uint64_t counted_ns = 0;

	while (event && sig_chain_take(event, &chain)) {
		struct sig_sample head = { .values = { charge(setup, thread, chain.counted_ns) },
			.tid = thread->tid,
			.kind = SIG_CPU_BY_EVENT };

		counted_ns = chain.counted_ns;
		if (head.values[0])
			take(setup, thread, &head, &chain, context);
	}
	if (counted_ns)
		follow_clock(thread, counted_ns);
}

/* A signal of a socket's, or of somebody's, changes nothing by default: it is let go. */
void sig_cpu_handle_event(int number, siginfo_t *info, void *context)
{
	const struct sig_cpu_setup *setup;
	struct sig_cpu_thread *thread;
	int saved = errno;

	atomic_fetch_add(&inside, 1);
	setup = atomic_load(&current);
	thread = setup && info->si_code == POLL_IN ? find_own(setup) : NULL;
	if (thread)
		take_records(setup, thread, context);
	atomic_fetch_sub(&inside, 1);
	errno = saved;
}
