/* evidence_roots: what stacks begin with. */
#include "query/evidence_roots.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"
#include "query/groups.h"
#include "query/stacknames.h"
#include "query/sums.h"

struct reading {
	const struct evidence *of;
	struct evidence_roots *into;
	struct map sums_of, series_of;
	struct sums *sums; /* owned */
	size_t n_sums, cap_sums;
	uint64_t last; /* series met, and whether it is of one of the hosts */
	bool wanted;
	struct budget *budget;
	struct err *err;
};

static int no_memory(struct reading *r)
{
	return budget_error(r->budget, r->err);
}

static bool is_of_host(const struct evidence *of, const struct store_series *series)
{
	struct view host = groups_label(series, VIEW(EVIDENCE_HOST));

	for (size_t i = 0; i < of->n_hosts; i++)
		if (view_equal(of->hosts[i].host, host))
			return true;
	return false;
}

static bool is_wanted(struct reading *r, const struct store_series *series)
{
	if (!r->of)
		return true;
	if (r->series_of.count == 0 || r->last != series->id)
		r->wanted = is_of_host(r->of, series);
	r->last = series->id;
	return r->wanted;
}

static int on_part(void *owner, const struct store_part *part)
{
	struct reading *r = owner;
	bool is_new;
	uint64_t *place;

	if (!is_wanted(r, part->series))
		return 0;
	place = map_add(&r->sums_of, dictionary_id(part->dictionary), &is_new);
	if (!place || !map_add(&r->series_of, part->series->id, NULL))
		return no_memory(r);
	if (is_new) {
		struct sums *added = VEC_ADD(r->sums, r->n_sums, r->cap_sums);

		if (!added)
			return no_memory(r);
		sums_init(added, part->dictionary, r->budget);
		*place = r->n_sums - 1;
	}
	return sums_add(&r->sums[*place], part) ? 0 : no_memory(r);
}

/* What the outermost frame of a location is called; good as long as `scratch` is. */
static struct view name_of(const struct sums *sums, size_t stack, struct profile *scratch)
{
	uint32_t id = dictionary_location(sums->dictionary, sums->nodes[stack].frame, scratch);
	const struct location *location;

	if (id == PROFILE_NONE)
		return VIEW("");
	location = &scratch->locations[id];
	if (location->n_lines == 0)
		return VIEW("");
	return profile_text(scratch,
		scratch->functions[scratch->lines[location->first_line + location->n_lines - 1]
					   .function]
			.name);
}

static void add_truncated(struct evidence_roots *into, struct view name, int64_t value)
{
	struct view reason = view_between(name.at + sizeof("[truncated: ") - 1, view_end(name) - 1);

	for (int i = 0; i < TRUNCATED_REASONS; i++)
		if (view_equal(reason, view_of(truncated_name((enum truncated_reason)i)))) {
			into->truncated[i] = sums_plus(into->truncated[i], value);
			return;
		}
	into->truncated_otherwise = sums_plus(into->truncated_otherwise, value);
}

static void add_capture(struct accounting *a, struct view outer, struct view inner, int64_t value)
{
	uint64_t count = value > 0 ? (uint64_t)value : 0;

	if (view_equal(outer, VIEW("complete")))
		a->complete += count;
	else if (view_equal(outer, VIEW("idle")))
		a->idle_ticks += count;
	for (int i = 0; i < TRUNCATED_REASONS && view_equal(outer, VIEW("truncated")); i++)
		if (view_equal(inner, view_of(truncated_name((enum truncated_reason)i))))
			a->truncated[i] += count;
	for (int i = 0; i < LOST_REASONS && view_equal(outer, VIEW("lost")); i++)
		if (view_equal(inner, view_of(lost_name((enum lost_reason)i))))
			a->lost[i] += count;
}

static int read_sums(struct reading *r, struct sums *sums)
{
	PROFILE_AUTO scratch = profile_new();

	if (!scratch || !sums_total(sums))
		return no_memory(r);
	r->into->total = sums_plus(r->into->total, sums->n ? sums->total[0] : 0);
	for (size_t i = 1; i < sums->n; i++) {
		uint32_t parent = sums->nodes[i].parent;
		bool is_root = parent == 0;
		struct view outer, inner = VIEW("");

		if (!sums->weight[i] || (!is_root && (!r->of || sums->nodes[parent].parent)))
			continue;
		outer = name_of(sums, is_root ? i : parent, scratch);
		if (!is_root)
			inner = name_of(sums, i, scratch);
		if (is_root && view_starts(outer, VIEW("[truncated: ")))
			add_truncated(r->into, outer, sums->total[i]);
		if (r->of)
			add_capture(&r->into->capture, outer, inner,
				is_root ? sums->self[i] : sums->total[i]);
		if (scratch->failed)
			return no_memory(r);
	}
	return 0;
}

static void finish(struct evidence_roots *roots)
{
	struct accounting *a = &roots->capture;

	a->attempted = a->complete + accounting_truncated(a) + accounting_lost(a);
	a->all_ticks = a->attempted + a->idle_ticks;
	a->known = a->all_ticks > 0;
}

int evidence_roots_read(struct store *store, const struct store_select *select,
	const struct evidence *of, struct evidence_roots *ret, struct err *err)
{
	struct reading r = { .of = of, .into = ret, .budget = select->budget, .err = err };
	const struct store_scan scan = {
		.select = select, .detail = STORE_STACKS, .part = on_part, .owner = &r
	};
	int rc = store_scan(store, &scan, err);

	for (size_t i = 0; rc == 0 && i < r.n_sums; i++)
		rc = read_sums(&r, &r.sums[i]);
	for (size_t i = 0; rc == 0 && ret->unnamed && i < r.n_sums; i++)
		rc = evidence_unnamed_add(ret->unnamed, &r.sums[i],
			&(struct evidence_unnamed_options){
				store_names(store), select->tenant, select->budget },
			err);
	for (size_t i = 0; i < r.n_sums; i++)
		sums_fini(&r.sums[i]);
	ret->n_series = r.series_of.count;
	finish(ret);
	free(r.sums);
	map_fini(&r.sums_of);
	map_fini(&r.series_of);
	return rc;
}
