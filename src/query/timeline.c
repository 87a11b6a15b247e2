/* timeline: totals of a selection over time. */
#include "query/timeline.h"

#include <stdlib.h>

#include "base/vec.h"
#include "query/level_track.h"
#include "query/sums.h"
#include "store/step.h"

#define SECOND INT64_C(1000000000)

struct drawing {
	const struct timeline_options *options;
	struct timeline *into;
	struct timeline_line *line; /* of the series met last */
	uint64_t series;
	bool is_level; /* then: */
	struct level level;
	struct level_track track;
	struct err *err;
};

static int no_memory(struct drawing *d)
{
	return budget_error(d->options->select->budget, d->err);
}

static int add_line(struct drawing *d, uint32_t group)
{
	struct timeline *into = d->into;
	struct timeline_line *line;
	size_t max = d->options->lines_max ? d->options->lines_max : TIMELINE_LINES_MAX;

	if (into->n_lines == max)
		return err_set(d->err, ERR_LIMIT,
			"the label %.*s has more than %zu values here: narrow the selection",
			(int)d->options->group[0].len, d->options->group[0].at, max);
	if (!budget_take(d->options->select->budget,
		    sizeof(*line) + into->n_points * sizeof(*line->points)))
		return no_memory(d);
	line = VEC_ADD(into->lines, into->n_lines, into->cap_lines);
	if (!line)
		return no_memory(d);
	*line = (struct timeline_line){ .group = group,
		.value = groups_value(&into->groups, group, 0),
		.points = arena_alloc(&into->arena, into->n_points * sizeof(*line->points)) };
	return line->points || into->n_points == 0 ? 0 : no_memory(d);
}

/* A group's number is its line's: none is left out. */
static int find_line(struct drawing *d, const struct store_series *series)
{
	uint32_t group;
	bool is_new;

	if (d->line && d->series == series->id)
		return 0;
	group = groups_of(&d->into->groups, series, &is_new);
	if (group == GROUPS_NONE)
		return no_memory(d);
	if (is_new && add_line(d, group))
		return d->err->code;
	d->line = &d->into->lines[group];
	d->line->series++;
	d->series = series->id;
	return 0;
}

static void add_level(struct drawing *d, const struct store_part *part, size_t point)
{
	double weight = level_weight(&d->level, part->series->id);

	level_track_count(&d->track, point, part->n_profiles);
	level_track_add(&d->track, 0, point, part->total);
	d->line->total = sums_plus(d->line->total, level_parts(part->total, weight));
}

static int on_part(void *owner, const struct store_part *part)
{
	struct drawing *d = owner;
	size_t point = step_of(d->options->select, d->options->step_ns, part->begin_ns);
	struct timeline_line *line;

	if (d->is_level && d->line && d->series != part->series->id)
		level_track_give(&d->track, &d->line->points);
	if (find_line(d, part->series))
		return d->err->code;
	line = d->line;
	line->profiles += part->n_profiles;
	if (d->is_level) {
		add_level(d, part, point);
		return 0;
	}
	if (point < d->into->n_points)
		line->points[point] = sums_plus(line->points[point], part->total);
	line->total = sums_plus(line->total, part->total);
	return 0;
}

static int begin_level(struct drawing *d, struct store *store)
{
	const struct timeline_options *o = d->options;

	d->is_level = true;
	if (!level_track_init(&d->track, 1, d->into->n_points, o->step_ns, o->select->budget))
		return no_memory(d);
	return level_init(&d->level, store, o->select, d->err);
}

static void end_level(struct drawing *d)
{
	if (d->line)
		level_track_give(&d->track, &d->line->points);
	for (size_t i = 0; i < d->into->n_lines; i++) {
		struct timeline_line *line = &d->into->lines[i];

		level_settle(&line->total, 1);
		for (size_t k = 0; k < d->into->n_points; k++)
			level_settle(&line->points[k], 1);
	}
}

static int by_total(const void *a, const void *b, void *owner)
{
	const struct timeline_line *x = a, *y = b;
	const struct groups *groups = owner;
	int order = 0;

	if (x->total != y->total)
		return x->total < y->total ? 1 : -1;
	for (size_t i = 0; order == 0 && i < groups->n_labels; i++)
		order = view_compare(
			groups_value(groups, x->group, i), groups_value(groups, y->group, i));
	return order;
}

int timeline_make(struct store *store, const struct timeline_options *options, struct timeline *ret,
	struct err *err)
{
	struct err unseen = { 0 };
	struct drawing d = { .options = options, .into = ret, .err = err ? err : &unseen };
	const struct store_select *select = options->select;
	const struct store_scan scan = { .select = select,
		.detail = STORE_TOTALS,
		.step_ns = options->step_ns,
		.part = on_part,
		.owner = &d };
	uint64_t range = (uint64_t)(select->to_ns - select->from_ns), n;
	int rc;

	*ret = (struct timeline){ 0 };
	arena_init(&ret->arena, (size_t)256 << 20);
	if (options->step_ns <= 0 || select->to_ns < select->from_ns)
		return err_set(err, ERR_USAGE, "the step and the range have to be positive");
	n = (range + (uint64_t)options->step_ns - 1) / (uint64_t)options->step_ns;
	if (n > TIMELINE_POINTS_MAX)
		return err_set(err, ERR_USAGE,
			"that would be %llu points; the limit is %u: ask for a longer step",
			(unsigned long long)n, TIMELINE_POINTS_MAX);
	ret->n_points = (size_t)n;
	rc = groups_init(&ret->groups, options->group, options->n_group, d.err);
	if (rc == 0 && level_is(&select->type))
		rc = begin_level(&d, store);
	if (rc == 0)
		rc = store_scan(store, &scan, d.err);
	if (rc == 0 && d.is_level)
		end_level(&d);
	level_track_fini(&d.track);
	level_fini(&d.level);
	if (rc == 0 && ret->n_lines)
		qsort_r(ret->lines, ret->n_lines, sizeof(*ret->lines), by_total, &ret->groups);
	return rc;
}

void timeline_fini(struct timeline *timeline)
{
	free(timeline->lines);
	groups_fini(&timeline->groups);
	arena_fini(&timeline->arena);
	*timeline = (struct timeline){ 0 };
}

int64_t timeline_step(int64_t range_ns, unsigned points)
{
	static const int64_t STEPS_S[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600,
		7200, 10800, 21600, 43200, 86400 };
	size_t n = sizeof(STEPS_S) / sizeof(STEPS_S[0]);

	for (size_t i = 0; i < n; i++)
		if (range_ns / (STEPS_S[i] * SECOND) <= (int64_t)points)
			return STEPS_S[i] * SECOND;
	return (range_ns / (int64_t)points / (86400 * SECOND) + 1) * 86400 * SECOND;
}
