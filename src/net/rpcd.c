/* rpcd: a server of gRPC calls that have one message and one answer, over HTTP/2. */
#include "net/rpcd.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/rpcd_impl.h"
#include "net/workers.h"

#define CONNECTIONS_MAX 1024u
#define CONNECTIONS_OF_ADDRESS_MAX 256u
#define CALLS_MAX 32u
#define THREADS 2u
#define WAITING_MAX 512u
#define MESSAGE_MAX ((size_t)16 << 20)
#define MESSAGES_MAX ((size_t)128 << 20)
#define TIME_MS 30000u
#define RATE_MIN 32u
#define IDLE_MS 300000u
#define LOOK_MS 100 /* how often it is looked for what is late */
#define EVENTS 64

struct rpcd {
	struct rpcd_rules rules;
	struct rpcd_crowd crowd;
	struct rpcd_trust *trust; /* or NULL */
	struct workers *workers;
	pthread_t thread;
	int wake, fd;        /* fd -1 once it no longer listens */
	size_t n_unanswered; /* calls that somebody has */
	bool is_full;        /* no descriptors: not accepting until the next look */
	atomic_bool is_stopping;
	pthread_mutex_t lock;
	struct rpcd_call *answered; /* under the lock; with their replies */
};

uint64_t rpcd_now_ms(void)
{
	return clock_monotonic_ns() / 1000000;
}

void rpcd_refuse(struct rpcd_reply *reply, unsigned code, const char *format, ...)
{
	va_list args;

	reply->code = code;
	va_start(args, format);
	vsnprintf(reply->text, sizeof(reply->text), format, args);
	va_end(args);
}

const char *rpcd_path(const struct rpcd_call *call)
{
	const char *path = rpcd_call_find(call, ":path");

	return path ? path : "";
}

const char *rpcd_header(const struct rpcd_call *call, const char *name)
{
	return rpcd_call_find(call, name);
}

struct view rpcd_message(const struct rpcd_call *call)
{
	return view_between(call->body.at + RPCD_FRAME_PREFIX, call->body.at + call->body.len);
}

const char *rpcd_coding(const struct rpcd_call *call)
{
	return call->frame.packed ? rpcd_call_find(call, "grpc-encoding") : NULL;
}

const char *rpcd_peer(const struct rpcd_call *call)
{
	return call->peer;
}

void **rpcd_context(struct rpcd_call *call)
{
	return &call->context;
}

/* ---- calls, to threads and back ---- */

static void wake(struct rpcd *rpcd)
{
	uint64_t one = 1;

	if (write(rpcd->wake, &one, sizeof(one)) < 0)
		return; /* it is awake */
}

void rpcd_answer(struct rpcd_call *call, const struct rpcd_reply *reply)
{
	struct rpcd *rpcd = call->rules->owner;

	pthread_mutex_lock(&rpcd->lock);
	call->reply = *reply;
	call->next_answered = rpcd->answered;
	rpcd->answered = call;
	wake(rpcd); /* under the lock: once it is free, the server may be gone */
	pthread_mutex_unlock(&rpcd->lock);
}

static void work(void *owner, void *thing)
{
	struct rpcd *rpcd = owner;

	rpcd->rules.options.handle(rpcd->rules.options.owner, thing);
}

static void ready(void *owner, struct rpcd_call *call)
{
	struct rpcd *rpcd = owner;
	struct rpcd_reply reply = { 0 };

	rpcd->n_unanswered++;
	if (workers_give(rpcd->workers, call))
		return;
	rpcd_refuse(&reply, RPCD_UNAVAILABLE, "%zu calls wait already: try again",
		rpcd->rules.options.waiting_max);
	rpcd_answer(call, &reply);
}

static void take_answers(struct rpcd *rpcd)
{
	struct rpcd_call *call, *next;
	struct rpcd_reply reply;
	uint64_t count;

	if (read(rpcd->wake, &count, sizeof(count)) < 0)
		return;
	pthread_mutex_lock(&rpcd->lock);
	call = rpcd->answered;
	rpcd->answered = NULL;
	pthread_mutex_unlock(&rpcd->lock);
	for (; call; call = next) {
		next = call->next_answered;
		reply = call->reply;
		rpcd->n_unanswered--;
		rpcd_session_answer(call, &reply);
	}
}

/* ---- the thread ---- */

static bool watch(struct rpcd *rpcd, int fd, void *as)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = as };

	return epoll_ctl(rpcd->crowd.epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static void name_peer(const struct sockaddr_storage *from, socklen_t len, char *into)
{
	if (getnameinfo((const struct sockaddr *)from, len, into, RPCD_PEER_MAX, NULL, 0,
		    NI_NUMERICHOST) != 0)
		memcpy(into, "-", 2);
}

/* Without a descriptor left, the next look tries again. */
static void rest(struct rpcd *rpcd)
{
	rpcd->is_full = true;
	epoll_ctl(rpcd->crowd.epoll, EPOLL_CTL_DEL, rpcd->fd, NULL);
}

static void accept_all(struct rpcd *rpcd)
{
	struct sockaddr_storage from;
	char peer[RPCD_PEER_MAX];

	for (;;) {
		socklen_t len = sizeof(from);
		int fd = accept4(
			rpcd->fd, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0) {
			if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
				rest(rpcd);
			if (errno != ECONNABORTED && errno != EINTR)
				return;
			continue;
		}
		name_peer(&from, len, peer);
		rpcd_crowd_add(&rpcd->crowd, fd, peer);
	}
}

static void look(struct rpcd *rpcd)
{
	if (rpcd->is_full && rpcd->fd >= 0)
		rpcd->is_full = !watch(rpcd, rpcd->fd, &rpcd->fd);
	rpcd_crowd_look(&rpcd->crowd);
}

/* An event of a connection is told at most once a turn, and only its own turn drops it, but for the
 * looking, which comes after all. */
static void turn(struct rpcd *rpcd, uint64_t *next_look_ms)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(rpcd->crowd.epoll, events, EVENTS, LOOK_MS);
	bool answers = false;

	for (int i = 0; i < n; i++) {
		if (events[i].data.ptr == &rpcd->fd)
			accept_all(rpcd);
		else if (events[i].data.ptr == &rpcd->wake)
			answers = true;
		else
			rpcd_crowd_go_on(&rpcd->crowd, events[i].data.ptr,
				events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR));
	}
	if (answers)
		take_answers(rpcd);
	if (answers || rpcd_now_ms() >= *next_look_ms) {
		look(rpcd);
		*next_look_ms = rpcd_now_ms() + LOOK_MS;
	}
}

static void stop_listening(struct rpcd *rpcd)
{
	close(rpcd->fd);
	rpcd->fd = -1;
	rpcd_crowd_close(&rpcd->crowd);
}

static void *run(void *owner)
{
	struct rpcd *rpcd = owner;
	uint64_t next_look_ms = 0, end_ms = 0;

	for (;;) {
		turn(rpcd, &next_look_ms);
		if (!atomic_load(&rpcd->is_stopping))
			continue;
		if (rpcd->fd >= 0) {
			stop_listening(rpcd);
			end_ms = rpcd_now_ms() + rpcd->rules.options.drain_ms;
		}
		if (!rpcd->n_unanswered && (!rpcd->crowd.connections || rpcd_now_ms() >= end_ms))
			break;
	}
	rpcd_crowd_drop(&rpcd->crowd);
	return NULL;
}

/* ---- start and stop ---- */

static void set_defaults(struct rpcd_options *o)
{
	o->message_max = o->message_max ? o->message_max : MESSAGE_MAX;
	o->messages_max = o->messages_max ? o->messages_max : MESSAGES_MAX;
	o->connections_max = o->connections_max ? o->connections_max : CONNECTIONS_MAX;
	o->connections_of_address_max = o->connections_of_address_max
						? o->connections_of_address_max
						: CONNECTIONS_OF_ADDRESS_MAX;
	o->calls_max = o->calls_max ? o->calls_max : CALLS_MAX;
	o->threads = o->threads ? o->threads : THREADS;
	o->waiting_max = o->waiting_max ? o->waiting_max : WAITING_MAX;
	o->time_ms = o->time_ms ? o->time_ms : TIME_MS;
	o->rate_min = o->rate_min ? o->rate_min : RATE_MIN;
	o->idle_ms = o->idle_ms ? o->idle_ms : IDLE_MS;
	o->tls = NULL; /* the trust has what is needed of it */
}

static void dispose(struct rpcd *rpcd)
{
	workers_free(rpcd->workers);
	rpcd_link_trust_free(rpcd->trust);
	if (rpcd->crowd.epoll >= 0)
		close(rpcd->crowd.epoll);
	if (rpcd->wake >= 0)
		close(rpcd->wake);
	if (rpcd->fd >= 0)
		close(rpcd->fd);
	pthread_mutex_destroy(&rpcd->lock);
	free(rpcd);
}

static bool start_thread(struct rpcd *rpcd)
{
	sigset_t all, before;
	int code;

	sigfillset(&all); /* signals are for the program's own threads */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	code = pthread_create(&rpcd->thread, NULL, run, rpcd);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return code == 0;
}

static bool start(struct rpcd *rpcd)
{
	const struct rpcd_options *options = &rpcd->rules.options;
	int flags = fcntl(rpcd->fd, F_GETFL);

	rpcd->crowd.rules = &rpcd->rules;
	rpcd->crowd.trust = rpcd->trust;
	rpcd->crowd.epoll = epoll_create1(EPOLL_CLOEXEC);
	rpcd->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	rpcd->workers = workers_new(&(struct workers_options){
		.threads = options->threads,
		.waiting_max = options->waiting_max,
		.work = work,
		.owner = rpcd,
	});
	return rpcd->crowd.epoll >= 0 && rpcd->wake >= 0 && rpcd->workers && flags >= 0 &&
	       fcntl(rpcd->fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
	       watch(rpcd, rpcd->fd, &rpcd->fd) && watch(rpcd, rpcd->wake, &rpcd->wake) &&
	       start_thread(rpcd);
}

int rpcd_start(const struct rpcd_options *options, struct rpcd **ret, struct err *err)
{
	struct rpcd *rpcd = calloc(1, sizeof(*rpcd));
	int rc = 0;

	if (!rpcd) {
		close(options->fd);
		return err_set(err, ERR_NOMEM, "out of memory");
	}
	rpcd->rules = (struct rpcd_rules){ .options = *options, .ready = ready, .owner = rpcd };
	rpcd->fd = options->fd;
	rpcd->wake = rpcd->crowd.epoll = -1;
	pthread_mutex_init(&rpcd->lock, NULL);
	set_defaults(&rpcd->rules.options);
	atomic_store(&rpcd->rules.message_max, rpcd->rules.options.message_max);
	if (options->tls)
		rc = rpcd_link_trust(options->tls, &rpcd->trust, err);
	if (rc == 0 && !start(rpcd))
		rc = err_set(err, ERR_IO, "cannot start the gRPC server");
	if (rc < 0)
		dispose(rpcd);
	else
		*ret = rpcd;
	return rc;
}

void rpcd_set_message_max(struct rpcd *rpcd, size_t message_max)
{
	atomic_store(&rpcd->rules.message_max, message_max);
}

void rpcd_stop(struct rpcd *rpcd)
{
	if (!rpcd)
		return;
	atomic_store(&rpcd->is_stopping, true);
	wake(rpcd);
	pthread_join(rpcd->thread, NULL);
	dispose(rpcd);
}
