/*
 * workload: entries for a store, full of corners, the same for the same seed.
 *
 * Few series of two tenants, times over a few days, profiles of random_profile with spans on some
 * samples, negative values, repeated ids.
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <pthread.h>
#include <stdio.h>

#include "model/random_profile.h"
#include "store/store.h"

#define WORKLOAD_START ((int64_t)1700000000 * 1000000000) /* a Tuesday evening */
#define WORKLOAD_SECOND ((int64_t)1000000000)

struct workload_entry {
	struct store_entry entry;
	struct store_label labels[3];
	char pod[16], service[16];
	struct profile *profile; /* owned */
};

static inline uint32_t workload_span(struct profile *p, uint32_t *seed)
{
	char trace[40], span[20];
	struct label labels[2] = { { .key = profile_string(p, VIEW("trace_id")) },
		{ .key = profile_string(p, VIEW("span_id")) } };

	snprintf(trace, sizeof(trace), "%032x", 1 + random_next(seed) % 20);
	snprintf(span, sizeof(span), "%016x", 1 + random_next(seed) % 50);
	labels[0].str = profile_string(p, view_of(trace));
	labels[1].str = profile_string(p, view_of(span));
	return profile_labels(p, labels, 2);
}

static inline struct profile *workload_profile(uint32_t *seed)
{
	struct profile *p = random_profile(random_next(seed) % 200);
	uint32_t n = random_next(seed) % 8;

	p->period = 10000000;
	p->period_type.type = profile_string(p, VIEW("cpu"));
	p->period_type.unit = profile_string(p, VIEW("nanoseconds"));
	for (uint32_t i = 0; i < n; i++) {
		int64_t values[2] = { (int64_t)(random_next(seed) % 9) - 2,
			(int64_t)(random_next(seed) % 4) << (random_next(seed) % 40) };
		uint32_t stack = STACK_EMPTY;

		for (uint32_t depth = random_next(seed) % 5; depth > 0; depth--)
			stack = profile_push(p, stack, random_location(p, seed));
		profile_add(p, stack, random_next(seed) % 3 ? workload_span(p, seed) : 0, values);
	}
	return p;
}

/* `spread_s`: how many seconds after the start profiles begin at most. */
static inline void workload_make(struct workload_entry *made, uint32_t *seed, uint32_t spread_s)
{
	uint32_t pod = random_next(seed) % 3, service = random_next(seed) % 3;

	*made = (struct workload_entry){ .profile = workload_profile(seed) };
	snprintf(made->pod, sizeof(made->pod), "pod-%u", pod);
	snprintf(made->service, sizeof(made->service), "service-%u", service);
	made->labels[0] = (struct store_label){ VIEW("host"), VIEW("h1") };
	made->labels[1] = (struct store_label){ VIEW("pod"), view_of(made->pod) };
	made->labels[2] = (struct store_label){ VIEW("service_name"), view_of(made->service) };
	made->profile->time_ns = WORKLOAD_START + random_next(seed) % spread_s * WORKLOAD_SECOND;
	made->profile->duration_ns = 10 * WORKLOAD_SECOND;
	made->entry = (struct store_entry){
		.tenant = random_next(seed) % 8 ? VIEW("") : VIEW("other"),
		.name = VIEW("process_cpu"),
		.labels = { made->labels + (pod == 2), pod == 2 ? 2 : 3 },
		.profile = made->profile,
	};
	for (size_t i = 0; i < 16; i += 4) {
		uint32_t word = random_next(seed);

		memcpy(made->entry.id + i, &word, 4);
	}
}

static inline void workload_free(struct workload_entry *made)
{
	profile_free(made->profile);
}

static inline struct store_type workload_type(uint32_t which)
{
	return (struct store_type){ VIEW("process_cpu"), which ? VIEW("cpu") : VIEW("samples"),
		which ? VIEW("nanoseconds") : VIEW("count"), VIEW("cpu"), VIEW("nanoseconds") };
}

/* An append that waits. */
struct workload_waiter {
	pthread_mutex_t lock;
	pthread_cond_t done;
	int code, n_done;
};

#define WORKLOAD_WAITER \
	((struct workload_waiter){ PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0 })

static inline void workload_done(void *owner, int code, const struct err *err)
{
	struct workload_waiter *waiter = owner;

	pthread_mutex_lock(&waiter->lock);
	if (code)
		waiter->code = code;
	waiter->n_done++;
	pthread_cond_signal(&waiter->done);
	pthread_mutex_unlock(&waiter->lock);
}

static inline int workload_append(
	struct store *store, const struct store_entry *entries, size_t n, struct err *err)
{
	struct workload_waiter waiter = WORKLOAD_WAITER;
	struct store_receipt receipt = { workload_done, &waiter };
	int rc = store_append(store, entries, n, &receipt, err);

	if (rc < 0)
		return rc;
	pthread_mutex_lock(&waiter.lock);
	while (waiter.n_done == 0)
		pthread_cond_wait(&waiter.done, &waiter.lock);
	pthread_mutex_unlock(&waiter.lock);
	return waiter.code;
}

#endif
