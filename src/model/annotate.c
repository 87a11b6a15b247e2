/* annotate: what each line of one function costs. */
#include "model/annotate.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"
#include "model/intern.h"
#include "model/passage.h"

struct tally {
	struct passage passage;
	struct annotate *into;
	size_t cap_lines;
	uint32_t name;     /* of the function */
	uint32_t inside;   /* how many of its frames are on the path now */
	uint32_t *on_path; /* of each line: how often; owned */
	size_t cap_on_path;
	struct map line_of;   /* a line of the profile to its place in into->lines */
	struct intern places; /* of a file and a line, each once */
};

/* The id of the profile's line that the frame (stack, line) shows, or PROFILE_NONE of an address
 * without a name. */
static uint32_t id_of(const struct tally *t, uint32_t stack, uint32_t line)
{
	const struct profile *p = t->passage.profile;
	const struct location *l = &p->locations[p->stacks.nodes[stack].location];

	return line < l->n_lines ? l->first_line + l->n_lines - 1 - line : PROFILE_NONE;
}

static bool is_line(const void *owner, uint32_t id, const void *wanted)
{
	const struct annotate *annotate = owner;
	const struct annotate_line *a = &annotate->lines[id], *b = wanted;

	return a->file == b->file && a->line == b->line;
}

static uint32_t find_place(struct tally *t, const struct annotate_line *wanted)
{
	struct annotate *into = t->into;
	uint64_t words[2] = { wanted->file, (uint64_t)wanted->line };
	uint64_t hash = hash_keyed_view((struct view){ (const char *)words, sizeof(words) });
	uint32_t place = intern_find(&t->places, hash, is_line, into, wanted);

	if (place != INTERN_NONE)
		return place;
	place = (uint32_t)into->n_lines;
	if (!VEC_FITS(into->lines, t->cap_lines, into->n_lines + 1) ||
		!VEC_FITS(t->on_path, t->cap_on_path, into->n_lines + 1) ||
		!intern_add(&t->places, hash, place))
		return INTERN_NONE;
	t->on_path[place] = 0;
	into->lines[into->n_lines++] = *wanted;
	return place;
}

/* The place among the lines of a frame, or INTERN_NONE without memory. */
static uint32_t place_of(struct tally *t, uint32_t stack, uint32_t line)
{
	const struct profile *p = t->passage.profile;
	uint32_t id = id_of(t, stack, line), found;
	struct annotate_line wanted = { 0 };
	uint64_t *place = map_find(&t->line_of, id);

	if (place)
		return (uint32_t)*place;
	if (id != PROFILE_NONE) {
		wanted.file = p->functions[p->lines[id].function].file;
		wanted.line = p->lines[id].line;
	}
	found = find_place(t, &wanted);
	place = found == INTERN_NONE ? NULL : map_add(&t->line_of, id, NULL);
	if (!place)
		return INTERN_NONE;
	*place = found;
	return found;
}

static bool enter(void *state, uint32_t stack, uint32_t line, bool is_leaf)
{
	struct tally *t = state;
	const struct passage *p = &t->passage;
	struct annotate_line *row;
	uint32_t place;

	if (passage_frame(p, stack, line)->name != t->name)
		return true;
	place = place_of(t, stack, line);
	if (place == INTERN_NONE)
		return false;
	row = &t->into->lines[place];
	if (is_leaf) {
		row->self = passage_sum(row->self, p->self[stack]);
		t->into->self = passage_sum(t->into->self, p->self[stack]);
	}
	if (t->on_path[place]++ == 0)
		row->total = passage_sum(row->total, p->total[stack]);
	if (t->inside++ == 0)
		t->into->total = passage_sum(t->into->total, p->total[stack]);
	return true;
}

static void leave(void *state, uint32_t stack, uint32_t line)
{
	struct tally *t = state;

	if (passage_frame(&t->passage, stack, line)->name != t->name)
		return;
	t->inside--;
	t->on_path[place_of(t, stack, line)]--; /* it was met on the way down */
}

static int compare(const void *left, const void *right, void *owner)
{
	const struct annotate_line *a = left, *b = right;
	const struct profile *p = owner;

	if (a->file != b->file)
		return view_compare(profile_text(p, a->file), profile_text(p, b->file));
	return (a->line > b->line) - (a->line < b->line);
}

int annotate_build(const struct profile *profile, size_t type, struct view function,
	struct annotate *ret, struct err *err)
{
	const struct passage_options how = { type, -1, FRAMES_FUNCTIONS };
	struct tally t = { .into = ret };
	const struct passage_visitor visitor = { enter, leave, &t };
	int rc;

	*ret = (struct annotate){ 0 };
	rc = passage_init(&t.passage, profile, &how, err);
	if (rc == 0) {
		t.name = strings_find(&t.passage.frames.names, function);
		if (t.name != STRINGS_NONE)
			rc = passage_walk(&t.passage, &visitor, err);
	}
	if (rc == 0 && ret->n_lines)
		qsort_r(ret->lines, ret->n_lines, sizeof(*ret->lines), compare, (void *)profile);
	passage_fini(&t.passage);
	map_fini(&t.line_of);
	intern_fini(&t.places);
	free(t.on_path);
	return rc;
}

void annotate_fini(struct annotate *annotate)
{
	free(annotate->lines);
	*annotate = (struct annotate){ 0 };
}
