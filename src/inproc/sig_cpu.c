/* sig_cpu: the handler of the CPU timers. */
#include "inproc/sig_cpu.h"

#include <errno.h>
#include <stddef.h>
#include <ucontext.h>

#include "inproc/sig_context.h"

#define WORD sizeof(uint64_t)
#define HEAD_WORDS (offsetof(struct sig_cpu_sample, data) / WORD)
#define ATTRS_WORDS ((SIG_CONTEXT_ATTRS_MAX + WORD - 1) / WORD)
#define WORDS_MAX (HEAD_WORDS + SIG_CPU_FRAMES_MAX + ATTRS_WORDS)

_Static_assert(offsetof(struct sig_cpu_sample, data) % WORD == 0, "data lies on whole words");

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
	struct sig_walk walk = { .tables = &setup->tables, .memory = setup->memory };
	struct sig_context_copy copy;
	struct sig_cpu_sample *sample;
	size_t n_frames = 0;
	uint64_t at;
	int unmapped = 0;

	atomic_fetch_add_explicit(&sig_cpu_counts.attempted, weight, memory_order_relaxed);
	atomic_fetch_add_explicit(&thread->delivered, weight, memory_order_relaxed);
	sample = sig_ring_reserve(setup->ring, WORDS_MAX, &at);
	if (!sample) {
		atomic_fetch_add_explicit(&sig_cpu_counts.ring_full, weight, memory_order_relaxed);
		return;
	}
	copy_registers(&walk.walk, context);
	find_stack(&walk, thread);
	sample->result = (uint8_t)sig_walk_run(
		&walk, sample->data, SIG_CPU_FRAMES_MAX, &n_frames, &unmapped);
	sample->weight = weight;
	sample->tid = thread->tid;
	sample->generation = setup->generation;
	sample->n_frames = (uint16_t)n_frames;
	sample->attrs_size = 0;
	sample->has_context =
		(uint8_t)sig_context_copy(&copy, (uint8_t *)(sample->data + n_frames));
	if (sample->has_context) {
		__builtin_memcpy(sample->trace_id, copy.trace_id, sizeof(copy.trace_id));
		__builtin_memcpy(sample->span_id, copy.span_id, sizeof(copy.span_id));
		sample->attrs_size = copy.attrs_size;
	}
	if (unmapped)
		atomic_store_explicit(&sig_cpu_counts.unmapped, 1, memory_order_relaxed);
	sig_ring_commit(setup->ring, at,
		HEAD_WORDS + n_frames + (sample->attrs_size + WORD - 1) / WORD, WORDS_MAX);
}

void sig_cpu_handle(int number, siginfo_t *info, void *context)
{
	uintptr_t value = (uintptr_t)info->si_value.sival_ptr;
	uint32_t row = (uint32_t)value, arming = (uint32_t)(value >> 32);
	const struct sig_cpu_setup *setup;
	int saved = errno;

	(void)number;
	atomic_fetch_add(&inside, 1);
	setup = atomic_load(&current);
	if (setup && info->si_code == SI_TIMER && row < setup->n_threads && arming &&
		atomic_load_explicit(&setup->threads[row].arming, memory_order_acquire) == arming)
		take(setup, &setup->threads[row], 1 + (uint32_t)info->si_overrun, context);
	atomic_fetch_sub(&inside, 1);
	errno = saved;
}
