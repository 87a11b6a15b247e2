/* traces: the traces and spans that have samples in a selection. */
#include "query/traces.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"
#include "query/timeline.h"

struct search {
	struct traces *into;
	bool by_trace;
	struct map row_of; /* hash of a span to its index */
	struct err *err;
};

static int no_memory(struct search *s)
{
	return err_set(s->err, ERR_NOMEM, "out of memory");
}

static int add_row(struct search *s, const struct store_span *span, const struct store_part *part)
{
	struct view service = timeline_label(part->series, VIEW("service_name"));
	struct traces_row *row;
	const char *copy;

	if (s->into->n == TRACES_MAX)
		return err_set(s->err, ERR_LIMIT,
			"more than %u spans have samples here: narrow the selection or the range",
			TRACES_MAX);
	row = VEC_ADD(s->into->rows, s->into->n, s->into->cap);
	copy = arena_copy(&s->into->arena, service);
	if (!row || !copy)
		return no_memory(s);
	*row = (struct traces_row){ .span = *span,
		.service = { copy, service.len },
		.begin_ns = part->begin_ns,
		.end_ns = part->end_ns };
	return 0;
}

static struct traces_row *row_of(
	struct search *s, const struct store_span *span, const struct store_part *part)
{
	struct store_span key = *span;
	bool is_new;
	uint64_t *slot;

	if (s->by_trace)
		memset(key.span_id, 0, sizeof(key.span_id));
	slot = map_add(
		&s->row_of, hash_view((struct view){ (const char *)&key, sizeof(key) }), &is_new);
	if (!slot) {
		no_memory(s);
		return NULL;
	}
	if (is_new) {
		*slot = s->into->n;
		if (add_row(s, &key, part))
			return NULL;
	}
	return &s->into->rows[*slot];
}

static int on_part(void *owner, const struct store_part *part)
{
	struct search *s = owner;

	for (size_t i = 0; i < part->n; i++) {
		struct traces_row *row;

		if (!part->span_of || !part->span_of[i])
			continue;
		row = row_of(s, &part->spans[part->span_of[i] - 1], part);
		if (!row)
			return s->err->code;
		if (__builtin_add_overflow(row->total, part->values[i], &row->total))
			row->total = INT64_MAX;
		if (part->begin_ns < row->begin_ns)
			row->begin_ns = part->begin_ns;
		if (part->end_ns > row->end_ns)
			row->end_ns = part->end_ns;
	}
	return 0;
}

static int by_total(const void *a, const void *b)
{
	const struct traces_row *x = a, *y = b;

	if (x->total != y->total)
		return x->total < y->total ? 1 : -1;
	return memcmp(&x->span, &y->span, sizeof(x->span));
}

int traces_find(struct store *store, const struct store_select *select, bool by_trace,
	struct traces *ret, struct err *err)
{
	struct err unseen = { 0 };
	struct search s = { .into = ret, .by_trace = by_trace, .err = err ? err : &unseen };
	const struct store_scan scan = {
		.select = select, .detail = STORE_SPANS, .apart = true, .part = on_part, .owner = &s
	};
	int rc;

	*ret = (struct traces){ 0 };
	arena_init(&ret->arena, 0);
	rc = store_scan(store, &scan, s.err);
	map_fini(&s.row_of);
	if (rc == 0 && ret->n)
		qsort(ret->rows, ret->n, sizeof(*ret->rows), by_total);
	return rc;
}

void traces_fini(struct traces *traces)
{
	free(traces->rows);
	arena_fini(&traces->arena);
	*traces = (struct traces){ 0 };
}
