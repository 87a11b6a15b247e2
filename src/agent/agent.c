/* agent: every process of the host, always, sent to a server in windows. */
#include "agent/agent.h"

#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "agent/capture.h"
#include "agent/origin.h"
#include "agent/parcel.h"
#include "agent/portion.h"
#include "agent/series_name.h"
#include "base/clock.h"
#include "sampler/correlate.h"
#include "symbol/symbol.h"

#define POLL_MS 200
#define SECOND 1000000000ull
#define HOST_MAX 256
#define NAMES_MAX ((size_t)24 << 20) /* kept from one window to the next */

struct agent {
	struct agent_options options;
	char host[HOST_MAX];
	struct sampler *sampler;
	struct symbolizer *symbolizer;
	struct outbox *outbox;
	pthread_t thread;
	atomic_bool ends;
	int64_t boot_ns; /* since 1970 */
	pthread_mutex_t lock;
	struct agent_figures figures; /* under the lock */
};

/* Whether the pid still is the process that was sampled, and was there when the window began. */
static bool is_lasting(const struct agent *agent, const struct origin *origin, int64_t begin_ns,
	struct view process)
{
	int64_t start_ns = agent->boot_ns + (int64_t)(origin->start_ticks *
						      (SECOND / (uint64_t)sysconf(_SC_CLK_TCK)));
	const char *slash = strrchr(origin->exe, '/');

	return start_ns < begin_ns && (!slash || view_starts(process, view_of(slash + 1)) ||
					      view_equal(process, view_of(origin->comm)));
}

static void call(const struct agent *agent, struct series_name *series)
{
	for (size_t i = 0; agent->options.service && i < series->n; i++)
		if (strcmp(series->labels[i].name, "service_name") == 0)
			series->labels[i].value = view_of(agent->options.service);
}

static int pack_portion(
	const struct agent *agent, const struct portion *portion, struct buf *out, struct err *err)
{
	struct series_name series;
	struct origin origin;
	bool known = portion->pid > 0 && origin_read(portion->pid, &origin, NULL) == 0 &&
		     is_lasting(agent, &origin, portion->profile->time_ns, portion->process);
	struct series_name_facts facts = { .host = view_of(agent->host),
		.process = portion->process,
		.origin = known ? &origin : NULL,
		.context = known ? correlate_context(agent->sampler, portion->pid) : NULL };

	if (known)
		facts.start_s = agent->boot_ns / (int64_t)SECOND +
				(int64_t)(origin.start_ticks / (uint64_t)sysconf(_SC_CLK_TCK));
	series_name_make(&facts, &series);
	call(agent, &series);
	return parcel_add(out, &(struct parcel_series){ series.name, series.labels, series.n },
		portion->profile, err);
}

static int pack_capture(
	const struct agent *agent, const struct profile *whole, struct buf *out, struct err *err)
{
	const struct parcel_label labels[] = { { "service_name", VIEW("flyover") },
		{ "host", view_of(agent->host) } };
	struct profile *capture = capture_profile(whole);
	const struct parcel_series series = { CAPTURE_NAME, labels, 2 };
	int code = capture ? parcel_add(out, &series, capture, err)
			   : err_set(err, ERR_NOMEM, "out of memory");

	profile_free(capture);
	return code;
}

static int send_window(struct agent *agent, struct sampler_window *window, struct err *err)
{
	struct symbol_stats stats = { 0 };
	struct portions portions = { 0 };
	BUF_AUTO parcel = { 0 };
	int code = symbol_resolve(agent->symbolizer, window->profile, window->sources, &stats, err);

	if (code == 0)
		code = portions_make(window->profile, &portions, err);
	for (size_t i = 0; code == 0 && i < portions.n; i++)
		code = pack_portion(agent, &portions.at[i], &parcel, err);
	if (code == 0 && agent->options.sampler.n_pids == 0)
		code = pack_capture(agent, window->profile, &parcel, err);
	if (code == 0)
		outbox_put(agent->outbox, &parcel);
	pthread_mutex_lock(&agent->lock);
	agent->figures.windows++;
	agent->figures.series = portions.n + 1;
	pthread_mutex_unlock(&agent->lock);
	portions_fini(&portions);
	return code;
}

static int sample_window(struct agent *agent, struct err *err)
{
	uint64_t end_ns = clock_monotonic_ns() + agent->options.window_s * SECOND;
	struct sampler_window window = { 0 };
	int code = 0;

	while (code == 0 && !atomic_load(&agent->ends) && clock_monotonic_ns() < end_ns) {
		code = sampler_poll(agent->sampler, POLL_MS, -1, err);
		code = code == ERR_CANCELLED ? 0 : code;
	}
	if (code == 0)
		code = sampler_take(agent->sampler, &window, err);
	if (code == 0)
		code = send_window(agent, &window, err);
	sampler_window_fini(&window);
	if (agent->options.is_alone) /* else a window leaves as much behind as the largest took */
		malloc_trim(0);
	return code;
}

static void note_cpu(struct agent *agent)
{
	struct timespec used;

	clock_gettime(agent->options.is_alone ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_THREAD_CPUTIME_ID,
		&used);
	pthread_mutex_lock(&agent->lock);
	agent->figures.cpu_ns = (uint64_t)used.tv_sec * SECOND + (uint64_t)used.tv_nsec;
	pthread_mutex_unlock(&agent->lock);
}

static void *run(void *owner)
{
	struct agent *agent = owner;
	struct err err = { 0 };
	int code = sampler_start(agent->sampler, &err);

	while (code == 0 && !atomic_load(&agent->ends)) {
		code = sample_window(agent, &err);
		note_cpu(agent);
	}
	if (code) {
		pthread_mutex_lock(&agent->lock);
		snprintf(agent->figures.trouble, sizeof(agent->figures.trouble), "%.*s",
			(int)sizeof(agent->figures.trouble) - 1, err.text);
		pthread_mutex_unlock(&agent->lock);
	}
	return NULL;
}

static void dispose(struct agent *agent, unsigned wait_ms)
{
	outbox_free(agent->outbox, wait_ms);
	sampler_free(agent->sampler);
	symbolizer_free(agent->symbolizer);
	pthread_mutex_destroy(&agent->lock);
	free(agent);
}

static int prepare(struct agent *agent, struct err *err)
{
	/* The server may have, or get, a file that has the name. */
	struct symbolizer_options symbols = { .cache_dir = agent->options.cache_dir,
		.memory_max = NAMES_MAX,
		.unknown = SYMBOL_UNKNOWN_IN_BUILD };
	struct sampler_options wanted = agent->options.sampler;
	int code;

	wanted.whole_host = wanted.n_pids == 0;
	wanted.cache_dir = agent->options.cache_dir;
	code = sampler_new(&wanted, &agent->sampler, err);
	if (code == 0)
		code = symbolizer_new(&symbols, &agent->symbolizer, err);
	if (code == 0)
		code = outbox_new(&agent->options.outbox, &agent->outbox, err);
	return code;
}

static int64_t boot_time_ns(void)
{
	struct timespec since_boot;

	clock_gettime(CLOCK_BOOTTIME, &since_boot);
	return (int64_t)clock_realtime_ns() -
	       ((int64_t)since_boot.tv_sec * (int64_t)SECOND + since_boot.tv_nsec);
}

int agent_start(const struct agent_options *options, struct agent **ret, struct err *err)
{
	struct agent *agent = calloc(1, sizeof(*agent));
	int code;

	*ret = NULL;
	if (!agent)
		return err_set(err, ERR_NOMEM, "out of memory");
	agent->options = *options;
	if (!agent->options.window_s)
		agent->options.window_s = AGENT_WINDOW_S;
	if (!agent->options.outbox.bytes_max)
		agent->options.outbox.bytes_max = AGENT_WAITING_MAX;
	if (options->host)
		snprintf(agent->host, sizeof(agent->host), "%s", options->host);
	else if (gethostname(agent->host, sizeof(agent->host) - 1) != 0)
		snprintf(agent->host, sizeof(agent->host), "unknown");
	agent->boot_ns = boot_time_ns();
	pthread_mutex_init(&agent->lock, NULL);
	code = prepare(agent, err);
	if (code == 0 && pthread_create(&agent->thread, NULL, run, agent) != 0)
		code = err_set(err, ERR_NOMEM, "no thread to sample with");
	if (code)
		dispose(agent, 0);
	else
		*ret = agent;
	return code;
}

void agent_stop(struct agent *agent, unsigned wait_ms)
{
	if (!agent)
		return;
	atomic_store(&agent->ends, true);
	pthread_join(agent->thread, NULL);
	dispose(agent, wait_ms);
}

void agent_get_figures(struct agent *agent, struct agent_figures *ret)
{
	pthread_mutex_lock(&agent->lock);
	*ret = agent->figures;
	pthread_mutex_unlock(&agent->lock);
	outbox_get_figures(agent->outbox, &ret->outbox);
}
