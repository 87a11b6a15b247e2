/* copy: things of one profile, found or added in another. */
#include "model/copy.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "model/frames.h"

static bool add_column(uint32_t **column, size_t n)
{
	*column = calloc(n + 1, sizeof(**column));
	return *column;
}

int copy_init(struct copy *copy, const struct profile *from, struct profile *into, struct err *err)
{
	*copy = (struct copy){ .from = from, .into = into };
	if (add_column(&copy->strings, from->strings.count) &&
		add_column(&copy->mappings, from->n_mappings) &&
		add_column(&copy->functions, from->n_functions) &&
		add_column(&copy->locations, from->n_locations) &&
		add_column(&copy->stacks, from->stacks.count) &&
		add_column(&copy->label_sets, from->n_label_sets))
		return 0;
	return err_set(err, ERR_NOMEM, "out of memory");
}

void copy_fini(struct copy *copy)
{
	free(copy->strings);
	free(copy->mappings);
	free(copy->functions);
	free(copy->locations);
	free(copy->stacks);
	free(copy->label_sets);
	free(copy->path);
	free(copy->labels);
	free(copy->lines);
	*copy = (struct copy){ 0 };
}

uint32_t copy_string(struct copy *copy, uint32_t id)
{
	if (id == 0 || id >= copy->from->strings.count)
		return 0;
	if (!copy->strings[id])
		copy->strings[id] = profile_string(copy->into, profile_text(copy->from, id)) + 1;
	return copy->strings[id] - 1;
}

static uint32_t copy_mapping(struct copy *copy, uint32_t id)
{
	struct mapping mapping = copy->from->mappings[id];

	if (id == 0 || copy->mappings[id])
		return id ? copy->mappings[id] - 1 : 0;
	mapping.file = copy_string(copy, mapping.file);
	mapping.build_id = copy_string(copy, mapping.build_id);
	copy->mappings[id] = profile_mapping(copy->into, &mapping) + 1;
	return copy->mappings[id] - 1;
}

uint32_t copy_function(struct copy *copy, uint32_t id)
{
	struct function function = copy->from->functions[id];

	if (copy->functions[id])
		return copy->functions[id] - 1;
	function.name = copy_string(copy, function.name);
	function.system_name = copy_string(copy, function.system_name);
	function.file = copy_string(copy, function.file);
	copy->functions[id] = profile_function(copy->into, &function) + 1;
	return copy->functions[id] - 1;
}

uint32_t copy_location(struct copy *copy, uint32_t id)
{
	struct location location = copy->from->locations[id];

	if (copy->locations[id])
		return copy->locations[id] - 1;
	location.mapping = copy_mapping(copy, location.mapping);
	if (!VEC_FITS(copy->lines, copy->cap_lines, (size_t)location.n_lines + 1))
		copy->into->failed = true;
	for (uint32_t i = 0; !copy->into->failed && i < location.n_lines; i++) {
		copy->lines[i] = copy->from->lines[location.first_line + i];
		copy->lines[i].function = copy_function(copy, copy->lines[i].function);
	}
	if (copy->into->failed)
		return PROFILE_NONE;
	copy->locations[id] = profile_location(copy->into, &location, copy->lines) + 1;
	return copy->locations[id] - 1;
}

/* Up to the nearest stack that is known, then down again: stacks may be very deep. */
uint32_t copy_stack(struct copy *copy, uint32_t id)
{
	const struct stack_node *nodes = copy->from->stacks.nodes;
	size_t depth = 0;
	uint32_t stack = STACK_EMPTY;

	for (; id != STACK_EMPTY && !copy->stacks[id]; id = nodes[id].parent) {
		if (!VEC_FITS(copy->path, copy->cap_path, depth + 1)) {
			copy->into->failed = true;
			return PROFILE_NONE;
		}
		copy->path[depth++] = id;
	}
	if (id != STACK_EMPTY)
		stack = copy->stacks[id] - 1;
	while (depth-- > 0) {
		uint32_t at = copy->path[depth];

		stack = profile_push(copy->into, stack, copy_location(copy, nodes[at].location));
		if (stack == PROFILE_NONE)
			return stack;
		copy->stacks[at] = stack + 1;
	}
	return stack;
}

uint32_t copy_labels(struct copy *copy, uint32_t id)
{
	const struct label_set *set = &copy->from->label_sets[id];

	if (id == 0 || copy->label_sets[id])
		return id ? copy->label_sets[id] - 1 : 0;
	if (!VEC_FITS(copy->labels, copy->cap_labels, set->count)) {
		copy->into->failed = true;
		return PROFILE_NONE;
	}
	for (uint32_t i = 0; i < set->count; i++) {
		struct label label = copy->from->labels[set->first + i];

		label.key = copy_string(copy, label.key);
		label.str = copy_string(copy, label.str);
		label.unit = copy_string(copy, label.unit);
		copy->labels[i] = label;
	}
	if (copy->into->failed)
		return PROFILE_NONE;
	copy->label_sets[id] = profile_labels(copy->into, copy->labels, set->count) + 1;
	return copy->label_sets[id] - 1;
}

int copy_header(struct copy *copy, struct err *err)
{
	const struct profile *from = copy->from;
	struct profile *into = copy->into;

	for (size_t i = 0; i < from->n_types; i++) {
		int rc = profile_add_type(into, profile_text(from, from->types[i].type),
			profile_text(from, from->types[i].unit), err);

		if (rc < 0)
			return rc;
	}
	into->default_type = copy_string(copy, from->default_type);
	for (size_t i = 0; i < from->n_comments; i++)
		profile_comment(into, profile_text(from, from->comments[i]));
	into->time_ns = from->time_ns;
	into->duration_ns = from->duration_ns;
	into->period_type.type = copy_string(copy, from->period_type.type);
	into->period_type.unit = copy_string(copy, from->period_type.unit);
	into->period = from->period;
	into->drop_frames = copy_string(copy, from->drop_frames);
	into->keep_frames = copy_string(copy, from->keep_frames);
	into->doc_url = copy_string(copy, from->doc_url);
	into->accounting = from->accounting;
	return into->failed ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}

/* ---- label values as root frames ---- */

struct grouper {
	struct copy copy;
	uint32_t mapping;  /* the one that marks group frames */
	struct map stacks; /* (root frames, stack of from) -> stack of into */
	struct buf text;
};

static const struct label *find_label(const struct profile *profile, uint32_t labels, uint32_t key)
{
	const struct label_set *set = &profile->label_sets[labels];

	for (uint32_t i = 0; i < set->count; i++)
		if (profile->labels[set->first + i].key == key)
			return &profile->labels[set->first + i];
	return NULL;
}

static void write_value(struct grouper *g, uint32_t key, const struct label *label)
{
	const struct profile *from = g->copy.from;

	buf_clear(&g->text);
	if (!label) {
		buf_add_text(&g->text, "(no ");
		buf_add_view(&g->text, profile_text(from, key));
		buf_add_char(&g->text, ')');
	} else if (label->str) {
		buf_add_view(&g->text, profile_text(from, label->str));
	} else {
		buf_add_format(&g->text, "%" PRId64, label->num);
		if (label->unit)
			buf_add_char(&g->text, ' ');
		buf_add_view(&g->text, profile_text(from, label->unit));
	}
}

static uint32_t push_group(struct grouper *g, uint32_t stack, uint32_t key, uint32_t labels)
{
	struct profile *into = g->copy.into;
	struct location location = { .mapping = g->mapping, .n_lines = 1 };
	struct function function = { .file = copy_string(&g->copy, key) };
	struct line line = { 0 };

	write_value(g, key, find_label(g->copy.from, labels, key));
	function.name = function.system_name = profile_string(into, buf_view(&g->text));
	line.function = profile_function(into, &function);
	if (g->text.failed || into->failed) {
		into->failed = true;
		return PROFILE_NONE;
	}
	return profile_push(into, stack, profile_location(into, &location, &line));
}

/* As copy_stack, but from a root of its own. */
static uint32_t push_below(struct grouper *g, uint32_t root, uint32_t id)
{
	struct copy *copy = &g->copy;
	const struct stack_node *nodes = copy->from->stacks.nodes;
	uint32_t stack = root;
	size_t depth = 0;

	for (; id != STACK_EMPTY; id = nodes[id].parent) {
		uint64_t *known = map_find(&g->stacks, (uint64_t)root << 32 | id);

		if (known) {
			stack = (uint32_t)*known;
			break;
		}
		if (!VEC_FITS(copy->path, copy->cap_path, depth + 1))
			return PROFILE_NONE;
		copy->path[depth++] = id;
	}
	while (depth-- > 0) {
		uint32_t at = copy->path[depth];
		uint64_t *known = map_add(&g->stacks, (uint64_t)root << 32 | at, NULL);

		stack = profile_push(copy->into, stack, copy_location(copy, nodes[at].location));
		if (!known || stack == PROFILE_NONE)
			return PROFILE_NONE;
		*known = stack;
	}
	return stack;
}

static int group_samples(struct grouper *g, const uint32_t *keys, size_t n_keys, struct err *err)
{
	const struct profile *from = g->copy.from;
	struct profile *into = g->copy.into;
	struct mapping marker = { .file = profile_string(into, VIEW(FRAMES_GROUP_FILE)) };
	int rc = copy_header(&g->copy, err);

	if (rc < 0)
		return rc;
	g->mapping = profile_mapping(into, &marker);
	for (size_t i = 0; i < from->n_samples && !into->failed; i++) {
		const struct sample *sample = &from->samples[i];
		uint32_t stack = STACK_EMPTY;

		for (size_t k = 0; k < n_keys && stack != PROFILE_NONE; k++)
			stack = push_group(g, stack, keys[k], sample->labels);
		if (stack != PROFILE_NONE)
			stack = push_below(g, stack, sample->stack);
		profile_add(into, stack, copy_labels(&g->copy, sample->labels),
			&from->values[i * from->n_types]);
	}
	return into->failed ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}

int copy_grouped(const struct profile *from, const uint32_t *keys, size_t n_keys,
	struct profile **ret, struct err *err)
{
	PROFILE_AUTO into = profile_new();
	struct grouper g = { 0 };
	int rc;

	if (!into)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = copy_init(&g.copy, from, into, err);
	if (rc == 0)
		rc = group_samples(&g, keys, n_keys, err);
	copy_fini(&g.copy);
	map_fini(&g.stacks);
	buf_fini(&g.text);
	if (rc < 0)
		return rc;
	*ret = into;
	into = NULL;
	return 0;
}
