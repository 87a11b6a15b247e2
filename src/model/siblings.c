/* siblings: the items below one node, put together by name and in order. */
#include "model/siblings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"

#define FEW 12

void siblings_fini(struct siblings *siblings)
{
	free(siblings->groups);
	free(siblings->parts);
	*siblings = (struct siblings){ 0 };
}

static int compare_items(const void *left, const void *right)
{
	const struct item *a = left, *b = right;

	if (a->name != b->name)
		return a->name < b->name ? -1 : 1;
	if (a->stack != b->stack)
		return a->stack < b->stack ? -1 : 1;
	return (a->line > b->line) - (a->line < b->line);
}

static void sort_items(struct item *at, size_t n)
{
	if (n > FEW) {
		qsort(at, n, sizeof(*at), compare_items);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		struct item item = at[i];
		size_t hole = i;

		for (; hole > 0 && compare_items(&at[hole - 1], &item) > 0; hole--)
			at[hole] = at[hole - 1];
		at[hole] = item;
	}
}

/* Inverted, ways that have met at one place of a stack go on as one. */
static bool joins_last(const struct item *item, const struct group *group, struct items *into)
{
	struct item *last = into->count ? &into->at[into->count - 1] : NULL;

	if (group->count == 0 || last->stack != item->stack || last->line != item->line)
		return false;
	last->total = descent_sum(last->total, item->total);
	last->base = descent_sum(last->base, item->base);
	return true;
}

static bool add_to_group(struct group *group, const struct descent *descent,
	const struct item *item, struct items *into)
{
	group->self = descent_sum(group->self, descent_self(descent, item));
	group->base_self = descent_sum(group->base_self, descent_base_self(descent, item));
	group->total = descent_sum(group->total, item->total);
	group->base_total = descent_sum(group->base_total, item->base);
	if (joins_last(item, group, into))
		return true;
	if (into->count >= UINT32_MAX || !VEC_FITS(into->at, into->cap, into->count + 1))
		return false;
	into->at[into->count++] = *item;
	group->count++;
	return true;
}

static bool group_by_name(struct siblings *s, const struct descent *descent,
	const struct items *found, struct items *into)
{
	s->n_groups = 0;
	for (size_t i = 0; i < found->count; i++) {
		const struct item *item = &found->at[i];
		struct group *group = s->n_groups ? &s->groups[s->n_groups - 1] : NULL;

		if (!group || group->name != item->name) {
			group = VEC_ADD(s->groups, s->n_groups, s->cap_groups);
			if (!group)
				return false;
			*group = (struct group){ .first = (uint32_t)into->count,
				.name = item->name };
		}
		if (!add_to_group(group, descent, item, into))
			return false;
	}
	return true;
}

/* ---- the order of text lines ---- */

static bool is_leaf_part(const struct group *group)
{
	return group->self || group->base_self;
}

/* What follows the name in the first line of the part: ";" or " 12". */
static struct view line_end(const struct descent *d, const struct group *part, char room[48])
{
	if (!is_leaf_part(part))
		return VIEW(";");
	if (d->is_diff)
		snprintf(room, 48, " %" PRIu64 " %" PRIu64, part->base_self, part->self);
	else
		snprintf(room, 48, " %" PRIu64, part->self);
	return view_of(room);
}

static int compare_parts(const void *left, const void *right, void *owner)
{
	const struct descent *d = owner;
	const struct group *a = left, *b = right;
	char room_a[48], room_b[48];
	struct view name_a = strings_at(&d->frames.names, a->name), rest_a = line_end(d, a, room_a);
	struct view name_b = strings_at(&d->frames.names, b->name), rest_b = line_end(d, b, room_b);
	int sign = 1;
	size_t shared;
	int order;

	if (name_a.len > name_b.len) {
		struct view name = name_a, rest = rest_a;

		name_a = name_b, rest_a = rest_b;
		name_b = name, rest_b = rest;
		sign = -1;
	}
	order = name_a.len ? memcmp(name_a.at, name_b.at, name_a.len) : 0;
	if (order)
		return sign * order;
	/* a's end against the rest of b's name, then against b's end. */
	name_b = view_between(name_b.at + name_a.len, view_end(name_b));
	shared = rest_a.len < name_b.len ? rest_a.len : name_b.len;
	order = shared ? memcmp(rest_a.at, name_b.at, shared) : 0;
	if (order)
		return sign * order;
	if (rest_a.len <= name_b.len && name_b.len)
		return -sign;
	return sign * view_compare(view_between(rest_a.at + shared, view_end(rest_a)), rest_b);
}

static bool needs_parts(const struct siblings *s, const struct descent *descent)
{
	for (size_t i = 0; i + 1 < s->n_groups; i++)
		if (descent->frames.has_extension[s->groups[i].name])
			return true;
	return false;
}

/* A name's own lines, and those that go on below it. */
static size_t split(const struct group *group, struct group part[2])
{
	size_t n = 0;

	if (is_leaf_part(group))
		part[n++] = (struct group){ .name = group->name,
			.first = group->first,
			.self = group->self,
			.base_self = group->base_self,
			.total = group->self,
			.base_total = group->base_self };
	if (group->total > group->self || group->base_total > group->base_self) {
		part[n] = *group;
		part[n].total -= group->self;
		part[n].base_total -= group->base_self;
		part[n].self = part[n].base_self = 0;
		n++;
	}
	return n;
}

static void join_parts(struct siblings *s, size_t n_parts)
{
	s->n_groups = 0;
	for (size_t i = 0; i < n_parts; i++) {
		struct group *last = s->n_groups ? &s->groups[s->n_groups - 1] : NULL;
		const struct group *part = &s->parts[i];

		if (!last || last->name != part->name) {
			s->groups[s->n_groups++] = *part;
			continue;
		}
		/* The own lines come first: only the other part has items to go on with. */
		last->total = descent_sum(last->total, part->total);
		last->base_total = descent_sum(last->base_total, part->base_total);
		last->first = part->first;
		last->count = part->count;
	}
}

static bool order_as_text(struct siblings *s, const struct descent *descent)
{
	size_t n_parts = 0;

	if (!VEC_FITS(s->parts, s->cap_parts, s->n_groups * 2) ||
		!VEC_FITS(s->groups, s->cap_groups, s->n_groups * 2))
		return false;
	for (size_t i = 0; i < s->n_groups; i++)
		n_parts += split(&s->groups[i], &s->parts[n_parts]);
	qsort_r(s->parts, n_parts, sizeof(*s->parts), compare_parts, (void *)descent);
	join_parts(s, n_parts);
	return true;
}

bool siblings_group(struct siblings *siblings, const struct descent *descent, struct items *found,
	struct items *into, bool as_text)
{
	sort_items(found->at, found->count);
	if (!group_by_name(siblings, descent, found, into))
		return false;
	if (as_text && needs_parts(siblings, descent))
		return order_as_text(siblings, descent);
	return true;
}
