/* traces: the traces and spans that have samples in a selection. */
#include "query/traces.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/vec.h"
#include "model/intern.h"
#include "query/groups.h"

#define ROW_BYTES (2 * sizeof(struct traces_row) + 16) /* with its place in the table */

struct search {
	struct traces *into;
	bool by_trace;
	struct intern rows; /* by their spans */
	struct budget *budget;
	struct err *err;
};

static int no_memory(struct search *s)
{
	return budget_error(s->budget, s->err);
}

static int add_row(struct search *s, const struct store_span *span, const struct store_part *part)
{
	struct view service = groups_label(part->series, VIEW("service_name"));
	struct traces_row *row;
	uint32_t id;

	if (s->into->n == TRACES_MAX)
		return err_set(s->err, ERR_LIMIT,
			"more than %u spans have samples here: narrow the selection or the range",
			TRACES_MAX);
	if (!budget_take(s->budget, ROW_BYTES))
		return no_memory(s);
	row = VEC_ADD(s->into->rows, s->into->n, s->into->cap);
	id = strings_add(&s->into->services, service);
	if (!row || id == STRINGS_NONE)
		return no_memory(s);
	*row = (struct traces_row){ .span = *span,
		.service = strings_at(&s->into->services, id),
		.begin_ns = part->begin_ns,
		.end_ns = part->end_ns };
	return 0;
}

static bool is_span(const void *owner, uint32_t id, const void *wanted)
{
	const struct traces *traces = owner;

	return memcmp(&traces->rows[id].span, wanted, sizeof(struct store_span)) == 0;
}

static struct traces_row *row_of(
	struct search *s, const struct store_span *span, const struct store_part *part)
{
	struct store_span key = *span;
	uint64_t hash;
	uint32_t id;

	if (s->by_trace)
		memset(key.span_id, 0, sizeof(key.span_id));
	hash = hash_keyed_view((struct view){ (const char *)&key, sizeof(key) });
	id = intern_find(&s->rows, hash, is_span, s->into, &key);
	if (id != INTERN_NONE)
		return &s->into->rows[id];
	id = (uint32_t)s->into->n;
	if (add_row(s, &key, part))
		return NULL;
	if (!intern_add(&s->rows, hash, id)) {
		no_memory(s);
		return NULL;
	}
	return &s->into->rows[id];
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
	struct search s = { .into = ret,
		.by_trace = by_trace,
		.budget = select->budget,
		.err = err ? err : &unseen };
	const struct store_scan scan = {
		.select = select, .detail = STORE_SPANS, .apart = true, .part = on_part, .owner = &s
	};
	int rc;

	*ret = (struct traces){ 0 };
	rc = store_scan(store, &scan, s.err);
	intern_fini(&s.rows);
	if (rc == 0 && ret->n)
		qsort(ret->rows, ret->n, sizeof(*ret->rows), by_total);
	return rc;
}

void traces_fini(struct traces *traces)
{
	free(traces->rows);
	strings_fini(&traces->services);
	*traces = (struct traces){ 0 };
}
