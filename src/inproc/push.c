/* push: everything that is profiled, uploaded continuously. */
#include "inproc/push.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "inproc/cpu_source.h"
#include "inproc/label_keys.h"
#include "inproc/push_item.h"

#define NS_PER_S UINT64_C(1000000000)
#define NS_PER_MS UINT64_C(1000000)
#define BARE "application/octet-stream"

static struct {
	_Atomic bool running;
	uint64_t interval_ns, next_ns; /* monotonic */
	char service[256];             /* "" = as the labels say, or the program's name */
	struct cpu_window cpu;
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

/* Hands the bytes over; a profile that is too large for a server counts as lost there. */
static void enqueue(struct buf *profile, uint64_t from_ns, uint64_t until_ns)
{
	struct push_item *item = push_item_new();
	char service[sizeof(push.service)];

	if (!item)
		return;
	find_service(service, sizeof(service));
	push_item_set_query(item, service, from_ns, until_ns);
	snprintf(item->type, sizeof(item->type), BARE);
	item->body = *profile;
	*profile = (struct buf){ 0 };
	push_sender_add(item);
}

/* A window without samples says nothing: an idle program is silent. */
static void send_cpu(struct cpu_window *window)
{
	uint64_t from_ns = (uint64_t)window->own.profile->time_ns;
	uint64_t until_ns = from_ns + (uint64_t)window->own.profile->duration_ns;
	BUF_AUTO line = { 0 };
	BUF_AUTO bytes = { .max = PUSH_ITEM_MAX };

	if (window->accounting.attempted) {
		push_sender_say(&line);
		if (!line.failed)
			cpu_window_comment(window, buf_view(&line));
		if (cpu_window_write(window, &bytes, NULL) == 0)
			enqueue(&bytes, from_ns, until_ns);
	}
	cpu_window_close(window);
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
}

static void after_fork(void)
{
	push.running = false;
	push_sender_after_fork();
}

const struct engine_part push_part = { prepare, run, after_fork };

static int begin(void *context, struct err *err)
{
	const struct push_options *options = context;
	const struct cpu_source_options cpu = { .hz = options->hz };
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
	if (rc < 0 && !push_running())
		push_sender_stop(0);
	return rc;
}

static int end(void *unused, struct err *err)
{
	if (!atomic_exchange(&push.running, false))
		return err_set(err, ERR_USAGE, "no profiles are being pushed");
	cpu_source_leave(&push.cpu);
	send_cpu(&push.cpu);
	return 0;
}

int push_stop(unsigned flush_ms, struct err *err)
{
	int rc = engine_call(end, NULL, err);

	if (rc == 0)
		push_sender_stop(flush_ms < PUSH_FLUSH_MAX_MS ? flush_ms : PUSH_FLUSH_MAX_MS);
	return rc;
}
