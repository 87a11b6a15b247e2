/* wall_capture: where the time of every thread goes, whether it runs or waits. */
#include "inproc/wall_capture.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"
#include "inproc/cpu_threads.h"
#include "inproc/kind.h"
#include "inproc/own_profile.h"
#include "inproc/own_threads.h"
#include "inproc/quiet_walk.h"
#include "inproc/thread_stack.h"
#include "inproc/walk_tables.h"
#include "proc/procfs.h"

#define NS_PER_S UINT64_C(1000000000)
#define NS_PER_MS UINT64_C(1000000)
#define SCAN_NS (200 * NS_PER_MS)
#define VISITS_MAX 128 /* a tick; a microsecond each if the thread did not run */
#define STACKS_MAX 16  /* a tick; tens of microseconds each */
#define PATIENCE_TICKS 20

struct row {
	struct thread_stack thread;
	char name[16];
	uint64_t visited_ns, cpu_ns;
	uint64_t wall_ns, used_ns; /* not charged yet: time, and CPU time of it */
	uint64_t asked_wall_ns, asked_used_ns;
	uint32_t stack, labels; /* where it waits; stack 0 = not known */
	uint32_t scan;
	unsigned ticks; /* since it was asked */
};

static struct {
	bool running;
	struct row *rows;
	size_t n_rows, cap_rows, next;
	struct map row_of; /* tid -> row + 1 */
	uint32_t scan;
	uint64_t period_ns, began_ns, scanned_ns, tick_ns, ticks;
	size_t overflown;
	struct own_profile own;
	struct accounting accounting;
	struct thread_stack_way way;
} wall;

bool wall_capture_running(void)
{
	return wall.running;
}

static void add(uint32_t stack, uint32_t labels, uint64_t wall_ns, uint64_t cpu_ns)
{
	const int64_t values[3] = { 1, (int64_t)wall_ns, (int64_t)cpu_ns };

	wall.accounting.attempted++;
	if (stack == PROFILE_NONE || labels == PROFILE_NONE) {
		wall.accounting.lost[LOST_NO_MEMORY]++;
		return;
	}
	profile_add(wall.own.profile, stack, labels, values);
	wall.accounting.complete++;
}

static uint32_t labels_of(const struct row *row, const struct sig_sample *sample)
{
	bool runs = row->thread.look.state == THREAD_LOOK_RUNNING;
	struct own_profile_context context = { 0 };
	const struct own_profile_extra extra[] = {
		{ VIEW("thread"), view_of(row->name) },
		{ VIEW("state"), runs ? VIEW("running") : VIEW("waiting") },
	};

	if (sample)
		context = own_profile_context_of(sample);
	context.extra = extra;
	context.n_extra = 2;
	return own_profile_labels(&wall.own, &context);
}

/* The time that is due goes to this stack. */
static void charge(
	struct row *row, const struct sig_sample *sample, uint64_t wall_ns, uint64_t *used_ns)
{
	bool runs = row->thread.look.state == THREAD_LOOK_RUNNING;
	uint32_t stack = own_profile_stack_of(&wall.own, sample);
	uint32_t labels = labels_of(row, sample);

	add(stack, labels, wall_ns, runs ? *used_ns : 0);
	if (runs)
		*used_ns = 0;
	row->stack = runs || stack == PROFILE_NONE ? STACK_EMPTY : stack;
	row->labels = labels;
}

static void charge_unknown(struct row *row, uint64_t wall_ns)
{
	struct profile *profile = wall.own.profile;

	if (wall_ns)
		add(profile_push(profile, STACK_EMPTY, profile_named(profile, VIEW("[no answer]"))),
			labels_of(row, NULL), wall_ns, 0);
}

/* Whether the answer it was asked for is still to come. */
static bool is_waited_for(struct row *row)
{
	const struct sig_sample *sample;
	uint64_t used_ns = row->asked_used_ns;

	if (row->thread.slot < 0)
		return false;
	sample = thread_stack_answer(&row->thread);
	if (!sample && ++row->ticks < PATIENCE_TICKS)
		return true;
	if (sample)
		charge(row, sample, row->asked_wall_ns, &used_ns);
	else
		charge_unknown(row, row->asked_wall_ns);
	row->used_ns += used_ns;
	row->asked_wall_ns = row->asked_used_ns = 0;
	return !thread_stack_end(&row->thread);
}

static void take_stack(struct row *row)
{
	const struct sig_sample *sample;

	row->stack = STACK_EMPTY;
	switch (thread_stack_begin(&row->thread, &wall.way, &sample)) {
	case THREAD_STACK_TAKEN:
		charge(row, sample, row->wall_ns, &row->used_ns);
		row->wall_ns = 0;
		break;
	case THREAD_STACK_ASKED:
		row->asked_wall_ns = row->wall_ns;
		row->asked_used_ns = row->used_ns;
		row->wall_ns = row->used_ns = 0;
		row->ticks = 0;
		break;
	case THREAD_STACK_REFUSED:
		charge_unknown(row, row->wall_ns);
		row->wall_ns = 0;
		break;
	case THREAD_STACK_LATER:
	case THREAD_STACK_GONE:
		break;
	}
}

/* True if it took a stack, which is what costs. */
static bool visit(struct row *row, uint64_t now_ns)
{
	uint64_t cpu_ns = thread_look_cpu_ns(row->thread.tid);
	bool ran = cpu_ns != row->cpu_ns;

	if (!cpu_ns)
		return false; /* gone: the next scan says so */
	row->wall_ns += now_ns - row->visited_ns;
	row->used_ns += cpu_ns > row->cpu_ns ? cpu_ns - row->cpu_ns : 0;
	row->visited_ns = now_ns;
	row->cpu_ns = cpu_ns;
	if (is_waited_for(row))
		return false;
	if (!ran && row->stack != STACK_EMPTY) {
		add(row->stack, row->labels, row->wall_ns, 0);
		row->wall_ns = 0;
		return false;
	}
	take_stack(row);
	return true;
}

static void add_row(pid_t tid, uint64_t now_ns)
{
	uint64_t *known = map_add(&wall.row_of, (uint64_t)tid, NULL);
	struct row *row;

	if (!known)
		return;
	if (*known) {
		wall.rows[*known - 1].scan = wall.scan;
		return;
	}
	row = wall.n_rows < WALL_CAPTURE_THREADS_MAX
		      ? VEC_ADD(wall.rows, wall.n_rows, wall.cap_rows)
		      : NULL;
	if (!row) {
		map_remove(&wall.row_of, (uint64_t)tid);
		wall.overflown++;
		return;
	}
	*row = (struct row){
		.scan = wall.scan, .visited_ns = now_ns, .cpu_ns = thread_look_cpu_ns(tid)
	};
	thread_stack_init(&row->thread, tid);
	thread_look_name(tid, row->name);
	*known = wall.n_rows;
}

static void drop_row(size_t at)
{
	struct row *row = &wall.rows[at];
	uint64_t *moved;

	charge_unknown(row, row->asked_wall_ns);
	if (!thread_stack_end(&row->thread))
		return; /* it answers with its last breath: the next scan finds it */
	row->asked_wall_ns = 0;
	map_remove(&wall.row_of, (uint64_t)row->thread.tid);
	wall.rows[at] = wall.rows[--wall.n_rows];
	if (at < wall.n_rows &&
		(moved = map_find(&wall.row_of, (uint64_t)wall.rows[at].thread.tid)))
		*moved = at + 1;
}

static void scan(uint64_t now_ns)
{
	pid_t *tids;
	size_t n;

	wall.scanned_ns = now_ns;
	if (procfs_threads(getpid(), &tids, &n, NULL) < 0)
		return;
	wall.scan++;
	for (size_t i = 0; i < n; i++)
		if (tids[i] != gettid() && !own_threads_have(tids[i]))
			add_row(tids[i], now_ns);
	free(tids);
	for (size_t i = wall.n_rows; i-- > 0;)
		if (wall.rows[i].scan != wall.scan)
			drop_row(i);
}

/* As many threads as a tick has time for, from where the last one ended. */
static void visit_some(void)
{
	uint64_t now_ns = clock_monotonic_ns();
	size_t visits = wall.n_rows < VISITS_MAX ? wall.n_rows : VISITS_MAX, stacks = 0;

	wall.way.memory = quiet_walk_open();
	while (visits-- && stacks < STACKS_MAX) {
		if (wall.next >= wall.n_rows)
			wall.next = 0;
		stacks += visit(&wall.rows[wall.next++], now_ns);
	}
	if (wall.way.memory >= 0)
		close(wall.way.memory);
}

static int init_profile(struct err *err)
{
	struct profile *profile;
	int rc = own_profile_init(&wall.own, walk_tables_space(), err);

	if (rc < 0)
		return rc;
	profile = wall.own.profile;
	profile_add_type(profile, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(profile, VIEW("wall"), VIEW("nanoseconds"), NULL);
	profile_add_type(profile, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	profile->default_type = profile_string(profile, VIEW("wall"));
	profile->period_type.type = profile->default_type;
	profile->period_type.unit = profile_string(profile, VIEW("nanoseconds"));
	profile->period = (int64_t)wall.period_ns;
	profile->time_ns = (int64_t)clock_realtime_ns();
	return 0;
}

static void fini(void)
{
	for (size_t i = 0; i < wall.n_rows; i++)
		thread_stack_end(&wall.rows[i].thread);
	free(wall.rows);
	map_fini(&wall.row_of);
	own_profile_fini(&wall.own);
	walk_tables_done();
	memset(&wall, 0, sizeof(wall));
}

int wall_capture_start(unsigned hz, struct err *err)
{
	int rc;

	if (wall.running)
		return err_set(err, ERR_LIMIT,
			"a wall-clock profile is being taken already; there is one at a time");
	if (hz > WALL_CAPTURE_HZ_MAX)
		return err_set(err, ERR_USAGE, "%u samples a second are too many; the limit is %d",
			hz, WALL_CAPTURE_HZ_MAX);
	wall.period_ns = NS_PER_S / (hz ? hz : WALL_CAPTURE_HZ);
	rc = cpu_threads_claim(SIGPROF, err);
	if (rc == 0)
		rc = walk_tables_use(err);
	if (rc < 0)
		return rc;
	rc = init_profile(err);
	if (rc < 0) {
		walk_tables_done();
		return rc;
	}
	wall.accounting = (struct accounting){ .known = true,
		.hz = NS_PER_S / wall.period_ns,
		.cpus = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN) };
	wall.way.signal_number = SIGPROF;
	wall.began_ns = wall.tick_ns = clock_monotonic_ns();
	wall.running = true;
	scan(wall.began_ns);
	return 0;
}

/* What is due at the end goes where the thread was last seen. */
static void settle(void)
{
	uint64_t now_ns = clock_monotonic_ns();

	for (size_t i = 0; i < wall.n_rows; i++) {
		struct row *row = &wall.rows[i];
		uint64_t due_ns;

		is_waited_for(row);
		due_ns = row->wall_ns + row->asked_wall_ns + now_ns - row->visited_ns;
		if (row->stack != STACK_EMPTY)
			add(row->stack, row->labels, due_ns, 0);
		else if (due_ns > 2 * wall.period_ns)
			charge_unknown(row, due_ns);
	}
}

static void say_how(void)
{
	BUF_AUTO line = { 0 };

	buf_add_format(&line, "flyover.wall left_out=%zu", wall.overflown);
	thread_stack_describe(&wall.way.counts, &line);
	if (!line.failed)
		profile_comment(wall.own.profile, buf_view(&line));
}

int wall_capture_stop(struct buf *out, struct err *err)
{
	int rc;

	if (!wall.running)
		return err_set(err, ERR_USAGE, "no wall-clock profile is being taken");
	settle();
	say_how();
	wall.own.profile->duration_ns = (int64_t)(clock_monotonic_ns() - wall.began_ns);
	wall.own.profile->accounting = wall.accounting;
	rc = own_profile_name(&wall.own, err);
	if (rc == 0)
		rc = kind_zip(wall.own.profile, out, err);
	fini();
	return rc;
}

void wall_capture_cancel(void)
{
	if (wall.running)
		fini();
}

static int prepare(struct engine_polls *polls)
{
	uint64_t now_ns = clock_monotonic_ns();

	if (!wall.running)
		return -1;
	return wall.tick_ns > now_ns ? (int)((wall.tick_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS)
				     : 0;
}

/* Ticks come at random around their period, so that a program that does things in the same rhythm
 * is seen in all its phases. */
static void run(const struct engine_polls *polls)
{
	uint64_t now_ns = clock_monotonic_ns();

	if (!wall.running || now_ns < wall.tick_ns)
		return;
	wall.tick_ns =
		now_ns + wall.period_ns / 2 + hash_pair(now_ns, wall.ticks++) % wall.period_ns;
	if (now_ns - wall.scanned_ns > SCAN_NS)
		scan(now_ns);
	visit_some();
}

/* What lay in memory stays there: it may have been half changed. */
static void after_fork(void)
{
	memset(&wall, 0, sizeof(wall));
}

const struct engine_part wall_capture_part = { prepare, run, after_fork };
