/* store_mem_scan: a store in memory answers: all of it is looked at. */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "store/step.h"
#include "store/store_mem_tables.h"

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

struct sum {
	uint32_t stack, span; /* span: of part->spans, plus 1 */
	int64_t value;
};

/* A part on its way. */
struct gather {
	const struct store_scan *scan;
	const struct mem_series *series;
	size_t type;
	struct store_part part;
	bool is_begun;
	const struct store_dictionary *dictionary;
	struct sum *sums; /* owned */
	size_t n, cap;
	struct store_span *spans;
	size_t n_spans, cap_spans;
};

static uint32_t add_span(struct gather *g, const struct store_span *span)
{
	struct store_span *added;

	for (size_t i = 0; i < g->n_spans; i++)
		if (memcmp(&g->spans[i], span, sizeof(*span)) == 0)
			return (uint32_t)i + 1;
	added = VEC_ADD(g->spans, g->n_spans, g->cap_spans);
	if (added)
		*added = *span;
	return added ? (uint32_t)g->n_spans : UINT32_MAX;
}

static bool add_profile(struct gather *g, const struct mem_kept *kept)
{
	const struct record *record = &kept->record;
	const struct store_select *select = g->scan->select;
	bool found = !record_asks_for_spans(select);

	for (size_t i = 0; i < record->n; i++) {
		uint32_t span = record->span_of ? record->span_of[i] : 0;
		int64_t value = record->values[g->type * record->n + i];
		struct sum *added;

		if (!record_selects_span(select, span ? &record->spans[span - 1] : NULL))
			continue;
		found = true;
		g->part.total = store_sum(g->part.total, value);
		if (g->scan->detail == STORE_SPANS && span)
			span = add_span(g, &record->spans[span - 1]);
		added = VEC_ADD(g->sums, g->n, g->cap);
		if (!added || span == UINT32_MAX)
			return false;
		*added = (struct sum){ record->stacks[i], g->scan->detail == STORE_SPANS ? span : 0,
			value };
	}
	if (!found)
		return true;
	if (!g->is_begun)
		g->part.begin_ns = record->begin_ns;
	g->is_begun = true;
	if (record->end_ns > g->part.end_ns)
		g->part.end_ns = record->end_ns;
	g->part.n_profiles++;
	return true;
}

static int by_stack(const void *a_, const void *b_)
{
	const struct sum *a = a_, *b = b_;

	if (a->stack != b->stack)
		return a->stack < b->stack ? -1 : 1;
	return a->span < b->span ? -1 : a->span > b->span;
}

static int give_columns(struct gather *g, struct err *err)
{
	uint32_t *stacks = calloc(g->n + 1, sizeof(*stacks));
	uint32_t *span_of = calloc(g->n + 1, sizeof(*span_of));
	int64_t *values = calloc(g->n + 1, sizeof(*values));
	int rc = stacks && span_of && values ? 0 : no_memory(err);

	for (size_t i = 0; rc == 0 && i < g->n; i++) {
		if (g->part.n == 0 || by_stack(&g->sums[i], &g->sums[i - 1]) != 0)
			g->part.n++;
		stacks[g->part.n - 1] = g->sums[i].stack;
		span_of[g->part.n - 1] = g->sums[i].span;
		values[g->part.n - 1] = store_sum(values[g->part.n - 1], g->sums[i].value);
	}
	if (rc == 0) {
		g->part.stacks = stacks;
		g->part.values = values;
		g->part.dictionary = g->dictionary;
		if (g->scan->detail == STORE_SPANS) {
			g->part.span_of = span_of;
			g->part.spans = g->spans;
			g->part.n_spans = g->n_spans;
		}
		rc = g->scan->part(g->scan->owner, &g->part);
	}
	free(stacks);
	free(span_of);
	free(values);
	return rc;
}

static int give(struct gather *g, struct err *err)
{
	int rc = 0;

	g->part.series = &g->series->info.series;
	if (g->is_begun && g->scan->detail == STORE_TOTALS) {
		rc = g->scan->part(g->scan->owner, &g->part);
	} else if (g->is_begun) {
		if (g->n > 0)
			qsort(g->sums, g->n, sizeof(*g->sums), by_stack);
		rc = give_columns(g, err);
	}
	g->n = g->n_spans = 0;
	g->is_begun = false;
	g->part = (struct store_part){ 0 };
	return rc;
}

/* Whether the profiles belong into one part. */
static bool are_together(
	const struct store_scan *scan, const struct mem_kept *a, const struct mem_kept *b)
{
	if (scan->apart || a->dictionary != b->dictionary)
		return false;
	return scan->step_ns == 0 ||
	       step_of(scan->select, scan->step_ns, a->record.begin_ns) ==
		       step_of(scan->select, scan->step_ns, b->record.begin_ns);
}

static int scan_series(struct gather *g, struct err *err)
{
	const struct store_select *select = g->scan->select;
	const struct mem_kept *last = NULL;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < g->series->n; i++) {
		const struct mem_kept *kept = g->series->profiles[i];

		if (!record_is_in(select, kept->record.begin_ns, kept->record.end_ns))
			continue;
		rc = budget_check(select->budget, err);
		if (rc == 0 && last && !are_together(g->scan, last, kept))
			rc = give(g, err);
		last = kept;
		g->dictionary = kept->dictionary;
		if (rc == 0 && !add_profile(g, kept))
			rc = no_memory(err);
	}
	return rc == 0 ? give(g, err) : rc;
}

static bool is_wanted(const struct store_select *select, const struct mem_series *series)
{
	return view_equal(series->info.tenant, select->tenant) &&
	       store_selects(select, &series->info.series);
}

int store_mem_scan(struct store *store, const struct store_scan *scan, struct err *err)
{
	struct mem *mem = (struct mem *)store;
	struct gather g = { .scan = scan };
	int rc = 0;

	pthread_rwlock_rdlock(&mem->lock);
	for (size_t i = 0; rc == 0 && i < mem->n_series; i++) {
		g.series = mem->series[i];
		if (!is_wanted(scan->select, g.series))
			continue;
		g.type = (size_t)store_type_of(&g.series->info.series, &scan->select->type);
		rc = scan_series(&g, err);
	}
	pthread_rwlock_unlock(&mem->lock);
	free(g.sums);
	free(g.spans);
	return rc == 0 ? store_check_matchers(scan->select, err) : rc;
}

static bool was_there(const struct store_select *select, const struct mem_series *series)
{
	for (size_t i = 0; i < series->n; i++) {
		uint32_t day = store_day(series->profiles[i]->record.begin_ns);

		if (day >= store_day(select->from_ns) && day <= store_day(select->to_ns - 1))
			return true;
	}
	return false;
}

int store_mem_find(struct store *store, const struct store_select *select,
	int (*each)(void *owner, const struct store_series *series), void *owner, struct err *err)
{
	struct mem *mem = (struct mem *)store;
	int rc = 0;

	pthread_rwlock_rdlock(&mem->lock);
	for (size_t i = 0; rc == 0 && i < mem->n_series; i++)
		if (is_wanted(select, mem->series[i]) && was_there(select, mem->series[i]))
			rc = each(owner, &mem->series[i]->info.series);
	pthread_rwlock_unlock(&mem->lock);
	return rc == 0 ? store_check_matchers(select, err) : rc;
}
