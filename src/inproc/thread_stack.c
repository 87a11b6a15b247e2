/* thread_stack: the stack of any thread of this process, disturbing it as little as possible. */
#include "inproc/thread_stack.h"

#include "inproc/quiet_walk.h"
#include "inproc/sig_ask.h"

void thread_stack_init(struct thread_stack *thread, pid_t tid)
{
	*thread = (struct thread_stack){ .tid = tid, .slot = -1 };
}

void thread_stack_describe(const struct thread_stack_counts *counts, struct buf *out)
{
	buf_add_format(out, " quiet=%llu asked=%llu delicate=%llu put_off=%llu refused=%llu",
		(unsigned long long)counts->quiet, (unsigned long long)counts->asked,
		(unsigned long long)counts->delicate, (unsigned long long)counts->put_off,
		(unsigned long long)counts->refused);
}

/* The clock of a thread on a CPU goes on between two readings of it. */
static bool is_on_a_cpu(const struct thread_stack *thread)
{
	uint64_t before = thread_look_cpu_ns(thread->tid);

	return thread_look_cpu_ns(thread->tid) > before;
}

static uint64_t known_fp(const struct thread_stack *thread)
{
	for (unsigned i = 0; i < THREAD_STACK_PLACES; i++)
		if (thread->places[i].pc == thread->look.pc &&
			thread->places[i].sp == thread->look.sp)
			return thread->places[i].fp;
	return 0;
}

static void learn(struct thread_stack *thread, const struct sig_ask_answer *answer)
{
	unsigned at = thread->n_places % THREAD_STACK_PLACES;

	if (thread->look.state != THREAD_LOOK_WAITING || answer->sp != thread->look.sp)
		return;
	thread->places[at].pc = thread->look.pc;
	thread->places[at].sp = thread->look.sp;
	thread->places[at].fp = answer->fp;
	thread->n_places++;
}

enum thread_stack_result thread_stack_begin(
	struct thread_stack *thread, struct thread_stack_way *way, const struct sig_sample **ret)
{
	static union sig_sample_room room;

	thread_look_at(thread->tid, &thread->look);
	if (thread->look.state == THREAD_LOOK_GONE)
		return THREAD_STACK_GONE;
	if (quiet_walk_run(
		    way->memory, thread->tid, &thread->look, known_fp(thread), &room.sample)) {
		way->counts.quiet++;
		thread->put_off = false;
		*ret = &room.sample;
		return THREAD_STACK_TAKEN;
	}
	if (thread->look.state == THREAD_LOOK_RUNNING && !thread->put_off && !is_on_a_cpu(thread)) {
		thread->put_off = true;
		way->counts.put_off++;
		return THREAD_STACK_LATER;
	}
	thread->put_off = false;
	if (!thread_look_takes(thread->tid, way->signal_number) ||
		(thread->slot = sig_ask_send(thread->tid, way->signal_number)) < 0) {
		way->counts.refused++;
		return THREAD_STACK_REFUSED;
	}
	way->counts.asked++;
	way->counts.delicate += thread_look_is_delicate(&thread->look);
	return THREAD_STACK_ASKED;
}

const struct sig_sample *thread_stack_answer(struct thread_stack *thread)
{
	const struct sig_ask_answer *answer = thread->slot < 0 ? NULL : sig_ask_look(thread->slot);

	if (!answer)
		return NULL;
	learn(thread, answer);
	return &answer->room.sample;
}

bool thread_stack_end(struct thread_stack *thread)
{
	if (thread->slot >= 0 && !sig_ask_free(thread->slot))
		return false;
	thread->slot = -1;
	return true;
}
