/* siblings: the items that follow one node, in the order in which they are drawn. */
#include "model/siblings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"

#define FEW 12

/* The lines of one name that sort together: "a 5", or all that start with "a;". */
struct siblings_part {
	uint32_t name;
	uint32_t first, count; /* items of the name */
	enum item_part part;
	uint64_t self, base_self;
};

void siblings_fini(struct siblings *siblings)
{
	free(siblings->parts);
	free(siblings->sorted.at);
	*siblings = (struct siblings){ 0 };
}

static int compare_items(const void *left, const void *right)
{
	const struct item *a = left, *b = right;

	if (a->name != b->name)
		return a->name > b->name ? -1 : 1;
	if (a->stack != b->stack)
		return a->stack > b->stack ? -1 : 1;
	return (a->line < b->line) - (a->line > b->line);
}

static void join_equal(struct items *items)
{
	size_t kept = 0;

	for (size_t i = 0; i < items->count; i++) {
		struct item *item = &items->at[i], *last = kept ? &items->at[kept - 1] : NULL;

		if (last && last->stack == item->stack && last->line == item->line) {
			last->total = descent_sum(last->total, item->total);
			last->base = descent_sum(last->base, item->base);
		} else {
			items->at[kept++] = *item;
		}
	}
	items->count = kept;
}

void siblings_sort(const struct descent *descent, struct items *items)
{
	struct item *at = items->at;

	if (items->count > FEW)
		qsort(at, items->count, sizeof(*at), compare_items);
	for (size_t i = 1; items->count <= FEW && i < items->count; i++) {
		struct item item = at[i];
		size_t hole = i;

		for (; hole > 0 && compare_items(&at[hole - 1], &item) > 0; hole--)
			at[hole] = at[hole - 1];
		at[hole] = item;
	}
	if (descent->inverted)
		join_equal(items);
}

/* ---- the order of text lines ---- */

/* What follows the name in the first line of the part: ";" or " 12". */
static struct view line_end(
	const struct descent *d, const struct siblings_part *part, char room[48])
{
	if (part->part == ITEM_REST)
		return VIEW(";");
	if (d->is_diff)
		snprintf(room, 48, " %" PRIu64 " %" PRIu64, part->base_self, part->self);
	else
		snprintf(room, 48, " %" PRIu64, part->self);
	return view_of(room);
}

static int compare_some(struct view *a, struct view *b)
{
	size_t shared = a->len < b->len ? a->len : b->len;
	int order = shared ? memcmp(a->at, b->at, shared) : 0;

	*a = view_between(a->at + shared, view_end(*a));
	*b = view_between(b->at + shared, view_end(*b));
	return order;
}

/* Orders name + end as one text; last line first, as the items are. */
static int compare_parts(const void *left, const void *right, void *owner)
{
	const struct descent *d = owner;
	const struct siblings_part *a = left, *b = right;
	char room_a[48], room_b[48];
	struct view name_a = strings_at(&d->frames.names, a->name), end_a = line_end(d, a, room_a);
	struct view name_b = strings_at(&d->frames.names, b->name), end_b = line_end(d, b, room_b);
	int order = compare_some(&name_a, &name_b);

	if (order == 0 && name_b.len)
		order = compare_some(&end_a, &name_b);
	else if (order == 0 && name_a.len)
		order = compare_some(&name_a, &end_b);
	if (order == 0 && name_b.len)
		order = -1;
	else if (order == 0 && name_a.len)
		order = 1;
	else if (order == 0)
		order = view_compare(end_a, end_b);
	return -order;
}

static bool needs_parts(const struct descent *d, const struct items *items)
{
	for (size_t i = 1; i < items->count; i++)
		if (d->frames.has_extension[items->at[i].name] &&
			items->at[i].name != items->at[i - 1].name)
			return true;
	return false;
}

/* A name's own lines, and those that go on below it. */
static size_t split(const struct descent *d, const struct items *items, uint32_t first,
	struct siblings_part part[2])
{
	struct siblings_part whole = { .name = items->at[first].name, .first = first };
	uint64_t total = 0, base_total = 0;
	size_t n = 0;

	for (uint32_t i = first; i < items->count && items->at[i].name == whole.name; i++) {
		const struct item *item = &items->at[i];

		whole.self = descent_sum(whole.self, descent_self(d, item));
		whole.base_self = descent_sum(whole.base_self, descent_base_self(d, item));
		total = descent_sum(total, item->total);
		base_total = descent_sum(base_total, item->base);
		whole.count++;
	}
	whole.part = ITEM_OWN;
	if (whole.self || whole.base_self)
		part[n++] = whole;
	whole.part = ITEM_REST;
	if (total > whole.self || base_total > whole.base_self)
		part[n++] = whole;
	return n;
}

static bool add_part(struct siblings *s, const struct items *items,
	const struct siblings_part *part, enum item_part how)
{
	for (uint32_t i = 0; i < part->count; i++) {
		struct item *added = VEC_ADD(s->sorted.at, s->sorted.count, s->sorted.cap);

		if (!added)
			return false;
		*added = items->at[part->first + i];
		added->part = how;
	}
	return true;
}

bool siblings_order_as_text(
	struct siblings *siblings, const struct descent *descent, struct items *items)
{
	struct siblings *s = siblings;
	struct items done = *items;
	size_t n = 0;

	if (!needs_parts(descent, items))
		return true;
	if (items->count > UINT32_MAX || !VEC_FITS(s->parts, s->cap_parts, items->count * 2))
		return false;
	for (uint32_t i = 0; i < items->count; i++)
		if (i == 0 || items->at[i].name != items->at[i - 1].name)
			n += split(descent, items, i, &s->parts[n]);
	qsort_r(s->parts, n, sizeof(*s->parts), compare_parts, (void *)descent);
	s->sorted.count = 0;
	for (size_t i = 0; i < n; i++) {
		bool is_whole = i + 1 < n && s->parts[i].name == s->parts[i + 1].name;

		if (!add_part(s, items, &s->parts[i], is_whole ? ITEM_WHOLE : s->parts[i].part))
			return false;
		i += is_whole;
	}
	*items = s->sorted;
	s->sorted = done;
	return true;
}
