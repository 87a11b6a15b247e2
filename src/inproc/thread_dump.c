/* thread_dump: one stack of every thread, now. */
#include "inproc/thread_dump.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "inproc/cpu_threads.h"
#include "inproc/own_profile.h"
#include "inproc/own_threads.h"
#include "inproc/quiet_walk.h"
#include "inproc/sig_ask.h"
#include "inproc/thread_stack.h"
#include "inproc/walk_tables.h"
#include "proc/procfs.h"

#define WAIT_NS ((uint64_t)THREAD_DUMP_WAIT_MS * 1000000)

struct dump {
	struct own_profile own;
	struct thread_stack_way way;
	struct thread_stack asked[SIG_ASK_SLOTS];
	size_t n_asked, n_silent;
	uint64_t until_ns;
};

static const char *const states[THREAD_LOOK_STATES] = { "gone", "running", "waiting" };

static void add(struct dump *dump, const struct thread_stack *thread, uint32_t stack,
	struct own_profile_context context)
{
	const int64_t one = 1;
	char name[16];
	struct own_profile_extra extra[2];

	thread_look_name(thread->tid, name);
	extra[0] = (struct own_profile_extra){ VIEW("thread"), view_of(name) };
	extra[1] = (struct own_profile_extra){ VIEW("state"), view_of(states[thread->look.state]) };
	context.extra = extra;
	context.n_extra = 2;
	profile_add(dump->own.profile, stack, own_profile_labels(&dump->own, &context), &one);
	dump->own.profile->accounting.attempted++;
	dump->own.profile->accounting.complete++;
}

static void add_sample(
	struct dump *dump, const struct thread_stack *thread, const struct sig_sample *sample)
{
	add(dump, thread, own_profile_stack_of(&dump->own, sample), own_profile_context_of(sample));
}

/* A thread that blocks the signal, or that gets no CPU: it counts, but where it is nobody knows. */
static void add_silent(struct dump *dump, const struct thread_stack *thread)
{
	struct profile *profile = dump->own.profile;

	dump->n_silent++;
	add(dump, thread,
		profile_push(profile, STACK_EMPTY, profile_named(profile, VIEW("[no answer]"))),
		(struct own_profile_context){ 0 });
}

/* Takes the answers that came; waits for at least one if all slots are taken. */
static void collect(struct dump *dump, bool all)
{
	const struct timespec pause = { .tv_nsec = 200000 };

	while (dump->n_asked) {
		bool late = clock_monotonic_ns() > dump->until_ns;
		size_t kept = 0;

		for (size_t i = 0; i < dump->n_asked; i++) {
			struct thread_stack *thread = &dump->asked[i];
			const struct sig_sample *sample = thread_stack_answer(thread);

			if (sample)
				add_sample(dump, thread, sample);
			else if (late)
				add_silent(dump, thread);
			if (!(sample || late) || !thread_stack_end(thread))
				dump->asked[kept++] = *thread;
		}
		if (late || (!all && kept < SIG_ASK_SLOTS)) {
			dump->n_asked = late ? 0 : kept;
			return;
		}
		dump->n_asked = kept;
		nanosleep(&pause, NULL);
	}
}

static void visit(struct dump *dump, pid_t tid)
{
	const struct sig_sample *sample;
	struct thread_stack thread;
	enum thread_stack_result result;

	thread_stack_init(&thread, tid);
	result = thread_stack_begin(&thread, &dump->way, &sample);
	if (result == THREAD_STACK_LATER)
		result = thread_stack_begin(&thread, &dump->way, &sample);
	switch (result) {
	case THREAD_STACK_TAKEN:
		add_sample(dump, &thread, sample);
		break;
	case THREAD_STACK_ASKED:
		dump->asked[dump->n_asked++] = thread;
		break;
	case THREAD_STACK_REFUSED:
		add_silent(dump, &thread);
		break;
	case THREAD_STACK_LATER:
	case THREAD_STACK_GONE:
		break;
	}
	if (dump->n_asked == SIG_ASK_SLOTS)
		collect(dump, false);
}

static int visit_all(struct dump *dump, struct err *err)
{
	struct profile *profile = dump->own.profile;
	BUF_AUTO line = { 0 };
	pid_t *tids;
	size_t n;
	int rc = procfs_threads(getpid(), &tids, &n, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < n && i < THREAD_DUMP_MAX; i++)
		if (tids[i] != gettid() && !own_threads_have(tids[i]))
			visit(dump, tids[i]);
	free(tids);
	collect(dump, true);
	buf_add_format(&line, "flyover.threads threads=%zu silent=%zu", n - 1, dump->n_silent);
	thread_stack_describe(&dump->way.counts, &line);
	if (!line.failed)
		profile_comment(profile, buf_view(&line));
	return 0;
}

static int dump_all(struct dump *dump, struct err *err)
{
	struct profile *profile = dump->own.profile;
	int rc;

	profile_add_type(profile, VIEW("threads"), VIEW("count"), NULL);
	profile->period_type.type = profile_string(profile, VIEW("threads"));
	profile->period_type.unit = profile_string(profile, VIEW("count"));
	profile->period = 1;
	profile->time_ns = (int64_t)clock_realtime_ns();
	profile->accounting = (struct accounting){ .known = true };
	dump->until_ns = clock_monotonic_ns() + WAIT_NS;
	dump->way.memory = quiet_walk_open();
	rc = visit_all(dump, err);
	if (dump->way.memory >= 0)
		close(dump->way.memory);
	return rc < 0 ? rc : own_profile_name(&dump->own, err);
}

int thread_dump_take(struct profile **ret, struct err *err)
{
	static struct dump dump; /* large; the engine's thread alone comes here */
	int rc = cpu_threads_claim(SIGPROF, err);

	if (rc == 0)
		rc = walk_tables_use(err);
	if (rc < 0)
		return rc;
	dump = (struct dump){ .way = { .signal_number = SIGPROF } };
	rc = own_profile_init(&dump.own, walk_tables_space(), err);
	if (rc == 0)
		rc = dump_all(&dump, err);
	if (rc == 0) {
		*ret = dump.own.profile;
		dump.own.profile = NULL;
	}
	own_profile_fini(&dump.own);
	walk_tables_done();
	return rc;
}

const struct kind thread_dump_kind = { .name = "threads",
	.about = "where each thread is now",
	.text = KIND_TEXT_COUNT,
	.snapshot = thread_dump_take };
