/* push: everything that is profiled, uploaded continuously. */
#include "inproc/push.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "inproc/cpu_capture.h"
#include "inproc/label_keys.h"
#include "inproc/process_context.h"
#include "inproc/push_item.h"
#include "inproc/push_snapshot.h"

#define NS_PER_S UINT64_C(1000000000)
#define NS_PER_MS UINT64_C(1000000)
#define SNAPSHOTS_MAX 8

static struct {
	_Atomic bool running;
	uint64_t interval_ns, next_ns; /* monotonic */
	char service[256];             /* "" = as the labels say, or the program's name */
	struct cpu_window cpu;
	struct push_snapshot snapshots[SNAPSHOTS_MAX];
	size_t n_snapshots;
} push;

bool push_running(void)
{
	return atomic_load(&push.running);
}

static void find_service(char *into, size_t size)
{
	struct view key, value;

	snprintf(into, size, "%s", push.service[0] ? push.service : program_invocation_short_name);
	for (size_t i = 0; !push.service[0] && label_keys_process(i, &key, &value); i++)
		if (view_equal(key, VIEW("service_name")) && value.len)
			snprintf(into, size, "%.*s", (int)value.len, value.at);
}

/* `profile` with names. */
static void enqueue(const struct kind *kind, struct profile *profile)
{
	uint64_t from_ns = (uint64_t)(profile->time_ns);
	struct push_item *item = push_item_new();
	BUF_AUTO line = { 0 };
	BUF_AUTO bytes = { .max = PUSH_ITEM_MAX };
	char service[sizeof(push.service)];

	push_sender_say(&line);
	if (!line.failed)
		profile_comment(profile, buf_view(&line));
	if (!item || kind_zip(profile, &bytes, NULL) < 0) {
		push_item_free(item);
		return;
	}
	find_service(service, sizeof(service));
	push_item_set_query(item, service, from_ns, from_ns + (uint64_t)profile->duration_ns);
	push_snapshot_fill(kind, buf_view(&bytes), item);
	if (item->body.failed)
		push_item_free(item);
	else
		push_sender_add(item);
}

/* A window without samples says nothing: an idle program is silent. */
static void send_cpu(struct cpu_window *window)
{
	if (window->accounting.attempted && cpu_window_name(window, NULL) == 0)
		enqueue(&cpu_capture_kind, window->own.profile);
	cpu_window_close(window);
}

/* The time of such a window is its end. */
static void send_snapshots(void)
{
	for (size_t i = 0; i < push.n_snapshots; i++) {
		PROFILE_AUTO window = NULL;

		if (push_snapshot_next(&push.snapshots[i], &window, NULL) < 0 || !window)
			continue;
		window->time_ns -= window->duration_ns;
		enqueue(push.snapshots[i].kind, window);
	}
}

static void find_snapshots(void)
{
	push.n_snapshots = 0;
	for (size_t i = 0; kind_all[i] && push.n_snapshots < SNAPSHOTS_MAX; i++)
		if (push_snapshot_wanted(kind_all[i]))
			push.snapshots[push.n_snapshots++] =
				(struct push_snapshot){ .kind = kind_all[i] };
	send_snapshots(); /* the first ones are what the next are compared with */
}

static void forget_snapshots(void)
{
	while (push.n_snapshots)
		push_snapshot_fini(&push.snapshots[--push.n_snapshots]);
}

static int prepare(struct engine_polls *polls)
{
	uint64_t now = clock_monotonic_ns();

	if (!push.running)
		return -1;
	return now < push.next_ns ? (int)((push.next_ns - now) / NS_PER_MS) + 1 : 0;
}

static void run(const struct engine_polls *polls)
{
	uint64_t now = clock_monotonic_ns();
	struct cpu_window done;

	if (!push.running || now < push.next_ns)
		return;
	push.next_ns += push.interval_ns;
	if (push.next_ns < now) /* the machine slept */
		push.next_ns = now + push.interval_ns;
	if (cpu_source_cut(&push.cpu, &done, NULL) == 0)
		send_cpu(&done);
	send_snapshots();
}

static void after_fork(void)
{
	push.running = false;
	push.n_snapshots = 0;
	push_sender_after_fork();
}

const struct engine_part push_part = { prepare, run, after_fork };

static int begin(void *context, struct err *err)
{
	const struct push_options *options = context;
	const struct cpu_source_options cpu = { .hz = options->hz, .kernel = options->kernel };
	int rc = push_sender_start(&options->sender, err);

	if (rc < 0)
		return rc;
	rc = cpu_source_join(&push.cpu, &cpu, err);
	if (rc < 0)
		return rc;
	snprintf(
		push.service, sizeof(push.service), "%s", options->service ? options->service : "");
	push.interval_ns = (options->interval_s ? options->interval_s : PUSH_INTERVAL_S) * NS_PER_S;
	push.next_ns = clock_monotonic_ns() + push.interval_ns;
	find_snapshots();
	push.running = true;
	return 0;
}

static int check(const struct push_options *options, struct err *err)
{
	if (!options->sender.url || !*options->sender.url)
		return err_set(err, ERR_USAGE, "there is no URL to push to");
	if (options->interval_s > PUSH_INTERVAL_MAX_S)
		return err_set(err, ERR_USAGE,
			"a window of %u s to push is too long; the limit is %d s",
			options->interval_s, PUSH_INTERVAL_MAX_S);
	if (options->service && strlen(options->service) >= sizeof(push.service))
		return err_set(err, ERR_LIMIT, "the name of the service has more than %zu bytes",
			sizeof(push.service) - 1);
	return 0;
}

int push_start(const struct push_options *options, struct err *err)
{
	int rc = check(options, err);

	if (rc < 0)
		return rc;
	if (push_running())
		return err_set(
			err, ERR_LIMIT, "profiles are being pushed already; stop that first");
	rc = engine_call(begin, (void *)options, err);
	if (rc == 0)
		process_context_set_pushes(true);
	else if (!push_running())
		push_sender_stop(0);
	return rc;
}

static int end(void *unused, struct err *err)
{
	if (!atomic_exchange(&push.running, false))
		return err_set(err, ERR_USAGE, "no profiles are being pushed");
	cpu_source_leave(&push.cpu);
	send_cpu(&push.cpu);
	send_snapshots();
	forget_snapshots();
	return 0;
}

int push_stop(unsigned flush_ms, struct err *err)
{
	int rc = engine_call(end, NULL, err);

	if (rc == 0)
		process_context_set_pushes(false);
	if (rc == 0)
		push_sender_stop(flush_ms < PUSH_FLUSH_MAX_MS ? flush_ms : PUSH_FLUSH_MAX_MS);
	return rc;
}
