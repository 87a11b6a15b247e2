/* depot_part: blocks become the parts of a scan. */
#include "store/depot_part.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "store/step.h"
#include "store/store_impl.h"

void depot_part_fini(struct depot_part *p)
{
	block_reader_fini(&p->reader);
	free(p->sums);
	free(p->stacks);
	free(p->span_of);
}

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

bool depot_part_together(const struct store_scan *scan, int64_t first_ns, int64_t last_ns)
{
	return scan->step_ns == 0 || step_of(scan->select, scan->step_ns, first_ns) ==
					     step_of(scan->select, scan->step_ns, last_ns);
}

static int give(struct depot_part *p, struct store_part *part)
{
	part->series = p->series;
	return p->scan->part(p->scan->owner, part);
}

/* Whether the filter leaves any hope. */
static bool may_have(const struct store_select *select, const struct block_header *header)
{
	bool found = !select->traces;

	for (size_t i = 0; !found && i < select->n_traces; i++)
		found = block_may_have(header, select->traces[i], 16);
	if (!found || !select->spans)
		return found;
	for (size_t i = 0; i < select->n_spans; i++)
		if (block_may_have(header, select->spans[i], 8))
			return true;
	return false;
}

/* ---- all of a block ---- */

static int give_merged(struct depot_part *p, const struct block_header *header, struct err *err)
{
	struct store_part part = { .begin_ns = header->begin_ns,
		.end_ns = header->end_ns,
		.n_profiles = (uint32_t)header->n_profiles };
	size_t rows = header->is_rolled ? 1 : header->n_profiles;
	int rc = 0;

	for (size_t i = 0; i < rows; i++)
		part.total = store_sum(part.total, header->totals[i * header->n_types + p->type]);
	if (p->scan->detail != STORE_TOTALS) {
		rc = block_read_merged(&p->reader, header, err);
		part.dictionary = p->dictionary;
		part.stacks = p->reader.stacks;
		part.values = p->reader.values;
		part.n = p->reader.n;
	}
	return rc == 0 ? give(p, &part) : rc;
}

/* ---- one profile ---- */

/* Those of its samples that are asked for. */
static int choose(struct depot_part *p, struct store_part *part, struct err *err)
{
	const struct block_reader *reader = &p->reader;
	const struct store_select *select = p->scan->select;

	if (!VEC_FITS(p->sums, p->cap_sums, reader->n_items + 1) ||
		!VEC_FITS(p->stacks, p->cap_stacks, reader->n_items + 1) ||
		!VEC_FITS(p->span_of, p->cap_span_of, reader->n_items + 1))
		return no_memory(err);
	for (size_t i = 0; i < reader->n_items; i++) {
		uint32_t span = reader->span_of[i], stack = reader->stacks[reader->items[i]];
		int64_t value = reader->item_values[i];
		bool again = part->n > 0 && p->scan->detail != STORE_SPANS &&
			     p->stacks[part->n - 1] == stack;

		if (!record_selects_span(select, span ? &reader->spans[span - 1] : NULL))
			continue;
		part->total = store_sum(part->total, value);
		if (again) {
			p->sums[part->n - 1] = store_sum(p->sums[part->n - 1], value);
			continue;
		}
		p->stacks[part->n] = stack;
		p->span_of[part->n] = span;
		p->sums[part->n++] = value;
	}
	return 0;
}

static int give_profile(struct depot_part *p, const struct block_profile *profile, struct err *err)
{
	struct store_part part = {
		.begin_ns = profile->begin_ns, .end_ns = profile->end_ns, .n_profiles = 1
	};
	int rc = choose(p, &part, err);

	if (rc < 0 || (part.n == 0 && record_asks_for_spans(p->scan->select)))
		return rc;
	if (p->scan->detail == STORE_TOTALS) {
		part.n = 0;
		return give(p, &part);
	}
	part.dictionary = p->dictionary;
	part.stacks = p->stacks;
	part.values = p->sums;
	if (p->scan->detail == STORE_SPANS) {
		part.span_of = p->span_of;
		part.spans = p->reader.spans;
		part.n_spans = p->reader.n_spans;
	}
	return give(p, &part);
}

static bool is_in(const struct depot_part *p, const struct block_profile *profile)
{
	return record_is_in(p->scan->select, profile->begin_ns, profile->end_ns);
}

static int give_profiles(struct depot_part *p, const struct block_header *header, struct err *err)
{
	int rc = block_read_detail(&p->reader, header, err);

	for (size_t i = 0; rc == 0 && i < header->n_profiles; i++) {
		rc = block_next_profile(&p->reader, err);
		if (rc == 0 && is_in(p, &header->profiles[i]))
			rc = give_profile(p, &header->profiles[i], err);
	}
	return rc;
}

/* ---- runs of profiles ---- */

static int give_totals(struct depot_part *p, const struct block_header *header)
{
	struct store_part part = { 0 };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < header->n_profiles; i++) {
		const struct block_profile *profile = &header->profiles[i];

		if (!is_in(p, profile))
			continue;
		if (part.n_profiles > 0 &&
			(p->scan->apart ||
				!depot_part_together(p->scan, part.begin_ns, profile->begin_ns))) {
			rc = give(p, &part);
			part = (struct store_part){ 0 };
		}
		if (part.n_profiles++ == 0)
			part.begin_ns = profile->begin_ns;
		if (profile->end_ns > part.end_ns)
			part.end_ns = profile->end_ns;
		part.total = store_sum(part.total, header->totals[i * header->n_types + p->type]);
	}
	return rc == 0 && part.n_profiles > 0 ? give(p, &part) : rc;
}

static int give_sums(struct depot_part *p, struct store_part *part, struct err *err)
{
	const struct block_reader *reader = &p->reader;

	if (!VEC_FITS(p->stacks, p->cap_stacks, reader->n + 1))
		return no_memory(err);
	part->n = 0;
	for (size_t i = 0; i < reader->n; i++) {
		if (p->sums[i] == 0)
			continue;
		p->stacks[part->n] = reader->stacks[i];
		p->sums[part->n++] = p->sums[i];
	}
	part->dictionary = p->dictionary;
	part->stacks = p->stacks;
	part->values = p->sums;
	return give(p, part);
}

static void add_profile(struct depot_part *p)
{
	const struct block_reader *reader = &p->reader;

	for (size_t i = 0; i < reader->n_items; i++) {
		int64_t *sum = &p->sums[reader->items[i]];

		*sum = store_sum(*sum, reader->item_values[i]);
	}
}

static int give_runs(struct depot_part *p, const struct block_header *header, struct err *err)
{
	struct store_part part = { 0 };
	int rc = block_read_detail(&p->reader, header, err);

	if (rc == 0 && !VEC_FITS(p->sums, p->cap_sums, p->reader.n + 1))
		rc = no_memory(err);
	for (size_t i = 0; rc == 0 && i < header->n_profiles; i++) {
		const struct block_profile *profile = &header->profiles[i];

		rc = block_next_profile(&p->reader, err);
		if (rc < 0 || !is_in(p, profile))
			continue;
		if (part.n_profiles > 0 &&
			!depot_part_together(p->scan, part.begin_ns, profile->begin_ns)) {
			rc = give_sums(p, &part, err);
			part = (struct store_part){ 0 };
		}
		if (part.n_profiles++ == 0) {
			part.begin_ns = profile->begin_ns;
			memset(p->sums, 0, p->reader.n * sizeof(*p->sums));
		}
		if (profile->end_ns > part.end_ns)
			part.end_ns = profile->end_ns;
		part.total = store_sum(part.total, header->totals[i * header->n_types + p->type]);
		add_profile(p);
	}
	return rc == 0 && part.n_profiles > 0 ? give_sums(p, &part, err) : rc;
}

static bool is_whole(const struct depot_part *p, const struct block_header *header)
{
	const struct store_select *select = p->scan->select;
	int64_t last;

	if (header->is_rolled)
		return true;
	last = header->profiles[header->n_profiles - 1].begin_ns;
	return (!p->scan->apart || header->n_profiles == 1) &&
	       header->begin_ns >= select->from_ns && last < select->to_ns &&
	       depot_part_together(p->scan, header->begin_ns, last);
}

int depot_part_give(struct depot_part *p, const struct block_header *header, struct err *err)
{
	p->reader.has_only = true;
	p->reader.only = p->type;
	if (record_asks_for_spans(p->scan->select))
		return may_have(p->scan->select, header) ? give_profiles(p, header, err) : 0;
	if (p->scan->detail != STORE_SPANS && is_whole(p, header))
		return give_merged(p, header, err);
	if (p->scan->detail == STORE_TOTALS)
		return give_totals(p, header);
	if (p->scan->detail == STORE_SPANS || p->scan->apart)
		return give_profiles(p, header, err);
	return give_runs(p, header, err);
}
