/* descent: all stacks of a profile, walked together one frame at a time. */
#include "model/descent.h"

#include <assert.h>
#include <stdlib.h>

#include "base/vec.h"

static uint64_t positive(int64_t value)
{
	return value > 0 ? (uint64_t)value : 0;
}

static size_t stack_count(const struct profile *profile)
{
	return profile->stacks.count ? profile->stacks.count : 1;
}

static void read_values(struct descent *d, const struct descent_options *options)
{
	const struct profile *profile = d->profile;

	for (size_t i = 0; i < profile->n_samples; i++) {
		const int64_t *values = &profile->values[i * profile->n_types];
		uint32_t stack = profile->samples[i].stack;
		int64_t value = values[options->type];
		int64_t base = d->is_diff ? values[options->base_type] : 0;

		d->had_negative |= value < 0 || base < 0;
		d->self[stack] = descent_sum(d->self[stack], positive(value));
		if (d->is_diff)
			d->base_self[stack] = descent_sum(d->base_self[stack], positive(base));
	}
}

/* A parent's id is lower than its children's: downward, each is whole when it is added. */
static void sum_upward(const struct profile *profile, const uint64_t *self, uint64_t *total)
{
	size_t n_stacks = stack_count(profile);

	memcpy(total, self, n_stacks * sizeof(*total));
	for (size_t i = n_stacks; i-- > 1;) {
		uint64_t *parent = &total[profile->stacks.nodes[i].parent];

		*parent = descent_sum(*parent, total[i]);
	}
}

static bool has_value(const struct descent *d, size_t stack)
{
	return d->total[stack] || (d->is_diff && d->base_total[stack]);
}

static void list_children(struct descent *d)
{
	const struct stack_node *nodes = d->profile->stacks.nodes;
	size_t n_stacks = stack_count(d->profile);
	uint32_t so_far = 0;

	for (size_t i = 1; i < n_stacks; i++)
		if (has_value(d, i))
			d->first_child[nodes[i].parent]++;
	for (size_t i = 0; i <= n_stacks; i++) {
		so_far += d->first_child[i];
		d->first_child[i] = so_far;
	}
	for (size_t i = n_stacks; i-- > 1;)
		if (has_value(d, i))
			d->children[--d->first_child[nodes[i].parent]] = (uint32_t)i;
}

static bool add_column(uint64_t **column, size_t n, bool wanted)
{
	if (!wanted)
		return true;
	*column = calloc(n, sizeof(**column));
	if (*column)
		vec_advise(*column, n * sizeof(**column));
	return *column;
}

static bool read_stacks(struct descent *d, const struct descent_options *options)
{
	size_t n_stacks = stack_count(d->profile);
	bool upright = !d->inverted;

	if (!add_column(&d->self, n_stacks, true) ||
		!add_column(&d->base_self, n_stacks, d->is_diff) ||
		!add_column(&d->total, n_stacks, upright) ||
		!add_column(&d->base_total, n_stacks, upright && d->is_diff))
		return false;
	read_values(d, options);
	if (!upright)
		return true;
	d->first_child = calloc(n_stacks + 1, sizeof(*d->first_child));
	d->children = calloc(n_stacks, sizeof(*d->children));
	if (!d->first_child || !d->children)
		return false;
	vec_advise(d->first_child, (n_stacks + 1) * sizeof(*d->first_child));
	vec_advise(d->children, n_stacks * sizeof(*d->children));
	sum_upward(d->profile, d->self, d->total);
	if (d->is_diff)
		sum_upward(d->profile, d->base_self, d->base_total);
	list_children(d);
	return true;
}

int descent_init(struct descent *descent, const struct profile *profile,
	const struct descent_options *options, struct err *err)
{
	int rc;

	assert(options->type < profile->n_types);
	assert(options->base_type < (int)profile->n_types);
	*descent = (struct descent){ .profile = profile,
		.inverted = options->inverted,
		.is_diff = options->base_type >= 0 };
	rc = frames_init(&descent->frames, profile, options->granularity, err);
	if (rc < 0)
		return rc;
	return read_stacks(descent, options) ? 0 : err_set(err, ERR_NOMEM, "out of memory");
}

void descent_fini(struct descent *descent)
{
	frames_fini(&descent->frames);
	free(descent->self);
	free(descent->base_self);
	free(descent->total);
	free(descent->base_total);
	free(descent->first_child);
	free(descent->children);
	*descent = (struct descent){ 0 };
}

void descent_root(const struct descent *descent, struct item *ret_self, struct item *ret_whole)
{
	size_t n_stacks = stack_count(descent->profile);

	*ret_self = (struct item){ .total = descent->self[STACK_EMPTY] };
	*ret_whole = (struct item){ 0 };
	for (size_t i = 0; i < n_stacks; i++)
		ret_whole->total = descent_sum(ret_whole->total, descent->self[i]);
	if (!descent->is_diff)
		return;
	ret_self->base = descent->base_self[STACK_EMPTY];
	for (size_t i = 0; i < n_stacks; i++)
		ret_whole->base = descent_sum(ret_whole->base, descent->base_self[i]);
}

static uint32_t frame_count(const struct descent *d, uint32_t stack)
{
	uint32_t location = d->profile->stacks.nodes[stack].location;

	return d->frames.first[location + 1] - d->frames.first[location];
}

/* Upright, the caller comes before what it inlined: the lines from last to first. */
const struct frame *descent_frame(const struct descent *descent, const struct item *item)
{
	uint32_t location = descent->profile->stacks.nodes[item->stack].location;
	uint32_t first = descent->frames.first[location];

	if (descent->inverted)
		return &descent->frames.all[first + item->line];
	return &descent->frames.all[descent->frames.first[location + 1] - 1 - item->line];
}

static bool add_item(const struct descent *d, struct item item, struct items *into)
{
	struct item *added = VEC_ADD(into->at, into->count, into->cap);

	if (!added)
		return false;
	item.name = descent_frame(d, &item)->name;
	*added = item;
	return true;
}

static bool add_children(const struct descent *d, uint32_t stack, struct items *into)
{
	for (uint32_t i = d->first_child[stack]; i < d->first_child[stack + 1]; i++) {
		uint32_t child = d->children[i];
		struct item item = { .stack = child, .total = d->total[child] };

		if (d->is_diff)
			item.base = d->base_total[child];
		if (!add_item(d, item, into))
			return false;
	}
	return true;
}

bool descent_start(const struct descent *descent, struct items *into)
{
	if (!descent->inverted)
		return add_children(descent, STACK_EMPTY, into);
	for (uint32_t i = 1; i < descent->profile->stacks.count; i++) {
		struct item item = { .stack = i, .total = descent->self[i] };

		if (descent->is_diff)
			item.base = descent->base_self[i];
		if ((item.total || item.base) && !add_item(descent, item, into))
			return false;
	}
	return true;
}

bool descent_next(const struct descent *descent, struct item item, struct items *into)
{
	item.part = ITEM_WHOLE;
	item.line++;
	if ((uint32_t)item.line < frame_count(descent, item.stack))
		return add_item(descent, item, into);
	if (!descent->inverted)
		return add_children(descent, item.stack, into);
	item.stack = descent->profile->stacks.nodes[item.stack].parent;
	item.line = 0;
	return item.stack == STACK_EMPTY || add_item(descent, item, into);
}

/* Upright a stack's own value ends in its last line; inverted, all of it where the root is. */
static bool ends_here(const struct descent *d, const struct item *item)
{
	return item->line + 1U == frame_count(d, item->stack) &&
	       (!d->inverted || d->profile->stacks.nodes[item->stack].parent == STACK_EMPTY);
}

uint64_t descent_self(const struct descent *descent, const struct item *item)
{
	if (!ends_here(descent, item))
		return 0;
	return descent->inverted ? item->total : descent->self[item->stack];
}

uint64_t descent_base_self(const struct descent *descent, const struct item *item)
{
	if (!descent->is_diff || !ends_here(descent, item))
		return 0;
	return descent->inverted ? item->base : descent->base_self[item->stack];
}
