/* pprof_load: a profile made of scanned columns. */
#include "codec/pprof_load.h"

#include <assert.h>
#include <stdlib.h>

#include "base/vec.h"

/* Each array is owned: from the columns' numbers to the profile's. */
struct loader {
	struct pprof_columns *from;
	struct profile *into;
	uint32_t *strings; /* PROFILE_NONE until one is used */
	uint32_t *mappings, *functions, *locations, *label_sets;
	uint32_t *stacks;   /* NULL if they kept their numbers */
	struct line *lines; /* of the location being added */
	size_t cap_lines;
	bool locations_are_same; /* each location kept its number */
};

static bool add_column(uint32_t **column, size_t n)
{
	*column = malloc((n + 1) * sizeof(**column));
	return *column;
}

static uint32_t string(struct loader *l, uint32_t index)
{
	if (l->strings[index] == PROFILE_NONE)
		l->strings[index] = profile_string(l->into, l->from->strings[index]);
	return l->strings[index];
}

static void load_types(struct loader *l)
{
	const struct pprof_columns *from = l->from;

	for (size_t i = 0; i < from->n_types; i++)
		profile_add_type(l->into, from->strings[from->types[i].type],
			from->strings[from->types[i].unit], NULL);
}

static void load_header(struct loader *l)
{
	const uint64_t *numbers = l->from->numbers;
	struct profile *into = l->into;

	into->time_ns = (int64_t)numbers[PPROF_TIME_NANOS];
	into->duration_ns = (int64_t)numbers[PPROF_DURATION_NANOS];
	into->period = (int64_t)numbers[PPROF_PERIOD];
	into->drop_frames = string(l, (uint32_t)numbers[PPROF_DROP_FRAMES]);
	into->keep_frames = string(l, (uint32_t)numbers[PPROF_KEEP_FRAMES]);
	into->default_type = string(l, (uint32_t)numbers[PPROF_DEFAULT_SAMPLE_TYPE]);
	into->doc_url = string(l, (uint32_t)numbers[PPROF_DOC_URL]);
	into->period_type.type = string(l, l->from->period_type.type);
	into->period_type.unit = string(l, l->from->period_type.unit);
}

static void load_comments(struct loader *l)
{
	for (size_t i = 0; i < l->from->n_comments; i++) {
		struct view text = l->from->strings[l->from->comments[i]];
		struct accounting accounting;

		if (accounting_from_comment(text, &accounting))
			accounting_merge(&l->into->accounting, &accounting);
		else
			profile_comment(l->into, text);
	}
}

static void load_mappings(struct loader *l)
{
	l->mappings[0] = 0;
	for (size_t i = 0; i < l->from->n_mappings; i++) {
		struct mapping mapping = l->from->mappings[i];

		mapping.file = string(l, mapping.file);
		mapping.build_id = string(l, mapping.build_id);
		l->mappings[i + 1] = profile_mapping(l->into, &mapping);
	}
}

static void load_functions(struct loader *l)
{
	for (size_t i = 0; i < l->from->n_functions; i++) {
		struct function function = l->from->functions[i];

		function.name = string(l, function.name);
		function.system_name = string(l, function.system_name);
		function.file = string(l, function.file);
		l->functions[i] = profile_function(l->into, &function);
	}
}

static void load_locations(struct loader *l)
{
	l->locations_are_same = true;
	for (size_t i = 0; i < l->from->n_locations && !l->into->failed; i++) {
		struct location location = l->from->locations[i];
		const struct line *lines = &l->from->lines[location.first_line];

		if (!VEC_FITS(l->lines, l->cap_lines, (size_t)location.n_lines + 1)) {
			l->into->failed = true;
			return;
		}
		for (uint32_t k = 0; k < location.n_lines; k++) {
			l->lines[k] = lines[k];
			l->lines[k].function = l->functions[lines[k].function];
		}
		location.mapping = l->mappings[location.mapping];
		l->locations[i] = profile_location(l->into, &location, l->lines);
		l->locations_are_same &= l->locations[i] == i;
	}
}

static void load_labels(struct loader *l)
{
	const struct pprof_columns *from = l->from;

	for (size_t i = 0; i < from->n_label_sets; i++) {
		const struct label_set *set = &from->label_sets[i];
		struct label *labels = set->count ? &from->labels[set->first] : NULL;

		for (uint32_t k = 0; k < set->count; k++) {
			labels[k].key = string(l, labels[k].key);
			labels[k].str = string(l, labels[k].str);
			labels[k].unit = string(l, labels[k].unit);
		}
		l->label_sets[i] = profile_labels(l->into, labels, set->count);
	}
}

/* Parents come before their children. The tree's parents become those of the profile's. */
static void push_stacks(struct loader *l)
{
	struct stack_node *nodes = l->from->tree.nodes;

	l->stacks[0] = STACK_EMPTY;
	for (size_t i = 1; i < l->from->tree.count && !l->into->failed; i++)
		l->stacks[i] = profile_push(
			l->into, l->stacks[nodes[i].parent], l->locations[nodes[i].location]);
}

static void load_stacks(struct loader *l)
{
	size_t count = l->from->tree.count;

	if (l->locations_are_same && profile_take_stacks(l->into, &l->from->tree))
		return;
	if (!add_column(&l->stacks, count))
		l->into->failed = true;
	else
		push_stacks(l);
}

static void load_samples(struct loader *l)
{
	const struct pprof_columns *c = l->from;

	load_stacks(l);
	if (!l->into->failed)
		profile_reserve(l->into, c->n_samples, 0);
	for (size_t i = 0; i < c->n_samples && !l->into->failed; i++) {
		uint32_t stack = l->stacks ? l->stacks[c->stacks[i]] : c->stacks[i];

		profile_add(l->into, stack, l->label_sets[c->sets[i]], &c->values[i * c->n_types]);
	}
}

static void load_all(struct loader *l)
{
	memset(l->strings, 0xff, l->from->n_strings * sizeof(*l->strings));
	profile_reserve_names(
		l->into, l->from->n_strings, l->from->n_functions, l->from->n_locations);
	load_types(l);
	load_header(l);
	load_comments(l);
	load_mappings(l);
	load_functions(l);
	load_locations(l);
	load_labels(l);
	if (!l->into->failed)
		load_samples(l);
}

int pprof_load(struct pprof_columns *columns, struct profile *into, struct err *err)
{
	struct loader l = { .from = columns, .into = into };

	assert(into->n_types == 0);
	if (add_column(&l.strings, columns->n_strings) &&
		add_column(&l.mappings, columns->n_mappings + 1) &&
		add_column(&l.functions, columns->n_functions) &&
		add_column(&l.locations, columns->n_locations) &&
		add_column(&l.label_sets, columns->n_label_sets))
		load_all(&l);
	else
		into->failed = true;
	free(l.strings);
	free(l.mappings);
	free(l.functions);
	free(l.locations);
	free(l.label_sets);
	free(l.lines);
	free(l.stacks);
	return into->failed ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}
