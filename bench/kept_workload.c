/* kept_workload: a store full of profiles, the same each time. */
#include "kept_workload.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STACKS 300
#define BATCH 200u

static atomic_size_t n_pending;

void kept_must(int rc, const struct err *err)
{
	if (rc < 0) {
		fprintf(stderr, "bench_query: %s\n", err->text);
		exit(1);
	}
}

static void done(void *owner, int code, const struct err *err)
{
	kept_must(code, err);
	atomic_fetch_sub(&n_pending, 1);
}

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void append(struct store *store, const struct store_entry *entries, size_t n)
{
	struct store_receipt receipt = { done, NULL };
	struct err err = { 0 };
	int rc;

	do {
		while (atomic_load(&n_pending) > 8)
			usleep(200);
		rc = store_append(store, entries, n, &receipt, &err);
	} while (rc == ERR_LIMIT && usleep(2000) == 0);
	kept_must(rc, &err);
	atomic_fetch_add(&n_pending, 1);
}

/* The stacks of `base` that a profile has, the first ones often. */
static void pick(const struct profile *base, uint64_t *state, uint32_t *samples)
{
	for (unsigned i = 0; i < STACKS; i++) {
		double x = (double)(next_random(state) >> 11) / (double)(UINT64_C(1) << 53);

		samples[i] = (uint32_t)(x * x * (double)base->n_samples);
	}
}

/* Some samples, each of a trace of its own. */
static struct profile *traced(const struct workload *w, uint64_t *state)
{
	struct profile *p = profile_new();
	uint32_t root = profile_push(p, STACK_EMPTY, profile_named(p, VIEW("main")));

	profile_add_type(p, VIEW("samples"), VIEW("count"), NULL);
	profile_add_type(p, VIEW("cpu"), VIEW("nanoseconds"), NULL);
	for (unsigned i = 0; i < w->traces; i++) {
		struct label labels[2] = { { .key = profile_string(p, VIEW("trace_id")) },
			{ .key = profile_string(p, VIEW("span_id")) } };
		char name[40], trace[40], span[20];

		snprintf(name, sizeof(name), "handler%u", (unsigned)(next_random(state) % 50));
		snprintf(trace, sizeof(trace), "%016llx%016llx",
			(unsigned long long)next_random(state),
			(unsigned long long)next_random(state));
		snprintf(span, sizeof(span), "%016llx", (unsigned long long)next_random(state));
		labels[0].str = profile_string(p, view_of(trace));
		labels[1].str = profile_string(p, view_of(span));
		profile_add(p, profile_push(p, root, profile_named(p, view_of(name))),
			profile_labels(p, labels, 2), (int64_t[]){ 1, 10000000 });
	}
	return p;
}

void kept_workload(struct store *store, const struct workload *w, const struct profile *base)
{
	static uint32_t samples[BATCH][STACKS];
	struct store_entry entries[BATCH];
	struct store_label labels[BATCH][2];
	char pods[BATCH][16];
	uint64_t state = 88172645463325252u, n = 0;

	for (int64_t at_s = 0; at_s < w->long_s; at_s += w->every_s) {
		for (unsigned i = 0; i < w->series; i++, n++) {
			struct profile *own = w->traces ? traced(w, &state) : NULL;
			struct profile *profile = own ? own : (struct profile *)base;

			snprintf(pods[i], sizeof(pods[i]), "pod-%u", i);
			labels[i][0] = (struct store_label){ VIEW("pod"), view_of(pods[i]) };
			labels[i][1] =
				(struct store_label){ VIEW("service_name"), view_of(w->name) };
			profile->time_ns = KEPT_START + at_s * KEPT_SECOND;
			profile->duration_ns = w->every_s * KEPT_SECOND;
			profile->period_type = profile->types[1];
			entries[i] = (struct store_entry){ .name = VIEW("process_cpu"),
				.labels = { labels[i], 2 },
				.profile = profile };
			if (!own) {
				pick(base, &state, samples[i]);
				entries[i].samples = samples[i];
				entries[i].n_samples = STACKS;
			}
			memcpy(entries[i].id, &n, sizeof(n));
		}
		append(store, entries, w->series);
		for (unsigned i = 0; w->traces && i < w->series; i++)
			profile_free((struct profile *)entries[i].profile);
	}
	while (atomic_load(&n_pending))
		usleep(1000);
}
