/* leafends: a profile whose stacks are cut to the frames next to the leaf. */
#include "model/leafends.h"

#include <stdlib.h>

#include "base/vec.h"
#include "model/copy.h"

struct cutting {
	const struct profile *from;
	const struct leafends_options *o;
	struct copy copy;
	uint32_t *path; /* locations of `from`, the leaf's first; owned */
	size_t cap_path;
	struct line *lines; /* owned */
	size_t cap_lines;
};

/* The location without the line of its innermost function. */
static uint32_t leaf_of(struct cutting *c, uint32_t id)
{
	const struct location *location = &c->from->locations[id];
	struct profile *into = c->copy.into;
	uint32_t whole = copy_location(&c->copy, id);
	struct location changed;

	if (whole == PROFILE_NONE || !location->n_lines || !c->o->without_leaf_line)
		return whole;
	if (!VEC_FITS(c->lines, c->cap_lines, (size_t)location->n_lines)) {
		into->failed = true;
		return PROFILE_NONE;
	}
	changed = into->locations[whole];
	for (uint32_t i = 0; i < location->n_lines; i++)
		c->lines[i] = into->lines[changed.first_line + i];
	c->lines[0].line = c->lines[0].column = 0;
	changed.address = 0; /* else each address would be a leaf of its own */
	return profile_location(into, &changed, c->lines);
}

static uint32_t cut(struct cutting *c, uint32_t stack)
{
	const struct stack_node *nodes = c->from->stacks.nodes;
	uint32_t end = STACK_EMPTY;
	size_t n = 0;

	for (; stack != STACK_EMPTY && (!c->o->locations_max || n < c->o->locations_max);
		stack = nodes[stack].parent) {
		if (!VEC_FITS(c->path, c->cap_path, n + 1)) {
			c->copy.into->failed = true;
			return STACK_EMPTY;
		}
		c->path[n++] = nodes[stack].location;
	}
	while (n-- > 0)
		end = profile_push(c->copy.into, end,
			n ? copy_location(&c->copy, c->path[n]) : leaf_of(c, c->path[n]));
	return end;
}

static void cut_all(struct cutting *c)
{
	const struct profile *from = c->from;

	for (size_t i = 0; i < from->n_samples && !c->copy.into->failed; i++)
		profile_add(c->copy.into, cut(c, from->samples[i].stack),
			copy_labels(&c->copy, from->samples[i].labels),
			&from->values[i * from->n_types]);
}

int leafends(const struct profile *profile, const struct leafends_options *options,
	struct profile **ret, struct err *err)
{
	PROFILE_AUTO into = profile_new();
	struct cutting c = { .from = profile, .o = options };
	int rc = into ? copy_init(&c.copy, profile, into, err)
		      : err_set(err, ERR_NOMEM, "out of memory");

	*ret = NULL;
	if (rc == 0)
		rc = copy_header(&c.copy, err);
	if (rc == 0)
		cut_all(&c);
	if (rc == 0 && into->failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	copy_fini(&c.copy);
	free(c.path);
	free(c.lines);
	if (rc == 0) {
		*ret = into;
		into = NULL;
	}
	return rc;
}
