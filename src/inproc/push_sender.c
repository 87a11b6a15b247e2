/* push_sender: the thread that brings finished profiles to a server. */
#include "inproc/push_sender.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <time.h>

#include "base/clock.h"
#include "inproc/hook_pthread.h"
#include "inproc/lock_record.h"
#include "inproc/own_threads.h"
#include "inproc/push_client.h"
#include "inproc/push_item.h"
#include "inproc/push_queue.h"
#include "inproc/push_spool.h"

#define NS_PER_S UINT64_C(1000000000)
#define NS_PER_MS UINT64_C(1000000)
#define BACKOFF_MAX_S UINT64_C(60)
#define STACK_SIZE ((size_t)512 << 10)
#define GRACE_NS NS_PER_S /* for what the flush was busy with when its time was over */

static struct {
	pthread_mutex_t lock;
	pthread_cond_t wake, ended;
	bool running;
	_Atomic bool stopping;
	struct push_queue queue;
	struct push_sender_counts counts;
	char why[ERR_TEXT_MAX]; /* the last failure */
	uint64_t until_ns;      /* stopping: when the flush is over */
	/* The thread's own: */
	struct push_client client;
	struct push_spool spool;
	uint64_t next_ns; /* no attempt before */
	unsigned failures;
} sender = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.wake = PTHREAD_COND_INITIALIZER,
	.ended = PTHREAD_COND_INITIALIZER,
	.client.fd = OWN_FD_NONE };

uint64_t push_sender_backoff(unsigned failures, uint64_t random)
{
	uint64_t most_s = failures < 6 ? UINT64_C(1) << failures : BACKOFF_MAX_S;

	return NS_PER_S +
	       random % ((most_s < BACKOFF_MAX_S ? most_s : BACKOFF_MAX_S - 1) * NS_PER_S);
}

static uint64_t draw(void)
{
	uint64_t number;

	if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != sizeof(number))
		number = clock_monotonic_ns();
	return number;
}

void push_sender_add(struct push_item *item)
{
	pthread_mutex_lock(&sender.lock);
	if (sender.running && !sender.stopping) {
		push_queue_add(&sender.queue, item);
		pthread_cond_signal(&sender.wake);
	} else {
		push_item_free(item);
	}
	pthread_mutex_unlock(&sender.lock);
}

static struct push_item *take_first(void)
{
	struct push_item *item;

	pthread_mutex_lock(&sender.lock);
	item = push_queue_take(&sender.queue);
	pthread_mutex_unlock(&sender.lock);
	return item;
}

/* To disk, or back into memory when that fails. */
static void spool(struct push_item *item)
{
	int rc = push_spool_put(&sender.spool, item, NULL);

	pthread_mutex_lock(&sender.lock);
	if (rc == 0) {
		sender.counts.spooled++;
		push_item_free(item);
	} else {
		sender.counts.spool_failed++;
		push_queue_put_back(&sender.queue, item);
	}
	pthread_mutex_unlock(&sender.lock);
}

static void note(enum push_client_result result, uint64_t bytes, const struct err *err)
{
	pthread_mutex_lock(&sender.lock);
	if (result == PUSH_CLIENT_DONE) {
		sender.counts.sent++;
		sender.counts.sent_bytes += bytes;
	} else {
		sender.counts.failed++;
		sender.counts.refused += result == PUSH_CLIENT_REFUSED;
		memcpy(sender.why, err->text, sizeof(sender.why));
	}
	pthread_mutex_unlock(&sender.lock);
}

/* The lock is held. */
static void count_spool(void)
{
	sender.counts.spool_dropped = sender.spool.dropped;
	sender.counts.spool_bad = sender.spool.bad;
}

/* True if the profile is settled: there, or not wanted. */
static bool send_one(const struct push_item *item)
{
	struct err err = { 0 };
	uint64_t retry_ns, wait_ns;
	enum push_client_result result = push_client_post(&sender.client, item, &retry_ns, &err);

	note(result, item->body.len, &err);
	if (result != PUSH_CLIENT_LATER) {
		sender.failures = 0;
		return true;
	}
	wait_ns = push_sender_backoff(sender.failures++, draw());
	if (retry_ns) /* all its clients were told the same: not all at once */
		wait_ns = retry_ns + wait_ns % NS_PER_S;
	sender.next_ns = clock_monotonic_ns() + wait_ns;
	return false;
}

/* Sends the oldest there is, on disk or in memory. False if there is none. */
static bool work_once(void)
{
	struct push_item *item = push_spool_first(&sender.spool);

	if (item) {
		if (send_one(item))
			push_spool_done(&sender.spool);
		push_item_free(item);
		return true;
	}
	item = take_first();
	if (!item)
		return false;
	if (send_one(item)) {
		push_item_free(item);
	} else if (sender.spool.folder[0]) {
		spool(item);
	} else {
		pthread_mutex_lock(&sender.lock);
		push_queue_put_back(&sender.queue, item);
		pthread_mutex_unlock(&sender.lock);
	}
	return true;
}

/* While no attempt is due, what comes goes to disk at once: a crash would lose it. */
static void spool_all(void)
{
	uint64_t failed_before = sender.counts.spool_failed;

	while (sender.spool.folder[0] && sender.counts.spool_failed == failed_before) {
		struct push_item *item = take_first();

		if (!item)
			break;
		spool(item);
	}
}

static struct timespec time_of(uint64_t ns)
{
	return (struct timespec){ (time_t)(ns / NS_PER_S), (long)(ns % NS_PER_S) };
}

/* Waits for something to do; the lock is held. True if an attempt is due. */
static bool wait_for_work(void)
{
	uint64_t now = clock_monotonic_ns();

	if (sender.stopping)
		return true;
	if (now < sender.next_ns) {
		struct timespec until = time_of(sender.next_ns);

		pthread_cond_clockwait(&sender.wake, &sender.lock, CLOCK_MONOTONIC, &until);
		return clock_monotonic_ns() >= sender.next_ns || sender.stopping;
	}
	if (!sender.queue.first)
		pthread_cond_wait(&sender.wake, &sender.lock);
	return true;
}

/* What is left when the thread ends. */
static void give_up_rest(void)
{
	struct push_item *item;

	spool_all();
	push_client_close(&sender.client);
	pthread_mutex_lock(&sender.lock);
	while ((item = push_queue_take(&sender.queue))) {
		push_item_free(item);
		sender.queue.dropped++;
	}
	count_spool();
	own_threads_end();
	sender.running = false;
	pthread_cond_broadcast(&sender.ended);
	pthread_mutex_unlock(&sender.lock);
}

/* One last attempt for each, as long as there is time and the server takes them. */
static void flush(void)
{
	sender.next_ns = 0;
	while (clock_monotonic_ns() < sender.until_ns && sender.next_ns == 0)
		if (!work_once())
			break;
}

static void *run(void *unused)
{
	bool stopping = false, due;

	prctl(PR_SET_NAME, "flyover-push");
	lock_record_leave_out();
	own_threads_begin();
	while (!stopping) {
		pthread_mutex_lock(&sender.lock);
		due = wait_for_work();
		stopping = sender.stopping;
		count_spool();
		pthread_mutex_unlock(&sender.lock);
		if (!due)
			spool_all();
		while (due && !sender.stopping && clock_monotonic_ns() >= sender.next_ns)
			if (!work_once())
				break;
	}
	flush();
	give_up_rest();
	return unused;
}

static int start_thread(struct err *err)
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
	return error ? err_errno(err, error, "cannot start the thread that pushes") : 0;
}

/* All that the thread needs; it does not run yet. */
static int prepare(const struct push_sender_options *options, struct err *err)
{
	int rc = push_client_init(
		&sender.client, options->url, options->token, options->tenant, err);

	sender.spool = (struct push_spool){ 0 };
	if (rc == 0 && options->spool && *options->spool)
		rc = push_spool_open(&sender.spool, options->spool, options->spool_max, err);
	sender.queue = (struct push_queue){ .bytes_max = options->memory_max ? options->memory_max
									     : PUSH_SENDER_MEMORY };
	sender.counts = (struct push_sender_counts){ 0 };
	sender.why[0] = '\0';
	sender.stopping = false;
	sender.next_ns = 0;
	sender.failures = 0;
	return rc;
}

int push_sender_start(const struct push_sender_options *options, struct err *err)
{
	int rc;

	pthread_mutex_lock(&sender.lock);
	if (sender.running)
		rc = err_set(err, ERR_LIMIT, "profiles are being pushed already; stop that first");
	else
		rc = prepare(options, err);
	if (rc == 0)
		rc = start_thread(err);
	if (rc == 0)
		sender.running = true;
	pthread_mutex_unlock(&sender.lock);
	return rc;
}

void push_sender_stop(unsigned flush_ms)
{
	struct timespec until;

	pthread_mutex_lock(&sender.lock);
	if (sender.running && !sender.stopping) {
		sender.until_ns = clock_monotonic_ns() + flush_ms * NS_PER_MS;
		atomic_store(&sender.client.until_ns, sender.until_ns);
		sender.stopping = true;
		pthread_cond_signal(&sender.wake);
		until = time_of(sender.until_ns + GRACE_NS);
		while (sender.running && pthread_cond_clockwait(&sender.ended, &sender.lock,
						 CLOCK_MONOTONIC, &until) == 0)
			;
	}
	pthread_mutex_unlock(&sender.lock);
}

bool push_sender_running(void)
{
	bool running;

	pthread_mutex_lock(&sender.lock);
	running = sender.running && !sender.stopping;
	pthread_mutex_unlock(&sender.lock);
	return running;
}

void push_sender_count(struct push_sender_counts *ret)
{
	pthread_mutex_lock(&sender.lock);
	*ret = sender.counts;
	ret->dropped = sender.queue.dropped + sender.counts.spool_dropped;
	ret->waiting = sender.queue.n;
	pthread_mutex_unlock(&sender.lock);
}

void push_sender_say(struct buf *out)
{
	char why[ERR_TEXT_MAX];
	struct push_sender_counts c;

	push_sender_count(&c);
	pthread_mutex_lock(&sender.lock);
	memcpy(why, sender.why, sizeof(why));
	pthread_mutex_unlock(&sender.lock);
	buf_add_format(out,
		"flyover.push sent=%llu failed=%llu refused=%llu dropped=%llu spooled=%llu "
		"spool_failed=%llu spool_bad=%llu waiting=%llu",
		(unsigned long long)c.sent, (unsigned long long)c.failed,
		(unsigned long long)c.refused, (unsigned long long)c.dropped,
		(unsigned long long)c.spooled, (unsigned long long)c.spool_failed,
		(unsigned long long)c.spool_bad, (unsigned long long)c.waiting);
	if (why[0])
		buf_add_format(out, " last=\"%s\"", why);
}

/* What waits in memory stays there: another thread may have been changing it. */
void push_sender_after_fork(void)
{
	pthread_mutex_init(&sender.lock, NULL);
	pthread_cond_init(&sender.wake, NULL);
	pthread_cond_init(&sender.ended, NULL);
	sender.running = false;
	sender.stopping = false;
	sender.queue = (struct push_queue){ 0 };
	own_fd_close(&sender.client.fd);
}
