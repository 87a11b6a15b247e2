/* metrics: numbers about the server, as Prometheus reads them (text format 0.0.4). */
#include "server/metrics.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

#define BUCKETS 12u

static const uint64_t bounds_us[BUCKETS] = { 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000,
	500000, 1000000, 10000000, 60000000 };
static const char *const bound_names[BUCKETS] = { "0.001", "0.0025", "0.005", "0.01", "0.025",
	"0.05", "0.1", "0.25", "0.5", "1", "10", "60" };

struct metrics_counter {
	const char *name, *help;
	atomic_uint_fast64_t value;
	char labels[];
};

struct metrics_times {
	const char *name, *help;
	atomic_uint_fast64_t buckets[BUCKETS + 1]; /* each alone; the last beyond all bounds */
	atomic_uint_fast64_t sum_ns;
	char labels[];
};

struct collector {
	void (*write)(void *owner, struct buf *out);
	void *owner;
};

struct metrics {
	pthread_mutex_t lock;
	struct metrics_counter **counters; /* owned, as all below; those of one name together */
	struct metrics_times **times;
	struct collector *collectors;
	size_t n_counters, cap_counters, n_times, cap_times, n_collectors, cap_collectors;
};

struct metrics *metrics_new(void)
{
	struct metrics *metrics = calloc(1, sizeof(*metrics));

	if (metrics)
		pthread_mutex_init(&metrics->lock, NULL);
	return metrics;
}

void metrics_free(struct metrics *metrics)
{
	if (!metrics)
		return;
	for (size_t i = 0; i < metrics->n_counters; i++)
		free(metrics->counters[i]);
	for (size_t i = 0; i < metrics->n_times; i++)
		free(metrics->times[i]);
	free(metrics->counters);
	free(metrics->times);
	free(metrics->collectors);
	pthread_mutex_destroy(&metrics->lock);
	free(metrics);
}

/* Lines of one name stand together, in whatever order they are made. */
static struct metrics_counter *counter_with(
	struct metrics *metrics, const char *name, const char *help, const char *labels)
{
	struct metrics_counter *counter;
	size_t at = metrics->n_counters, len = strlen(labels);

	for (size_t i = 0; i < metrics->n_counters; i++) {
		counter = metrics->counters[i];
		if (strcmp(counter->name, name) != 0)
			continue;
		if (strcmp(counter->labels, labels) == 0)
			return counter;
		at = i + 1;
	}
	counter = calloc(1, sizeof(*counter) + len + 1);
	if (!counter ||
		!VEC_FITS(metrics->counters, metrics->cap_counters, metrics->n_counters + 1)) {
		free(counter);
		return NULL;
	}
	counter->name = name;
	counter->help = help;
	memcpy(counter->labels, labels, len);
	memmove(&metrics->counters[at + 1], &metrics->counters[at],
		(metrics->n_counters++ - at) * sizeof(*metrics->counters));
	return metrics->counters[at] = counter;
}

struct metrics_counter *metrics_counter(
	struct metrics *metrics, const char *name, const char *help, const char *labels)
{
	struct metrics_counter *counter;

	pthread_mutex_lock(&metrics->lock);
	counter = counter_with(metrics, name, help, labels);
	pthread_mutex_unlock(&metrics->lock);
	return counter;
}

void metrics_count(struct metrics_counter *counter, uint64_t by)
{
	if (counter)
		atomic_fetch_add_explicit(&counter->value, by, memory_order_relaxed);
}

static bool add_times(struct metrics *metrics, struct metrics_times *times)
{
	size_t at = metrics->n_times;

	for (size_t i = 0; i < metrics->n_times; i++)
		if (strcmp(metrics->times[i]->name, times->name) == 0)
			at = i + 1;
	if (!VEC_FITS(metrics->times, metrics->cap_times, metrics->n_times + 1))
		return false;
	memmove(&metrics->times[at + 1], &metrics->times[at],
		(metrics->n_times++ - at) * sizeof(*metrics->times));
	metrics->times[at] = times;
	return true;
}

struct metrics_times *metrics_times(
	struct metrics *metrics, const char *name, const char *help, const char *labels)
{
	size_t len = strlen(labels);
	struct metrics_times *times = calloc(1, sizeof(*times) + len + 1);
	bool is_added;

	if (!times)
		return NULL;
	times->name = name;
	times->help = help;
	memcpy(times->labels, labels, len);
	pthread_mutex_lock(&metrics->lock);
	is_added = add_times(metrics, times);
	pthread_mutex_unlock(&metrics->lock);
	if (is_added)
		return times;
	free(times);
	return NULL;
}

void metrics_time(struct metrics_times *times, uint64_t ns)
{
	size_t i = 0;

	if (!times)
		return;
	while (i < BUCKETS && ns > bounds_us[i] * 1000)
		i++;
	atomic_fetch_add_explicit(&times->buckets[i], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&times->sum_ns, ns, memory_order_relaxed);
}

void metrics_collect(
	struct metrics *metrics, void (*write)(void *owner, struct buf *out), void *owner)
{
	struct collector *added;

	pthread_mutex_lock(&metrics->lock);
	added = VEC_ADD(metrics->collectors, metrics->n_collectors, metrics->cap_collectors);
	if (added)
		*added = (struct collector){ write, owner };
	pthread_mutex_unlock(&metrics->lock);
}

void metrics_head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_add_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_counter(const struct metrics_counter *c, struct buf *out)
{
	buf_add_text(out, c->name);
	if (c->labels[0])
		buf_add_format(out, "{%s}", c->labels);
	buf_add_format(out, " %llu\n", (unsigned long long)atomic_load(&c->value));
}

static void write_times(const struct metrics_times *t, struct buf *out)
{
	const char *comma = t->labels[0] ? "," : "";
	unsigned long long total = 0;

	for (size_t i = 0; i <= BUCKETS; i++) {
		total += atomic_load(&t->buckets[i]);
		buf_add_format(out, "%s_bucket{%s%sle=\"%s\"} %llu\n", t->name, t->labels, comma,
			i < BUCKETS ? bound_names[i] : "+Inf", total);
	}
	buf_add_format(out, "%s_sum{%s} %.9f\n%s_count{%s} %llu\n", t->name, t->labels,
		(double)atomic_load(&t->sum_ns) / 1e9, t->name, t->labels, total);
}

static void write_counters(const struct metrics *m, struct buf *out)
{
	for (size_t i = 0; i < m->n_counters; i++) {
		const struct metrics_counter *c = m->counters[i];

		if (i == 0 || strcmp(m->counters[i - 1]->name, c->name) != 0)
			metrics_head(out, c->name, "counter", c->help);
		write_counter(c, out);
	}
}

static void write_histograms(const struct metrics *m, struct buf *out)
{
	for (size_t i = 0; i < m->n_times; i++) {
		const struct metrics_times *t = m->times[i];

		if (i == 0 || strcmp(m->times[i - 1]->name, t->name) != 0)
			metrics_head(out, t->name, "histogram", t->help);
		write_times(t, out);
	}
}

void metrics_write(struct metrics *metrics, struct buf *out)
{
	pthread_mutex_lock(&metrics->lock);
	write_counters(metrics, out);
	write_histograms(metrics, out);
	for (size_t i = 0; i < metrics->n_collectors; i++)
		metrics->collectors[i].write(metrics->collectors[i].owner, out);
	pthread_mutex_unlock(&metrics->lock);
}
