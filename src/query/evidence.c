/* evidence: what a selection rests on. */
#include "query/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "query/evidence_roots.h"
#include "query/groups.h"
#include "query/level.h"
#include "query/sums.h"
#include "query/timeline.h"

#define HOUR INT64_C(3600000000000)

struct looking {
	struct evidence *into;
	const struct store_select *select;
	uint32_t *host_of; /* of a text: its host plus one; owned */
	size_t cap_host_of;
	uint64_t last;             /* series met */
	struct store_type samples; /* the type that counts them; nameless = not met */
	struct level level;
	struct err *err;
};

static int no_memory(struct looking *l)
{
	return budget_error(l->select->budget, l->err);
}

static struct evidence_host *host_of(struct looking *l, const struct store_series *series)
{
	struct evidence *into = l->into;
	struct view name = groups_label(series, VIEW(EVIDENCE_HOST));
	uint32_t id = strings_add(&into->texts, name);
	size_t before = l->cap_host_of;
	struct evidence_host *host;

	if (id == STRINGS_NONE || !VEC_FITS(l->host_of, l->cap_host_of, (size_t)id + 1)) {
		no_memory(l);
		return NULL;
	}
	if (l->cap_host_of > before)
		memset(l->host_of + before, 0, (l->cap_host_of - before) * sizeof(*l->host_of));
	if (l->host_of[id])
		return &into->hosts[l->host_of[id] - 1];
	if (into->n_hosts == EVIDENCE_HOSTS_MAX) {
		into->hosts_left_out++;
		return NULL;
	}
	host = VEC_ADD(into->hosts, into->n_hosts, into->cap_hosts);
	if (!host) {
		no_memory(l);
		return NULL;
	}
	*host = (struct evidence_host){ .host = strings_at(&into->texts, id) };
	l->host_of[id] = (uint32_t)into->n_hosts;
	return host;
}

static unsigned step_of(const struct looking *l, int64_t time_ns)
{
	int64_t at = (time_ns - l->select->from_ns) / l->into->step_ns;

	return at < 0 ? 0 : at < l->into->n_steps ? (unsigned)at : l->into->n_steps - 1;
}

static void see(struct looking *l, struct evidence_host *host, const struct store_part *part)
{
	int64_t last_ns = part->end_ns > part->begin_ns ? part->end_ns - 1 : part->begin_ns;

	if (host->profiles == 0 || part->begin_ns < host->begin_ns)
		host->begin_ns = part->begin_ns;
	if (part->end_ns > host->end_ns)
		host->end_ns = part->end_ns;
	host->profiles += part->n_profiles;
	for (unsigned i = step_of(l, part->begin_ns); i <= step_of(l, last_ns); i++) {
		uint64_t bit = UINT64_C(1) << (i % 64);

		host->n_seen += !(host->seen[i / 64] & bit);
		host->seen[i / 64] |= bit;
	}
}

/* Which type of the series counts samples. */
static void find_samples(struct looking *l, const struct store_series *series)
{
	static const char *const NAMES[] = { "samples", "sample", "contentions" };

	for (size_t i = 0; i < series->n_types && !l->into->has_samples; i++)
		for (size_t k = 0; k < sizeof(NAMES) / sizeof(NAMES[0]); k++)
			if (view_equal(series->types[i].type, view_of(NAMES[k])) &&
				view_equal(series->types[i].unit, VIEW("count"))) {
				l->samples = series->types[i];
				l->into->has_samples = true;
			}
}

/* The texts of a type are the series', which the store may drop. */
static int keep_samples(struct looking *l)
{
	struct view *texts[] = { &l->samples.name, &l->samples.type, &l->samples.unit,
		&l->samples.period_type, &l->samples.period_unit };

	for (size_t i = 0; i < 5; i++) {
		uint32_t id = strings_add(&l->into->texts, *texts[i]);

		if (id == STRINGS_NONE)
			return no_memory(l);
		*texts[i] = strings_at(&l->into->texts, id);
	}
	return 0;
}

static int meet(struct looking *l, const struct store_series *series)
{
	l->last = series->id;
	l->into->series++;
	if (l->into->has_samples)
		return 0;
	find_samples(l, series);
	return l->into->has_samples ? keep_samples(l) : 0;
}

static int on_part(void *owner, const struct store_part *part)
{
	struct looking *l = owner;
	struct evidence *into = l->into;
	struct evidence_host *host;

	if ((into->profiles == 0 || l->last != part->series->id) && meet(l, part->series))
		return l->err->code;
	if (into->profiles == 0 || part->begin_ns < into->begin_ns)
		into->begin_ns = part->begin_ns;
	if (part->end_ns > into->end_ns)
		into->end_ns = part->end_ns;
	into->profiles += part->n_profiles;
	into->total = sums_plus(into->total,
		l->level.is_one
			? part->total
			: level_parts(part->total, level_weight(&l->level, part->series->id)));
	host = host_of(l, part->series);
	if (!host)
		return l->err->code;
	see(l, host, part);
	return 0;
}

static int count_samples(struct looking *l, struct store *store)
{
	struct store_select select = *l->select;
	struct evidence_roots roots = { .unnamed = &l->into->unnamed };
	int rc;

	if (l->into->has_samples)
		select.type = l->samples;
	rc = evidence_roots_read(store, &select, NULL, &roots, l->err);
	evidence_unnamed_sort(&l->into->unnamed);
	l->into->samples = roots.total;
	memcpy(l->into->truncated, roots.truncated, sizeof(roots.truncated));
	l->into->truncated_otherwise = roots.truncated_otherwise;
	return rc;
}

static int read_capture(struct looking *l, struct store *store)
{
	struct store_select select = { .tenant = l->select->tenant,
		.type = { VIEW("capture"), VIEW("samples"), VIEW("count"), VIEW("samples"),
			VIEW("count") },
		.from_ns = l->select->from_ns,
		.to_ns = l->select->to_ns,
		.budget = l->select->budget };
	struct evidence_roots roots = { 0 };
	int rc = evidence_roots_read(store, &select, l->into, &roots, l->err);

	l->into->capture = roots.capture;
	l->into->capture_hosts = roots.n_series;
	return rc;
}

static int by_profiles(const void *a, const void *b)
{
	const struct evidence_host *x = a, *y = b;

	if (x->profiles != y->profiles)
		return x->profiles < y->profiles ? 1 : -1;
	return view_compare(x->host, y->host);
}

int evidence_gather(struct store *store, const struct store_select *select, struct evidence *ret,
	struct err *err)
{
	struct err unseen = { 0 };
	struct looking l = { .into = ret, .select = select, .err = err ? err : &unseen };
	struct store_scan scan = { .select = select, .part = on_part, .owner = &l };
	int64_t range = select->to_ns - select->from_ns;
	int rc;

	*ret = (struct evidence){ 0 };
	if (range <= 0)
		return err_set(err, ERR_USAGE, "the range is empty");
	ret->step_ns = timeline_step(range, EVIDENCE_SLOTS);
	scan.step_ns = ret->step_ns < HOUR ? ret->step_ns : 0; /* hours are rolled up */
	ret->n_steps = (unsigned)((range - 1) / ret->step_ns + 1);
	if (ret->n_steps > EVIDENCE_SLOTS)
		ret->n_steps = EVIDENCE_SLOTS;
	rc = level_init(&l.level, store, select, l.err);
	if (rc == 0)
		rc = store_scan(store, &scan, l.err);
	if (!l.level.is_one)
		level_settle(&ret->total, 1);
	if (rc == 0 && ret->profiles > 0)
		rc = count_samples(&l, store);
	if (rc == 0 && ret->n_hosts > 0)
		rc = read_capture(&l, store);
	if (rc == 0 && ret->n_hosts > 0)
		qsort(ret->hosts, ret->n_hosts, sizeof(*ret->hosts), by_profiles);
	free(l.host_of);
	level_fini(&l.level);
	return rc;
}

void evidence_fini(struct evidence *evidence)
{
	free(evidence->hosts);
	evidence_unnamed_fini(&evidence->unnamed);
	strings_fini(&evidence->texts);
	*evidence = (struct evidence){ 0 };
}

struct accounting evidence_accounting(const struct evidence *evidence)
{
	struct accounting a = { .known = evidence->has_samples,
		.idle_ticks = evidence->capture.idle_ticks,
		.all_ticks = evidence->capture.all_ticks };
	int64_t complete = evidence->samples - evidence->truncated_otherwise;

	if (!a.known || evidence->samples < 0)
		return (struct accounting){ 0 };
	for (int i = 0; i < TRUNCATED_REASONS; i++) {
		a.truncated[i] = (uint64_t)evidence->truncated[i];
		complete -= evidence->truncated[i];
	}
	a.truncated[TRUNCATED_BAD_FRAME] += (uint64_t)evidence->truncated_otherwise;
	a.attempted = (uint64_t)evidence->samples;
	a.complete = complete > 0 ? (uint64_t)complete : 0;
	return a;
}
