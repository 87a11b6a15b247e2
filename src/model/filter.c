/* filter: the part of a profile that is asked for, by names and by labels. */
#include "model/filter.h"

#include <stdlib.h>

#include "base/vec.h"
#include "model/copy.h"

/* Of a location, and of a stack: what lies on the way to it. */
enum {
	FOCUSED = 1, /* a match of focus */
	IGNORED = 2,
	HIDDEN = 4, /* the location has no lines left to show */
	STARTS = 8, /* a match of show_from: the stack counts from here */
};

struct sieve {
	const struct profile *from;
	const struct filter_options *o;
	struct copy copy;
	uint8_t *location_flags; /* owned */
	uint8_t *stack_flags;    /* owned; HIDDEN means its own location */
	uint32_t *location_of;   /* owned; id in the result plus 1 */
	uint32_t *stack_of;      /* owned; likewise */
	uint32_t *path;          /* owned */
	struct line *lines;      /* owned */
	struct label *labels;    /* owned */
	size_t cap_path, cap_lines, cap_labels;
};

static bool matches(const struct filter_text *rule, struct view text)
{
	return rule->matches(rule->state, text);
}

static bool matches_mapping(
	const struct sieve *s, const struct filter_text *rule, const struct location *location)
{
	return location->mapping &&
	       matches(rule, profile_text(s->from, s->from->mappings[location->mapping].file));
}

static bool matches_line(
	const struct sieve *s, const struct filter_text *rule, const struct line *line)
{
	const struct function *function = &s->from->functions[line->function];

	return matches(rule, profile_text(s->from, function->name)) ||
	       matches(rule, profile_text(s->from, function->file));
}

static bool matches_location(
	const struct sieve *s, const struct filter_text *rule, const struct location *location)
{
	for (uint32_t i = 0; i < location->n_lines; i++)
		if (matches_line(s, rule, &s->from->lines[location->first_line + i]))
			return true;
	return matches_mapping(s, rule, location);
}

/* ---- what is left of a location ---- */

/* Leaves only lines whose match is `wanted`. */
static void sift_lines(const struct sieve *s, const struct filter_text *rule, bool wanted,
	struct line *lines, uint32_t *n)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < *n; i++)
		if (matches_line(s, rule, &lines[i]) == wanted)
			lines[kept++] = lines[i];
	*n = kept;
}

/* True if nothing is left to show. */
static bool hide_lines(struct sieve *s, const struct location *location, uint32_t *n)
{
	const struct filter_text *hide = &s->o->hide, *show = &s->o->show;
	bool is_hidden = false;

	if (hide->matches && matches_location(s, hide, location)) {
		if (matches_mapping(s, hide, location))
			*n = 0;
		else
			sift_lines(s, hide, false, s->lines, n);
		is_hidden = *n == 0;
	}
	if (show->matches && !matches_mapping(s, show, location)) {
		sift_lines(s, show, true, s->lines, n);
		is_hidden |= *n == 0;
	}
	return is_hidden;
}

/* Cuts the callers of the outermost match that are inlined around it. True if there is one. */
static bool start_lines(struct sieve *s, const struct location *location, uint32_t *n)
{
	const struct filter_text *rule = &s->o->show_from;

	if (matches_mapping(s, rule, location))
		return true;
	for (uint32_t i = *n; i-- > 0;)
		if (matches_line(s, rule, &s->lines[i])) {
			*n = i + 1;
			return true;
		}
	return false;
}

static uint8_t flags_of(struct sieve *s, const struct location *location, uint32_t *ret_n)
{
	uint8_t flags = 0;
	uint32_t n = location->n_lines;

	if (s->o->ignore.matches && matches_location(s, &s->o->ignore, location))
		flags |= IGNORED;
	else if (!s->o->focus.matches || matches_location(s, &s->o->focus, location))
		flags |= FOCUSED;
	if (hide_lines(s, location, &n))
		flags |= HIDDEN;
	else if (!s->o->show_from.matches || start_lines(s, location, &n))
		flags |= STARTS;
	*ret_n = n;
	return flags;
}

static bool load_lines(struct sieve *s, const struct location *location)
{
	if (!VEC_FITS(s->lines, s->cap_lines, (size_t)location->n_lines + 1))
		return false;
	for (uint32_t i = 0; i < location->n_lines; i++)
		s->lines[i] = s->from->lines[location->first_line + i];
	return true;
}

static bool judge(struct sieve *s)
{
	const struct profile *from = s->from;
	uint32_t n;

	for (size_t i = 0; i < from->n_locations; i++) {
		if (!load_lines(s, &from->locations[i]))
			return false;
		s->location_flags[i] = flags_of(s, &from->locations[i], &n);
	}
	/* Parents have lower ids: what is true of the way to them is known first. */
	for (size_t i = 1; i < from->stacks.count; i++) {
		const struct stack_node *node = &from->stacks.nodes[i];

		s->stack_flags[i] = s->location_flags[node->location] |
				    (s->stack_flags[node->parent] & (uint8_t)~HIDDEN);
	}
	return true;
}

/* ---- building the result ---- */

static uint32_t location_of(struct sieve *s, uint32_t id)
{
	const struct location *location = &s->from->locations[id];
	struct location changed = *location;
	uint32_t whole, n;

	if (s->location_of[id])
		return s->location_of[id] - 1;
	whole = copy_location(&s->copy, id);
	if (whole == PROFILE_NONE || !load_lines(s, location))
		return PROFILE_NONE;
	flags_of(s, location, &n);
	if (n == location->n_lines) {
		s->location_of[id] = whole + 1;
		return whole;
	}
	changed.mapping = s->copy.into->locations[whole].mapping;
	changed.n_lines = n;
	for (uint32_t i = 0; i < n; i++)
		s->lines[i].function = copy_function(&s->copy, s->lines[i].function);
	if (s->copy.into->failed)
		return PROFILE_NONE;
	s->location_of[id] = profile_location(s->copy.into, &changed, s->lines) + 1;
	return s->location_of[id] - 1;
}

static uint32_t stack_of(struct sieve *s, uint32_t id)
{
	const struct stack_node *nodes = s->from->stacks.nodes;
	uint32_t stack = STACK_EMPTY;
	size_t depth = 0;

	/* Above the first start there is nothing to keep. */
	for (; id != STACK_EMPTY && !s->stack_of[id] && (s->stack_flags[id] & STARTS);
		id = nodes[id].parent) {
		if (!VEC_FITS(s->path, s->cap_path, depth + 1))
			return PROFILE_NONE;
		s->path[depth++] = id;
	}
	if (id != STACK_EMPTY && s->stack_of[id])
		stack = s->stack_of[id] - 1;
	while (depth-- > 0) {
		uint32_t at = s->path[depth];

		if (!(s->location_flags[nodes[at].location] & HIDDEN))
			stack = profile_push(
				s->copy.into, stack, location_of(s, nodes[at].location));
		if (stack == PROFILE_NONE)
			return PROFILE_NONE;
		s->stack_of[at] = stack + 1;
	}
	return stack;
}

static uint32_t labels_of(struct sieve *s, uint32_t id)
{
	const struct filter_text *keep = &s->o->label_keep;
	const struct label_set *set = &s->from->label_sets[id];
	size_t n = 0;

	if (!keep->matches)
		return copy_labels(&s->copy, id);
	if (!VEC_FITS(s->labels, s->cap_labels, set->count))
		return PROFILE_NONE;
	for (uint32_t i = 0; i < set->count; i++) {
		struct label label = s->from->labels[set->first + i];

		if (!matches(keep, profile_text(s->from, label.key)))
			continue;
		label.key = copy_string(&s->copy, label.key);
		label.str = copy_string(&s->copy, label.str);
		label.unit = copy_string(&s->copy, label.unit);
		s->labels[n++] = label;
	}
	return s->copy.into->failed ? PROFILE_NONE : profile_labels(s->copy.into, s->labels, n);
}

static bool is_wanted(const struct sieve *s, const struct sample *sample)
{
	uint8_t flags = s->stack_flags[sample->stack];
	const struct filter_labels *focus = &s->o->label_focus, *ignore = &s->o->label_ignore;

	if (flags & IGNORED || (s->o->focus.matches && !(flags & FOCUSED)))
		return false;
	if (s->o->show_from.matches && !(flags & STARTS))
		return false;
	if (ignore->matches && ignore->matches(ignore->state, s->from, sample->labels))
		return false;
	return !focus->matches || focus->matches(focus->state, s->from, sample->labels);
}

static void sift(struct sieve *s)
{
	const struct profile *from = s->from;
	struct profile *into = s->copy.into;

	for (size_t i = 0; i < from->n_samples && !into->failed; i++) {
		const struct sample *sample = &from->samples[i];
		uint32_t stack;

		if (!is_wanted(s, sample))
			continue;
		stack = stack_of(s, sample->stack);
		if (stack == STACK_EMPTY && sample->stack != STACK_EMPTY)
			continue; /* all its frames are hidden */
		profile_add(into, stack, labels_of(s, sample->labels),
			&from->values[i * from->n_types]);
	}
}

static int sift_into(struct sieve *s, struct profile *into, struct err *err)
{
	const struct profile *from = s->from;
	int rc = copy_init(&s->copy, from, into, err);

	if (rc == 0)
		rc = copy_header(&s->copy, err);
	if (rc < 0)
		return rc;
	s->location_flags = calloc(from->n_locations + 1, 1);
	s->stack_flags = calloc(from->stacks.count + 1, 1);
	s->location_of = calloc(from->n_locations + 1, sizeof(*s->location_of));
	s->stack_of = calloc(from->stacks.count + 1, sizeof(*s->stack_of));
	if (!s->location_flags || !s->stack_flags || !s->location_of || !s->stack_of || !judge(s))
		return err_set(err, ERR_NOMEM, "out of memory");
	sift(s);
	return into->failed ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}

int filter(const struct profile *profile, const struct filter_options *options,
	struct profile **ret, struct err *err)
{
	PROFILE_AUTO into = profile_new();
	struct sieve s = { .from = profile, .o = options };
	int rc;

	if (!into)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = sift_into(&s, into, err);
	copy_fini(&s.copy);
	free(s.location_flags);
	free(s.stack_flags);
	free(s.location_of);
	free(s.stack_of);
	free(s.path);
	free(s.lines);
	free(s.labels);
	if (rc < 0)
		return rc;
	*ret = into;
	into = NULL;
	return 0;
}
