/* engine: the library's one background thread. */
#include "inproc/engine.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "inproc/cpu_capture.h"
#include "inproc/cpu_output.h"
#include "inproc/cpu_source.h"
#include "inproc/cpu_threads.h"
#include "inproc/endpoint.h"
#include "inproc/environment_locks.h"
#include "inproc/heap_profile.h"
#include "inproc/hook_pthread.h"
#include "inproc/label_keys.h"
#include "inproc/lock_capture.h"
#include "inproc/own_fd.h"
#include "inproc/own_space.h"
#include "inproc/own_threads.h"
#include "inproc/process_context.h"
#include "inproc/push.h"
#include "inproc/sig_action.h"
#include "inproc/sig_ask.h"
#include "inproc/thread_context.h"
#include "inproc/walk_tables.h"
#include "inproc/wall_capture.h"
#include "inproc/wall_output.h"

#define STACK_SIZE ((size_t)1 << 20)

struct call {
	int (*work)(void *context, struct err *err);
	void *context;
	struct err *err;
	int rc;
	bool done;
	struct call *next;
};

static const struct engine_part *const parts[] = { &cpu_source_part, &heap_profile_part,
	&endpoint_part, &push_part, &lock_capture_part, &wall_capture_part, &walk_tables_part };
#define N_PARTS (sizeof(parts) / sizeof(parts[0]))

static struct {
	pthread_mutex_t lock;
	pthread_cond_t wake, done;
	struct call *first;
	bool running, polling, fork_handled;
	pid_t pid, tid;
	struct own_fd wake_read, wake_write;
} engine = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.wake = PTHREAD_COND_INITIALIZER,
	.done = PTHREAD_COND_INITIALIZER,
	.wake_read = OWN_FD_NONE,
	.wake_write = OWN_FD_NONE };

int engine_poll(struct engine_polls *polls, int fd, short events)
{
	if (polls->n == ENGINE_POLLS_MAX)
		return -1;
	polls->fds[polls->n] = (struct pollfd){ .fd = fd, .events = events };
	return (int)polls->n++;
}

/* Runs the calls that wait; the lock is held on entry and on return. */
static void run_calls(void)
{
	while (engine.first) {
		struct call *call = engine.first;

		engine.first = call->next;
		pthread_mutex_unlock(&engine.lock);
		call->rc = call->work(call->context, call->err);
		pthread_mutex_lock(&engine.lock);
		call->done = true;
		pthread_cond_broadcast(&engine.done);
	}
}

static int prepare(struct engine_polls *polls)
{
	int soonest = -1;

	polls->n = 0;
	for (size_t i = 0; i < N_PARTS; i++) {
		int ms = parts[i]->prepare(polls);

		if (ms >= 0 && (soonest < 0 || ms < soonest))
			soonest = ms;
	}
	return soonest;
}

static void wait_for_call(int ms)
{
	struct timespec until;

	pthread_mutex_lock(&engine.lock);
	own_fd_close(
		&engine.wake_read); /* of wait_for_all, which may have been the way until now */
	own_fd_close(&engine.wake_write);
	if (!engine.first && ms < 0) {
		pthread_cond_wait(&engine.wake, &engine.lock);
	} else if (!engine.first) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += ms / 1000;
		until.tv_nsec += ms % 1000 * 1000000L;
		if (until.tv_nsec >= 1000000000L) {
			until.tv_sec++;
			until.tv_nsec -= 1000000000L;
		}
		pthread_cond_timedwait(&engine.wake, &engine.lock, &until);
	}
	pthread_mutex_unlock(&engine.lock);
}

/* With descriptors to watch, a call wakes us through a pair of sockets. */
static void wait_for_all(struct engine_polls *polls, int ms)
{
	char bytes[64];
	int wake;

	pthread_mutex_lock(&engine.lock);
	if (!own_fd_alive(&engine.wake_read))
		own_fd_pair(&engine.wake_read, &engine.wake_write);
	engine.polling = true;
	if (engine.first)
		ms = 0;
	wake = engine.wake_read.fd < 0 ? -1 : engine_poll(polls, engine.wake_read.fd, POLLIN);
	pthread_mutex_unlock(&engine.lock);
	if (wake < 0 && (ms < 0 || ms > 100))
		ms = 100;
	poll(polls->fds, polls->n, ms);
	pthread_mutex_lock(&engine.lock);
	engine.polling = false;
	if (wake >= 0 && polls->fds[wake].revents && own_fd_alive(&engine.wake_read))
		while (recv(engine.wake_read.fd, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
			;
	pthread_mutex_unlock(&engine.lock);
}

static void *run(void *context)
{
	struct engine_polls polls;

	(void)context;
	prctl(PR_SET_NAME, "flyover");
	pthread_mutex_lock(&engine.lock);
	engine.tid = gettid();
	own_threads_begin();
	for (;;) {
		int ms;

		run_calls();
		pthread_mutex_unlock(&engine.lock);
		ms = prepare(&polls);
		if (polls.n)
			wait_for_all(&polls, ms);
		else
			wait_for_call(ms);
		for (size_t i = 0; i < N_PARTS; i++)
			parts[i]->run(&polls);
		pthread_mutex_lock(&engine.lock);
	}
	return NULL;
}

static int start(struct err *err)
{
	sigset_t all, old;
	pthread_attr_t attributes;
	pthread_t thread;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	error = hook_pthread_create(&thread, &attributes, run, NULL);
	pthread_attr_destroy(&attributes);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (error)
		return err_errno(err, error, "cannot start the profiler's thread");
	engine.running = true;
	engine.pid = getpid();
	return 0;
}

static void after_fork(void)
{
	pthread_mutex_init(&engine.lock, NULL);
	pthread_cond_init(&engine.wake, NULL);
	pthread_cond_init(&engine.done, NULL);
	engine.first = NULL;
	engine.running = engine.polling = false;
	engine.tid = 0;
	own_space_after_fork(true);
	own_fd_close(&engine.wake_read);
	own_fd_close(&engine.wake_write);
	own_threads_after_fork();
	cpu_capture_after_fork();
	cpu_output_after_fork();
	wall_output_after_fork();
	environment_locks_after_fork();
	cpu_threads_after_fork();
	thread_context_after_fork();
	sig_ask_after_fork();
	sig_action_after_fork();
	label_keys_after_fork();
	for (size_t i = 0; i < N_PARTS; i++)
		parts[i]->after_fork();
	process_context_after_fork(); /* last: it allocates */
}

static void before_fork(void)
{
	own_space_before_fork();
}

static void after_fork_in_parent(void)
{
	own_space_after_fork(false);
}

static void wake(void)
{
	pthread_cond_signal(&engine.wake);
	if (engine.polling && own_fd_alive(&engine.wake_write))
		send(engine.wake_write.fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void follow_forks(void)
{
	if (!engine.fork_handled)
		pthread_atfork(before_fork, after_fork_in_parent, after_fork);
	engine.fork_handled = true;
}

void engine_follow_forks(void)
{
	pthread_mutex_lock(&engine.lock);
	follow_forks();
	pthread_mutex_unlock(&engine.lock);
}

int engine_call(int (*work)(void *context, struct err *err), void *context, struct err *err)
{
	struct call call = { .work = work, .context = context, .err = err };
	struct call **last = &engine.first;
	int cancel;

	if (engine.running && engine.tid == gettid())
		return work(context, err);
	/* A child made by bare clone: no handler of ours has run in it. */
	if (engine.running && engine.pid != getpid())
		after_fork();
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	pthread_mutex_lock(&engine.lock);
	follow_forks();
	if (!engine.running)
		call.rc = start(err);
	if (engine.running) {
		while (*last)
			last = &(*last)->next;
		*last = &call;
		wake();
		while (!call.done)
			pthread_cond_wait(&engine.done, &engine.lock);
	}
	pthread_mutex_unlock(&engine.lock);
	pthread_setcancelstate(cancel, NULL);
	return call.rc;
}
