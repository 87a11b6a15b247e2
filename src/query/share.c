/* share: how much of a selection some functions are, over time. */
#include "query/share.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"
#include "query/level_track.h"
#include "query/stacknames.h"
#include "query/sums.h"
#include "store/step.h"

/* In which stacks of a dictionary the functions are: a bit for each. */
struct marks {
	struct store_dictionary *dictionary; /* owned */
	uint32_t *at_end, *anywhere;         /* by number of stack; owned */
	size_t n;
};

struct sharing {
	const struct share_options *options;
	struct latenames *late;
	struct share *into;
	struct map marks_of; /* id of a dictionary to its index */
	struct marks *marks; /* owned */
	size_t n_marks, cap_marks;
	bool is_level; /* then: */
	struct level level;
	struct level_track track; /* columns: the whole, of each function self, total */
	uint64_t series;          /* the one that it is of, and its line */
	uint32_t line;
	struct err *err;
};

static int no_memory(struct sharing *s)
{
	return budget_error(s->options->select->budget, s->err);
}

/* ---- where the functions are ---- */

/* Which of the functions a name is; a bit for each name's number. */
static uint32_t *bits_of_names(const struct share_options *o, const struct stacknames *names)
{
	uint32_t *bits = calloc((size_t)names->frames.n_sorted + 1, sizeof(*bits));

	for (size_t i = 0; bits && i < o->n_functions; i++) {
		uint32_t name = stacknames_find(names, o->functions[i]);

		if (name != STRINGS_NONE)
			bits[name] |= UINT32_C(1) << i;
	}
	return bits;
}

static void mark(struct marks *marks, const struct stacknames *names, const uint32_t *bits)
{
	size_t n;
	const struct dictionary_node *nodes = dictionary_nodes(marks->dictionary, &n);

	for (size_t i = 1; i < marks->n; i++) {
		const struct frame *frames = stacknames_frames(names, &nodes[i], &n);
		uint32_t anywhere = marks->anywhere[nodes[i].parent];

		for (size_t k = 0; k < n; k++)
			anywhere |= bits[frames[k].name];
		marks->anywhere[i] = anywhere;
		marks->at_end[i] = bits[frames[0].name];
	}
}

/* All of the dictionary as it is now: it may have grown. */
static int make_marks(struct sharing *s, struct marks *marks)
{
	struct budget *budget = s->options->select->budget;
	struct stacknames names = { 0 };
	uint32_t *bits = NULL;
	const struct stacknames_options how = { budget, s->late, s->options->select->tenant };
	int rc = stacknames_init(&names, marks->dictionary, &how, s->err);

	free(marks->at_end);
	free(marks->anywhere);
	if (rc == 0 && !budget_take(budget, (names.n_nodes - marks->n) * 2 * sizeof(uint32_t)))
		rc = no_memory(s);
	marks->n = names.n_nodes;
	marks->at_end = calloc(marks->n + 1, sizeof(*marks->at_end));
	marks->anywhere = calloc(marks->n + 1, sizeof(*marks->anywhere));
	if (rc == 0)
		bits = bits_of_names(s->options, &names);
	if (rc == 0 && (!bits || !marks->at_end || !marks->anywhere))
		rc = no_memory(s);
	if (rc == 0)
		mark(marks, &names, bits);
	free(bits);
	stacknames_fini(&names, budget);
	return rc;
}

static int find_marks(struct sharing *s, const struct store_part *part, struct marks **ret)
{
	bool is_new;
	uint64_t *place = map_add(&s->marks_of, dictionary_id(part->dictionary), &is_new);

	if (!place)
		return no_memory(s);
	if (is_new) {
		struct marks *added = VEC_ADD(s->marks, s->n_marks, s->cap_marks);

		if (!added)
			return no_memory(s);
		*added = (struct marks){ .dictionary = dictionary_ref(part->dictionary) };
		*place = s->n_marks - 1;
	}
	*ret = &s->marks[*place];
	if (part->n > 0 && part->stacks[part->n - 1] >= (*ret)->n)
		return make_marks(s, *ret);
	return 0;
}

/* ---- over time ---- */

static int add_line(struct sharing *s, uint32_t group)
{
	struct share *into = s->into;
	size_t n = into->n_points, n_all = n * s->options->n_functions;
	struct share_line *line;

	if (into->n_lines == SHARE_LINES_MAX)
		return err_set(s->err, ERR_LIMIT,
			"the label %.*s has more than %u values here: narrow the selection",
			(int)s->options->group[0].len, s->options->group[0].at, SHARE_LINES_MAX);
	if (!budget_take(s->options->select->budget, (n + 2 * n_all) * sizeof(int64_t)))
		return no_memory(s);
	line = VEC_ADD(into->lines, into->n_lines, into->cap_lines);
	if (!line)
		return no_memory(s);
	*line = (struct share_line){ .group = group,
		.whole = arena_alloc(&into->arena, n * sizeof(int64_t)),
		.self = arena_alloc(&into->arena, n_all * sizeof(int64_t)),
		.total = arena_alloc(&into->arena, n_all * sizeof(int64_t)) };
	if (!into->arena.failed)
		return 0;
	return err_set(s->err, ERR_LIMIT,
		"points of that many values would take more than %zu MiB: ask for a longer step, "
		"or for less",
		SHARE_BYTES_MAX >> 20);
}

static void add_to(
	struct sharing *s, struct share_line *line, size_t column, size_t point, int64_t value)
{
	size_t at = column - 1, n = s->into->n_points, functions = s->into->n_functions;
	int64_t *to;

	if (s->is_level) {
		level_track_add(&s->track, column, point, value);
		return;
	}
	to = column == 0      ? &line->whole[point]
	     : at < functions ? &line->self[at * n + point]
			      : &line->total[(at - functions) * n + point];
	*to = sums_plus(*to, value);
}

static void add_values(struct sharing *s, struct share_line *line, size_t point,
	const struct store_part *part, const struct marks *marks)
{
	size_t functions = s->into->n_functions;

	for (size_t i = 0; i < part->n; i++) {
		uint32_t anywhere = marks->anywhere[part->stacks[i]];
		uint32_t at_end = anywhere ? marks->at_end[part->stacks[i]] : 0;

		for (; anywhere; anywhere &= anywhere - 1) {
			size_t function = (size_t)__builtin_ctz(anywhere);

			add_to(s, line, 1 + functions + function, point, part->values[i]);
			if (at_end & (anywhere & -anywhere))
				add_to(s, line, 1 + function, point, part->values[i]);
		}
	}
}

/* ---- of a level ---- */

static void give_level(struct sharing *s)
{
	int64_t *columns[1 + 2 * SHARE_FUNCTIONS_MAX];
	size_t n = s->into->n_points, functions = s->into->n_functions;
	struct share_line *line = &s->into->lines[s->line];

	columns[0] = line->whole;
	for (size_t i = 0; i < functions; i++) {
		columns[1 + i] = line->self + i * n;
		columns[1 + functions + i] = line->total + i * n;
	}
	level_track_give(&s->track, columns);
}

static void add_level(
	struct sharing *s, const struct store_part *part, uint32_t group, size_t point)
{
	struct share_line *line = &s->into->lines[group];
	double weight = level_weight(&s->level, part->series->id);

	if (s->track.end && s->series != part->series->id)
		give_level(s);
	s->series = part->series->id;
	s->line = group;
	level_track_count(&s->track, point, part->n_profiles);
	line->sum = sums_plus(line->sum, level_parts(part->total, weight));
}

static int begin_level(struct sharing *s, struct store *store)
{
	const struct share_options *o = s->options;

	s->is_level = true;
	if (!level_track_init(&s->track, 1 + 2 * o->n_functions, s->into->n_points, o->step_ns,
		    o->select->budget))
		return no_memory(s);
	return level_init(&s->level, store, o->select, s->err);
}

static void settle(int64_t *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		level_settle(&values[i], 1);
}

static void end_level(struct sharing *s)
{
	size_t n = s->into->n_points, n_all = n * s->into->n_functions;

	if (s->track.end)
		give_level(s);
	for (size_t i = 0; i < s->into->n_lines; i++) {
		struct share_line *line = &s->into->lines[i];

		level_settle(&line->sum, 1);
		settle(line->whole, n);
		settle(line->self, n_all);
		settle(line->total, n_all);
	}
}

/* ---- all of it ---- */

static int on_part(void *owner, const struct store_part *part)
{
	struct sharing *s = owner;
	bool is_new;
	uint32_t group = groups_of(&s->into->groups, part->series, &is_new);
	size_t point = step_of(s->options->select, s->options->step_ns, part->begin_ns);
	struct share_line *line;
	struct marks *marks = NULL;
	int rc = group == GROUPS_NONE ? no_memory(s) : 0;

	if (rc == 0 && is_new)
		rc = add_line(s, group);
	if (rc == 0)
		rc = find_marks(s, part, &marks);
	if (rc < 0 || point >= s->into->n_points)
		return rc;
	line = &s->into->lines[group];
	if (s->is_level)
		add_level(s, part, group, point);
	else
		line->sum = sums_plus(line->sum, part->total);
	add_to(s, line, 0, point, part->total);
	add_values(s, line, point, part, marks);
	return 0;
}

static int by_sum(const void *a, const void *b)
{
	const struct share_line *x = a, *y = b;

	if (x->sum != y->sum)
		return x->sum < y->sum ? 1 : -1;
	return x->group < y->group ? -1 : x->group > y->group;
}

static int check(const struct share_options *o, size_t *ret_points, struct err *err)
{
	uint64_t range = (uint64_t)(o->select->to_ns - o->select->from_ns), n;

	if (o->n_functions == 0 || o->n_functions > SHARE_FUNCTIONS_MAX)
		return err_set(err, ERR_USAGE, "1 to %u functions can be asked for at once",
			SHARE_FUNCTIONS_MAX);
	if (o->step_ns <= 0 || o->select->to_ns < o->select->from_ns)
		return err_set(err, ERR_USAGE, "the step and the range have to be positive");
	n = range / (uint64_t)o->step_ns + (range % (uint64_t)o->step_ns > 0);
	if (n > SHARE_POINTS_MAX)
		return err_set(err, ERR_USAGE,
			"that would be %llu points; the limit is %u: ask for a longer step",
			(unsigned long long)n, SHARE_POINTS_MAX);
	*ret_points = (size_t)n;
	return 0;
}

static void dispose(struct sharing *s)
{
	for (size_t i = 0; i < s->n_marks; i++) {
		dictionary_unref(s->marks[i].dictionary);
		free(s->marks[i].at_end);
		free(s->marks[i].anywhere);
	}
	free(s->marks);
	map_fini(&s->marks_of);
	level_track_fini(&s->track);
	level_fini(&s->level);
}

int share_make(struct store *store, const struct share_options *options, struct share *ret,
	struct err *err)
{
	struct err unseen = { 0 };
	struct sharing s = { .options = options,
		.late = store_names(store),
		.into = ret,
		.err = err ? err : &unseen };
	const struct store_scan scan = { .select = options->select,
		.detail = STORE_STACKS,
		.step_ns = options->step_ns,
		.part = on_part,
		.owner = &s };
	int rc;

	*ret = (struct share){ .n_functions = options->n_functions };
	arena_init(&ret->arena, SHARE_BYTES_MAX);
	rc = check(options, &ret->n_points, s.err);
	if (rc == 0)
		rc = groups_init(&ret->groups, options->group, options->n_group, s.err);
	if (rc == 0 && level_is(&options->select->type))
		rc = begin_level(&s, store);
	if (rc == 0)
		rc = store_scan(store, &scan, s.err);
	if (rc == 0 && s.is_level)
		end_level(&s);
	dispose(&s);
	if (rc == 0 && ret->n_lines > 0)
		qsort(ret->lines, ret->n_lines, sizeof(*ret->lines), by_sum);
	return rc;
}

void share_fini(struct share *share)
{
	free(share->lines);
	groups_fini(&share->groups);
	arena_fini(&share->arena);
	*share = (struct share){ 0 };
}
