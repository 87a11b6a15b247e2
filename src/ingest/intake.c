/* intake: where all ways in meet. */
#include "ingest/intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/vec.h"
#include "ingest/split.h"
#include "ingest/tenants.h"

#define SECOND_NS INT64_C(1000000000)

struct intake {
	struct store *store;
	struct rulebook *book;
	struct tenants *tenants;
	struct readroom room;
	atomic_uint_fast64_t profiles, samples, bytes, labels_left_out, stacks_cut;
};

void intake_batch_fini(struct intake_batch *batch)
{
	for (size_t i = 0; i < batch->n; i++)
		profile_free(batch->at[i].profile);
	free(batch->at);
	arena_fini(&batch->arena);
	readroom_leave(&batch->seat);
	*batch = (struct intake_batch){ 0 };
}

struct intake_profile *intake_batch_add(struct intake_batch *batch, struct profile *profile)
{
	struct intake_profile *added = VEC_ADD(batch->at, batch->n, batch->cap);

	if (!added) {
		batch->failed = true;
		profile_free(profile);
		return NULL;
	}
	*added = (struct intake_profile){ .profile = profile };
	labelset_init(&added->labels, &batch->arena);
	return added;
}

void intake_batch_drop(struct intake_batch *batch)
{
	profile_free(batch->at[--batch->n].profile);
}

struct intake *intake_new(struct store *store, const struct limits *limits)
{
	struct intake *intake = calloc(1, sizeof(*intake));

	if (!intake)
		return NULL;
	intake->store = store;
	readroom_init(&intake->room, 0, NULL);
	intake->book = rulebook_new(limits);
	intake->tenants = intake->book ? tenants_new(intake->book) : NULL;
	if (intake->tenants)
		return intake;
	rulebook_free(intake->book);
	readroom_fini(&intake->room);
	free(intake);
	return NULL;
}

struct readroom *intake_room(struct intake *intake)
{
	return &intake->room;
}

void intake_bound(struct intake *intake, size_t bytes_max, struct budget_pool *lender)
{
	intake->room.bytes_max = bytes_max;
	intake->room.lender = lender;
}

bool intake_replace_limits(struct intake *intake, const struct limits *limits)
{
	return rulebook_replace(intake->book, limits);
}

void intake_free(struct intake *intake)
{
	if (!intake)
		return;
	tenants_free(intake->tenants);
	rulebook_free(intake->book);
	readroom_fini(&intake->room);
	free(intake);
}

const struct limits *intake_limits(const struct intake *intake)
{
	return rulebook_limits(intake->book);
}

static int check_time(const struct limits *limits, int64_t time_ns, struct refusal *refusal)
{
	int64_t now_ns = (int64_t)clock_realtime_ns();
	int64_t old_ns = (int64_t)limits->age_seconds * SECOND_NS;
	int64_t ahead_ns = (int64_t)limits->ahead_seconds * SECOND_NS;

	if (time_ns < now_ns - old_ns)
		return refusal_set(refusal, 422,
			"the profile's time is %lld s ago; the limit is %llu s "
			"(limits.age_seconds)",
			(long long)((now_ns - time_ns) / SECOND_NS),
			(unsigned long long)limits->age_seconds);
	if (time_ns > now_ns + ahead_ns)
		return refusal_set(refusal, 422,
			"the profile's time is %lld s ahead of this server's clock; the limit is "
			"%llu s (limits.ahead_seconds)",
			(long long)((time_ns - now_ns) / SECOND_NS),
			(unsigned long long)limits->ahead_seconds);
	return 0;
}

int intake_check(
	const struct limits *limits, const struct intake_profile *item, struct refusal *refusal)
{
	if (!labelset_find(&item->labels, "service_name").len)
		return refusal_set(refusal, 400, "a profile needs the label service_name");
	if (!item->name.len)
		return refusal_set(refusal, 400, "a profile needs a name, such as process_cpu");
	if (!item->profile->n_types)
		return refusal_set(refusal, 400, "a profile without sample types");
	if (labelset_check(&item->labels, limits, refusal) < 0)
		return ERR_USAGE;
	return check_time(limits, item->profile->time_ns, refusal);
}

struct taking { /* of a batch */
	struct intake *intake;
	const struct limits *limits;
	struct tenant *tenant;
	struct view tenant_name;
	struct refusal *refusal;
	struct store_entry *entries; /* owned */
	size_t n_entries, cap_entries, n_left_out, n_samples;
};

/* A series of the profile keeps its id through every retry. */
static void make_id(struct hash128 id, const struct labelset *labels, uint8_t *into)
{
	struct hash128 whole = { id.low ^ labelset_hash(labels), id.high };

	memcpy(into, &whole, sizeof(whole));
}

static int add_entry(struct taking *t, const struct intake_profile *item, struct split_group *group)
{
	struct store_entry *entry;
	int rc = tenants_admit(
		t->tenant, item->name, &group->labels, clock_monotonic_ns(), t->refusal);

	if (rc < 0)
		return rc;
	entry = VEC_ADD(t->entries, t->n_entries, t->cap_entries);
	if (!entry)
		return refusal_set(t->refusal, 503, "out of memory");
	*entry = (struct store_entry){ .tenant = t->tenant_name,
		.name = item->name,
		.labels = labelset_view(&group->labels),
		.profile = item->profile,
		.samples = group->samples,
		.n_samples = group->n_samples };
	make_id(item->id, &group->labels, entry->id);
	return 0;
}

static int add_profile(struct taking *t, const struct intake_profile *item)
{
	struct split split;
	int rc = intake_check(t->limits, item, t->refusal);

	if (rc < 0)
		return rc;
	if (!split_samples(
		    item->profile, &item->labels, item->samples_count_more, t->limits, &split))
		return refusal_set(t->refusal, 503, "out of memory");
	t->n_left_out += split.n_left_out;
	t->n_samples += item->profile->n_samples;
	for (size_t i = 0; rc == 0 && i < split.n_groups; i++)
		rc = add_entry(t, item, &split.groups[i]);
	return rc;
}

static int append(struct taking *t, const struct store_receipt *receipt)
{
	struct err err = { 0 };
	int rc = store_append(t->intake->store, t->entries, t->n_entries, receipt, &err);

	if (rc == 0)
		return 0;
	if (rc != ERR_LIMIT)
		return refusal_of(t->refusal, &err, NULL);
	t->refusal->retry_after_s = 5;
	return refusal_set(t->refusal, 503, "%s", err.text);
}

static int take_all(
	struct taking *t, const struct intake_batch *batch, const struct store_receipt *receipt)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < batch->n; i++)
		rc = add_profile(t, &batch->at[i]);
	return rc < 0 ? rc : append(t, receipt);
}

static void count(struct taking *t, const struct intake_batch *batch)
{
	atomic_fetch_add(&t->intake->profiles, batch->n);
	atomic_fetch_add(&t->intake->samples, t->n_samples);
	atomic_fetch_add(&t->intake->bytes, batch->bytes);
	atomic_fetch_add(&t->intake->labels_left_out, t->n_left_out);
	atomic_fetch_add(&t->intake->stacks_cut, batch->n_cut);
}

int intake_take(struct intake *intake, struct view tenant, const struct intake_batch *batch,
	const struct store_receipt *receipt, struct refusal *refusal)
{
	struct taking t = { .intake = intake,
		.limits = intake_limits(intake),
		.tenant_name = tenant,
		.refusal = refusal };
	int rc;

	if (batch->failed)
		return refusal_set(refusal, 503, "out of memory");
	if (batch->n > t.limits->profiles)
		return refusal_set(refusal, 413,
			"%zu profiles in a request; the limit is %llu (limits.profiles)", batch->n,
			(unsigned long long)t.limits->profiles);
	t.tenant = tenants_find(intake->tenants, tenant, refusal);
	if (!t.tenant)
		return ERR_USAGE;
	rc = tenants_spend(t.tenant, batch->bytes, clock_monotonic_ns(), refusal);
	if (rc == 0)
		rc = take_all(&t, batch, receipt);
	if (rc == 0)
		count(&t, batch);
	free(t.entries);
	return rc;
}

void intake_figures(struct intake *intake, struct intake_figures *ret)
{
	struct tenants_figures tenants;

	tenants_figures(intake->tenants, &tenants);
	*ret = (struct intake_figures){ .profiles = intake->profiles,
		.bytes_reading = readroom_taken(&intake->room),
		.samples = intake->samples,
		.bytes = intake->bytes,
		.labels_left_out = intake->labels_left_out,
		.stacks_cut = intake->stacks_cut,
		.tenants = tenants.tenants,
		.series = tenants.series };
}
