/* tenants: what each tenant has sent lately, against its limits. */
#include "ingest/tenants.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"

#define HOUR_NS UINT64_C(3600000000000)
#define SECOND_NS UINT64_C(1000000000)
#define NAMES_MAX 256 /* names of labels whose values are counted */

struct counted_name {
	char name[64]; /* as much of it as an error shows */
	uint64_t hash, values;
};

/* What came within an hour. */
struct hour {
	struct map series, pairs; /* hashes of series; of names with values */
	struct counted_name names[NAMES_MAX];
	size_t n_names;
};

struct tenant {
	const struct rulebook *book;
	pthread_mutex_t lock;
	char *name;                /* owned */
	struct hour *now, *before; /* owned; as all below, under the lock */
	uint64_t hour_end_ns;
	int64_t credit; /* bytes */
	uint64_t credit_at_ns;
};

struct tenants {
	const struct rulebook *book;
	pthread_mutex_t lock;
	struct tenant **at; /* owned; under the lock */
	size_t n, cap;
};

struct tenants *tenants_new(const struct rulebook *book)
{
	struct tenants *tenants = calloc(1, sizeof(*tenants));

	if (!tenants)
		return NULL;
	tenants->book = book;
	pthread_mutex_init(&tenants->lock, NULL);
	return tenants;
}

static void hour_free(struct hour *hour)
{
	if (!hour)
		return;
	map_fini(&hour->series);
	map_fini(&hour->pairs);
	free(hour);
}

static void tenant_free(struct tenant *tenant)
{
	hour_free(tenant->now);
	hour_free(tenant->before);
	pthread_mutex_destroy(&tenant->lock);
	free(tenant->name);
	free(tenant);
}

void tenants_free(struct tenants *tenants)
{
	if (!tenants)
		return;
	for (size_t i = 0; i < tenants->n; i++)
		tenant_free(tenants->at[i]);
	free(tenants->at);
	pthread_mutex_destroy(&tenants->lock);
	free(tenants);
}

static struct tenant *tenant_new(const struct tenants *tenants, struct view name)
{
	struct tenant *tenant = calloc(1, sizeof(*tenant));

	if (!tenant)
		return NULL;
	tenant->name = strndup(name.at ? name.at : "", name.len);
	tenant->now = calloc(1, sizeof(*tenant->now));
	tenant->before = calloc(1, sizeof(*tenant->before));
	tenant->book = tenants->book;
	tenant->credit = (int64_t)rulebook_limits(tenants->book)->burst_bytes;
	pthread_mutex_init(&tenant->lock, NULL);
	if (tenant->name && tenant->now && tenant->before)
		return tenant;
	tenant_free(tenant);
	return NULL;
}

/* Under the lock. A server has few tenants. */
static struct tenant *find(struct tenants *tenants, struct view name, struct refusal *refusal)
{
	struct tenant *added, **place;

	for (size_t i = 0; i < tenants->n; i++)
		if (view_equal(view_of(tenants->at[i]->name), name))
			return tenants->at[i];
	if (tenants->n >= rulebook_limits(tenants->book)->tenants) {
		refusal_set(refusal, 429,
			"there are %zu tenants already; the limit is %llu (limits.tenants)",
			tenants->n, (unsigned long long)rulebook_limits(tenants->book)->tenants);
		return NULL;
	}
	added = tenant_new(tenants, name);
	place = added ? VEC_ADD(tenants->at, tenants->n, tenants->cap) : NULL;
	if (place)
		return *place = added;
	if (added)
		tenant_free(added);
	refusal_set(refusal, 503, "out of memory");
	return NULL;
}

struct tenant *tenants_find(struct tenants *tenants, struct view name, struct refusal *refusal)
{
	struct tenant *tenant;

	pthread_mutex_lock(&tenants->lock);
	tenant = find(tenants, name, refusal);
	pthread_mutex_unlock(&tenants->lock);
	return tenant;
}

/* What came in since the last time, up to the burst. */
static void earn(struct tenant *tenant, uint64_t now_ns)
{
	const struct limits *limits = rulebook_limits(tenant->book);
	uint64_t since_ns = tenant->credit_at_ns ? now_ns - tenant->credit_at_ns : 0;
	double earned = (double)since_ns / 1e9 * (double)limits->rate_bytes;

	tenant->credit_at_ns = now_ns;
	if (earned >= (double)limits->burst_bytes - (double)tenant->credit)
		tenant->credit = (int64_t)limits->burst_bytes;
	else
		tenant->credit += (int64_t)earned;
}

int tenants_spend(struct tenant *tenant, uint64_t bytes, uint64_t now_ns, struct refusal *refusal)
{
	const struct limits *limits = rulebook_limits(tenant->book);
	int64_t credit;

	pthread_mutex_lock(&tenant->lock);
	if (now_ns > tenant->credit_at_ns)
		earn(tenant, now_ns);
	credit = tenant->credit;
	if (credit > 0) /* what is larger than what is left is a debt to work off */
		tenant->credit -= (int64_t)bytes;
	pthread_mutex_unlock(&tenant->lock);
	if (credit > 0)
		return 0;
	refusal->retry_after_s = (unsigned)((uint64_t)-credit / limits->rate_bytes + 1);
	return refusal_set(refusal, 429,
		"more than %llu bytes of profiles a second (limits.rate_bytes, "
		"limits.burst_bytes): "
		"try again in %u s",
		(unsigned long long)limits->rate_bytes, refusal->retry_after_s);
}

static void turn_hour(struct tenant *tenant, uint64_t now_ns)
{
	struct hour *fresh;

	if (now_ns < tenant->hour_end_ns)
		return;
	fresh = calloc(1, sizeof(*fresh));
	if (!fresh)
		return; /* the hour gets longer */
	hour_free(tenant->before);
	tenant->before = tenant->now;
	tenant->now = fresh;
	if (now_ns > tenant->hour_end_ns + HOUR_NS && tenant->hour_end_ns) {
		map_fini(&tenant->before->series);
		tenant->before->series = (struct map){ 0 };
	}
	tenant->hour_end_ns = now_ns + HOUR_NS;
}

static struct counted_name *name_with(struct hour *hour, struct view name)
{
	uint64_t hash = hash_keyed_view(name);
	struct counted_name *added;
	size_t len = name.len < sizeof(added->name) ? name.len : sizeof(added->name) - 1;

	for (size_t i = 0; i < hour->n_names; i++)
		if (hour->names[i].hash == hash)
			return &hour->names[i];
	if (hour->n_names == NAMES_MAX)
		return NULL;
	added = &hour->names[hour->n_names++];
	added->hash = hash;
	memcpy(added->name, name.at, len);
	return added;
}

static void count_values(struct hour *hour, const struct labelset *labels)
{
	for (size_t i = 0; i < labels->n; i++) {
		struct counted_name *name;
		bool is_new;
		uint64_t pair = hash_keyed_pair(
			hash_keyed_view(labels->at[i].name), hash_keyed_view(labels->at[i].value));

		if (!map_add(&hour->pairs, pair, &is_new) || !is_new)
			continue;
		name = name_with(hour, labels->at[i].name);
		if (name)
			name->values++;
	}
}

static int too_many(const struct tenant *tenant, struct refusal *refusal)
{
	const struct counted_name *worst = NULL;

	for (size_t i = 0; i < tenant->now->n_names; i++)
		if (!worst || tenant->now->names[i].values > worst->values)
			worst = &tenant->now->names[i];
	refusal->retry_after_s = 60;
	return refusal_set(refusal, 429,
		"more than %llu series within an hour (limits.series); the label '%s' has the most "
		"values, %llu",
		(unsigned long long)rulebook_limits(tenant->book)->series, worst ? worst->name : "",
		(unsigned long long)(worst ? worst->values : 0));
}

static int admit(struct tenant *tenant, uint64_t series, const struct labelset *labels,
	struct refusal *refusal)
{
	struct hour *now = tenant->now, *before = tenant->before;

	if (map_find(&now->series, series))
		return 0;
	if (!map_find(&before->series, series) &&
		now->series.count + before->series.count >= rulebook_limits(tenant->book)->series)
		return too_many(tenant, refusal);
	map_remove(&before->series, series);
	if (!map_add(&now->series, series, NULL))
		return refusal_set(refusal, 503, "out of memory");
	count_values(now, labels);
	return 0;
}

int tenants_admit(struct tenant *tenant, struct view name, const struct labelset *labels,
	uint64_t now_ns, struct refusal *refusal)
{
	uint64_t series = hash_pair(hash_keyed_view(name), labelset_hash(labels));
	int rc;

	pthread_mutex_lock(&tenant->lock);
	turn_hour(tenant, now_ns);
	rc = admit(tenant, series, labels, refusal);
	pthread_mutex_unlock(&tenant->lock);
	return rc;
}

void tenants_figures(struct tenants *tenants, struct tenants_figures *ret)
{
	pthread_mutex_lock(&tenants->lock);
	*ret = (struct tenants_figures){ .tenants = tenants->n };
	for (size_t i = 0; i < tenants->n; i++) {
		struct tenant *tenant = tenants->at[i];

		pthread_mutex_lock(&tenant->lock);
		ret->series += tenant->now->series.count + tenant->before->series.count;
		pthread_mutex_unlock(&tenant->lock);
	}
	pthread_mutex_unlock(&tenants->lock);
}
