/* record: the samples of an entry as a store keeps them: sorted, in columns, with dense stacks. */
#include "store/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/vec.h"
#include "store/store_impl.h"

/* A sample on its way: where it goes, and where its values are. */
struct item {
	uint64_t key; /* stack << 32 | span */
	uint32_t sample;
};

struct builder {
	const struct store_entry *entry;
	const struct profile *profile;
	struct record *record;
	struct item *items, *spare; /* owned */
	uint32_t *stacks;           /* owned; of the items: the profile's, then the dictionary's */
	size_t n;
	uint32_t trace_key, span_key; /* string ids; STRINGS_NONE: no label is called so */
	uint32_t *span_of_labels; /* owned; of each label set, plus 2; 1 = none, 0 = not known */
	size_t cap_spans;
};

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

/* ---- spans ---- */

static int hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* `text` into the end of `into`; false if it is no hex, empty, or longer. */
static bool from_hex(struct view text, uint8_t *into, size_t size)
{
	if (text.len == 0 || text.len % 2 || text.len > size * 2)
		return false;
	into += size - text.len / 2;
	for (size_t i = 0; i < text.len; i += 2) {
		int high = hex_of(text.at[i]), low = hex_of(text.at[i + 1]);

		if (high < 0 || low < 0)
			return false;
		into[i / 2] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool span_of_set(const struct builder *b, uint32_t set_id, struct store_span *ret)
{
	const struct label_set *set = &b->profile->label_sets[set_id];
	bool has = false;

	*ret = (struct store_span){ 0 };
	for (uint32_t i = 0; i < set->count; i++) {
		const struct label *label = &b->profile->labels[set->first + i];
		struct view text = profile_text(b->profile, label->str);

		if (label->key == b->trace_key && from_hex(text, ret->trace_id, 16))
			has = true;
		if (label->key == b->span_key && from_hex(text, ret->span_id, 8))
			has = true;
	}
	return has;
}

/* The number of the span in record->spans, plus 1; 0 = none. They are not sorted yet. */
static bool find_span(struct builder *b, uint32_t labels, uint32_t *ret)
{
	struct record *record = b->record;
	struct store_span span, *added;

	*ret = 0;
	if (labels == 0 || !b->span_of_labels)
		return true;
	if (b->span_of_labels[labels] == 0) {
		b->span_of_labels[labels] = 1;
		if (span_of_set(b, labels, &span)) {
			added = VEC_ADD(record->spans, record->n_spans, b->cap_spans);
			if (!added)
				return false;
			*added = span;
			b->span_of_labels[labels] = (uint32_t)record->n_spans + 1;
		}
	}
	*ret = b->span_of_labels[labels] - 1;
	return true;
}

static int by_span(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct store_span));
}

static uint32_t place_of(const struct record *record, const struct store_span *span)
{
	const struct store_span *found =
		bsearch(span, record->spans, record->n_spans, sizeof(*span), by_span);

	return (uint32_t)(found - record->spans);
}

/* Several sets of labels may name one span. */
static bool sort_spans(struct builder *b)
{
	struct record *record = b->record;
	struct store_span *old;
	size_t n = 0;

	if (record->n_spans == 0)
		return true;
	old = malloc(record->n_spans * sizeof(*old));
	if (!old)
		return false;
	memcpy(old, record->spans, record->n_spans * sizeof(*old));
	qsort(record->spans, record->n_spans, sizeof(*old), by_span);
	for (size_t i = 0; i < record->n_spans; i++)
		if (i == 0 || by_span(&record->spans[i], &record->spans[n - 1]) != 0)
			record->spans[n++] = record->spans[i];
	record->n_spans = n;
	for (size_t i = 0; i < b->n; i++) {
		uint32_t span = (uint32_t)b->items[i].key;

		if (span)
			b->items[i].key = (b->items[i].key >> 32 << 32) |
					  (place_of(record, &old[span - 1]) + 1);
	}
	free(old);
	return true;
}

/* ---- samples ---- */

static bool is_zero(const int64_t *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (values[i])
			return false;
	return true;
}

static int collect(struct builder *b, struct err *err)
{
	const struct profile *profile = b->profile;
	const uint32_t *samples = b->entry->samples;
	size_t n = samples ? b->entry->n_samples : profile->n_samples;

	b->items = malloc((n + 1) * sizeof(*b->items));
	b->spare = malloc((n + 1) * sizeof(*b->spare));
	b->stacks = malloc((n + 1) * sizeof(*b->stacks));
	if (!b->items || !b->spare || !b->stacks)
		return no_memory(err);
	for (size_t i = 0; i < n; i++) {
		uint32_t at = samples ? samples[i] : (uint32_t)i, span;
		const struct sample *sample = &profile->samples[at];

		if (is_zero(&profile->values[at * profile->n_types], profile->n_types))
			continue;
		if (!find_span(b, sample->labels, &span))
			return no_memory(err);
		b->stacks[b->n] = sample->stack;
		b->items[b->n++] = (struct item){ .key = span, .sample = at };
	}
	return 0;
}

/* By the bytes of the keys in which there is a difference, lowest first. */
static void sort_items(struct builder *b)
{
	uint64_t all = 0, common = UINT64_MAX, varying;

	for (size_t i = 0; i < b->n; i++) {
		all |= b->items[i].key;
		common &= b->items[i].key;
	}
	varying = all & ~common;
	for (unsigned shift = 0; shift < 64; shift += 8) {
		size_t from[257] = { 0 };
		struct item *sorted = b->spare;

		if (!(varying >> shift & 0xff))
			continue;
		for (size_t i = 0; i < b->n; i++)
			from[(b->items[i].key >> shift & 0xff) + 1]++;
		for (size_t i = 0; i < 256; i++)
			from[i + 1] += from[i];
		for (size_t i = 0; i < b->n; i++)
			sorted[from[b->items[i].key >> shift & 0xff]++] = b->items[i];
		b->spare = b->items;
		b->items = sorted;
	}
}

static size_t count_keys(const struct builder *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		n += i == 0 || b->items[i].key != b->items[i - 1].key;
	return n;
}

static int fill(struct builder *b, struct err *err)
{
	struct record *record = b->record;
	size_t n_types = record->n_types, at = 0;

	record->n = count_keys(b);
	record->stacks = malloc((record->n + 1) * sizeof(*record->stacks));
	record->values = calloc(record->n * n_types + 1, sizeof(*record->values));
	if (record->n_spans)
		record->span_of = malloc((record->n + 1) * sizeof(*record->span_of));
	if (!record->stacks || !record->values || (record->n_spans && !record->span_of))
		return no_memory(err);
	for (size_t i = 0; i < b->n; i++) {
		const int64_t *values = &b->profile->values[b->items[i].sample * n_types];

		at += i > 0 && b->items[i].key != b->items[i - 1].key;
		record->stacks[at] = (uint32_t)(b->items[i].key >> 32);
		if (record->span_of)
			record->span_of[at] = (uint32_t)b->items[i].key;
		for (size_t t = 0; t < n_types; t++) {
			int64_t *sum = &record->values[t * record->n + at];

			*sum = store_sum(*sum, values[t]);
		}
	}
	for (size_t t = 0; t < n_types; t++)
		for (size_t i = 0; i < record->n; i++)
			record->totals[t] =
				store_sum(record->totals[t], record->values[t * record->n + i]);
	return 0;
}

static int build(struct builder *b, struct dictionary_pass *pass, struct err *err)
{
	int rc;

	b->trace_key = strings_find(&b->profile->strings, VIEW("trace_id"));
	b->span_key = strings_find(&b->profile->strings, VIEW("span_id"));
	if (b->trace_key != STRINGS_NONE || b->span_key != STRINGS_NONE) {
		b->span_of_labels =
			vec_zeroed(b->profile->n_label_sets * sizeof(*b->span_of_labels));
		if (!b->span_of_labels)
			return no_memory(err);
	}
	rc = collect(b, err);
	if (rc == 0 && !sort_spans(b))
		rc = no_memory(err);
	if (rc == 0)
		rc = dictionary_pass_stacks(pass, b->stacks, b->n, b->stacks, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < b->n; i++)
		b->items[i].key |= (uint64_t)b->stacks[i] << 32;
	sort_items(b);
	return fill(b, err);
}

int record_build(struct record *record, const struct store_entry *entry,
	struct dictionary_pass *pass, struct err *err)
{
	const struct profile *profile = entry->profile;
	struct builder b = { .entry = entry, .profile = profile, .record = record };
	int rc;

	*record = (struct record){ .begin_ns = profile->time_ns,
		.end_ns = profile->time_ns + profile->duration_ns,
		.n_types = profile->n_types };
	memcpy(record->id, entry->id, sizeof(record->id));
	record->short_id = hash_view((struct view){ (const char *)entry->id, sizeof(entry->id) });
	rc = build(&b, pass, err);
	free(b.items);
	free(b.spare);
	free(b.stacks);
	free(b.span_of_labels);
	return rc;
}

void record_fini(struct record *record)
{
	free(record->stacks);
	free(record->values);
	free(record->span_of);
	free(record->spans);
	*record = (struct record){ 0 };
}

static bool is_among(const void *list, size_t n, const void *wanted, size_t size)
{
	for (size_t i = 0; i < n; i++)
		if (memcmp((const char *)list + i * size, wanted, size) == 0)
			return true;
	return false;
}

int64_t record_earliest_ns(const struct store_select *select)
{
	int64_t earliest_ns;

	if (!record_asks_for_spans(select))
		return select->from_ns;
	if (__builtin_sub_overflow(select->from_ns, STORE_LONGEST_NS, &earliest_ns))
		return INT64_MIN;
	return earliest_ns;
}

bool record_is_in(const struct store_select *select, int64_t begin_ns, int64_t end_ns)
{
	if (begin_ns >= select->to_ns || begin_ns < record_earliest_ns(select))
		return false;
	return begin_ns >= select->from_ns || end_ns > select->from_ns;
}

bool record_selects_span(const struct store_select *select, const struct store_span *span)
{
	if (!record_asks_for_spans(select))
		return true;
	return span &&
	       (!select->traces ||
		       is_among(select->traces, select->n_traces, span->trace_id, 16)) &&
	       (!select->spans || is_among(select->spans, select->n_spans, span->span_id, 8));
}
