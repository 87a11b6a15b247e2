/* passage: every stack of a profile visited once, frame by frame, root first. */
#include "model/passage.h"

#include <assert.h>
#include <stdlib.h>

#include "base/vec.h"

static size_t stack_count(const struct profile *profile)
{
	return profile->stacks.count ? profile->stacks.count : 1;
}

/* Self and total of each stack; a parent's id is lower than its children's. */
static bool read_values(const struct profile *p, size_t type, int64_t **self, int64_t **total)
{
	size_t n = stack_count(p);

	*self = calloc(n, sizeof(**self));
	*total = calloc(n, sizeof(**total));
	if (!*self || !*total)
		return false;
	for (size_t i = 0; i < p->n_samples; i++) {
		int64_t *sum = &(*self)[p->samples[i].stack];

		*sum = passage_sum(*sum, p->values[i * p->n_types + type]);
	}
	memcpy(*total, *self, n * sizeof(**total));
	for (size_t i = n; i-- > 1;) {
		int64_t *parent = &(*total)[p->stacks.nodes[i].parent];

		*parent = passage_sum(*parent, (*total)[i]);
	}
	return true;
}

/* Marks the stacks that carry a value, and those on the way to them. */
static void mark_used(const struct profile *p, size_t type, int base_type, bool *used)
{
	for (size_t i = 0; i < p->n_samples; i++) {
		const int64_t *values = &p->values[i * p->n_types];

		if (values[type] || (base_type >= 0 && values[base_type]))
			used[p->samples[i].stack] = true;
	}
	for (size_t i = stack_count(p); i-- > 1;)
		if (used[i])
			used[p->stacks.nodes[i].parent] = true;
}

static bool list_children(struct passage *passage, size_t type, int base_type)
{
	const struct profile *p = passage->profile;
	size_t n = stack_count(p);
	bool *used = calloc(n, sizeof(*used));
	uint32_t so_far = 0;

	passage->first_child = calloc(n + 1, sizeof(*passage->first_child));
	passage->children = calloc(n, sizeof(*passage->children));
	if (!used || !passage->first_child || !passage->children) {
		free(used);
		return false;
	}
	mark_used(p, type, base_type, used);
	for (size_t i = 1; i < n; i++)
		passage->first_child[p->stacks.nodes[i].parent] += used[i];
	for (size_t i = 0; i <= n; i++) {
		so_far += passage->first_child[i];
		passage->first_child[i] = so_far;
	}
	for (size_t i = n; i-- > 1;)
		if (used[i])
			passage->children[--passage->first_child[p->stacks.nodes[i].parent]] =
				(uint32_t)i;
	free(used);
	return true;
}

int passage_init(struct passage *passage, const struct profile *profile,
	const struct passage_options *options, struct err *err)
{
	size_t type = options->type;
	int base_type = options->base_type, rc;

	assert(type < profile->n_types);
	assert(base_type < (int)profile->n_types);
	*passage = (struct passage){ .profile = profile };
	rc = frames_init(&passage->frames, profile, options->granularity, err);
	if (rc < 0)
		return rc;
	if (!read_values(profile, type, &passage->self, &passage->total) ||
		(base_type >= 0 && !read_values(profile, (size_t)base_type, &passage->base_self,
					   &passage->base_total)) ||
		!list_children(passage, type, base_type))
		return err_set(err, ERR_NOMEM, "out of memory");
	return 0;
}

void passage_fini(struct passage *passage)
{
	frames_fini(&passage->frames);
	free(passage->self);
	free(passage->total);
	free(passage->base_self);
	free(passage->base_total);
	free(passage->first_child);
	free(passage->children);
	*passage = (struct passage){ 0 };
}

static uint32_t frame_count(const struct passage *passage, uint32_t stack)
{
	uint32_t location = passage->profile->stacks.nodes[stack].location;

	return passage->frames.first[location + 1] - passage->frames.first[location];
}

const struct frame *passage_frame(const struct passage *passage, uint32_t stack, uint32_t line)
{
	uint32_t location = passage->profile->stacks.nodes[stack].location;

	return &passage->frames.all[passage->frames.first[location + 1] - 1 - line];
}

static bool enter(const struct passage *passage, const struct passage_visitor *v, uint32_t stack)
{
	uint32_t n = frame_count(passage, stack);

	for (uint32_t line = 0; line < n; line++)
		if (!v->enter(v->state, stack, line, line + 1 == n))
			return false;
	return true;
}

static void leave(const struct passage *passage, const struct passage_visitor *v, uint32_t stack)
{
	for (uint32_t line = frame_count(passage, stack); line-- > 0;)
		v->leave(v->state, stack, line);
}

/* Where the walk is in one stack's children. */
struct place {
	uint32_t stack, next;
};

int passage_walk(
	const struct passage *passage, const struct passage_visitor *visitor, struct err *err)
{
	struct place *path = NULL;
	size_t depth = 0, cap = 0;
	bool ok = VEC_FITS(path, cap, 1);

	if (ok)
		path[depth++] = (struct place){ STACK_EMPTY, passage->first_child[STACK_EMPTY] };
	while (ok && depth) {
		struct place *place = &path[depth - 1];
		uint32_t child;

		if (place->next == passage->first_child[place->stack + 1]) {
			if (place->stack != STACK_EMPTY)
				leave(passage, visitor, place->stack);
			depth--;
			continue;
		}
		child = passage->children[place->next++];
		ok = enter(passage, visitor, child) && VEC_FITS(path, cap, depth + 1);
		if (ok)
			path[depth++] = (struct place){ child, passage->first_child[child] };
	}
	free(path);
	return ok ? 0 : err_set(err, ERR_NOMEM, "out of memory");
}
