/* block_records: blocks as records again, and the sums of several. */
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "store/block.h"
#include "store/store_impl.h"

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

/* ---- records ---- */

void block_records_fini(struct block_records *records)
{
	for (size_t i = 0; i < records->n; i++) {
		record_fini(records->at[i]);
		free(records->at[i]);
	}
	free(records->at);
	block_reader_fini(&records->reader);
	*records = (struct block_records){ 0 };
}

static void *copy(const void *from, size_t n, size_t size)
{
	void *to = malloc(n * size + 1);

	if (to && n > 0)
		memcpy(to, from, n * size);
	return to;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Of the spans of the block those that the profile has: both are sorted. */
static bool fill_spans(struct record *record, const struct block_reader *reader)
{
	size_t n = reader->n_items, n_used = 0;
	uint32_t *used = copy(reader->span_of, n, sizeof(*used));

	record->span_of = calloc(n + 1, sizeof(*record->span_of));
	if (used && n > 0)
		qsort(used, n, sizeof(*used), by_number);
	for (size_t i = 0; used && i < n; i++)
		if (used[i] && (n_used == 0 || used[i] != used[n_used - 1]))
			used[n_used++] = used[i];
	record->spans = malloc((n_used + 1) * sizeof(*record->spans));
	if (!used || !record->span_of || !record->spans) {
		free(used);
		return false;
	}
	record->n_spans = n_used;
	for (size_t i = 0; i < n_used; i++)
		record->spans[i] = reader->spans[used[i] - 1];
	for (size_t i = 0; i < n; i++) {
		const uint32_t *found =
			bsearch(&reader->span_of[i], used, n_used, sizeof(*used), by_number);

		record->span_of[i] = found ? (uint32_t)(found - used) + 1 : 0;
	}
	free(used);
	return true;
}

static bool fill(struct record *record, const struct block_reader *reader)
{
	record->n = reader->n_items;
	record->stacks = malloc((record->n + 1) * sizeof(*record->stacks));
	record->values =
		copy(reader->item_values, record->n * record->n_types, sizeof(*record->values));
	if (!record->stacks || !record->values ||
		(reader->n_spans > 0 && !fill_spans(record, reader)))
		return false;
	for (size_t i = 0; i < record->n; i++)
		record->stacks[i] = reader->stacks[reader->items[i]];
	return true;
}

static int add(struct block_records *records, const struct block_header *header, size_t i,
	const struct block_reader *reader, struct err *err)
{
	struct record *record = calloc(1, sizeof(*record)), **added;

	if (!record)
		return no_memory(err);
	record->begin_ns = header->profiles[i].begin_ns;
	record->end_ns = header->profiles[i].end_ns;
	record->short_id = header->profiles[i].short_id;
	record->n_types = header->n_types;
	memcpy(record->totals, header->totals + i * header->n_types,
		header->n_types * sizeof(*record->totals));
	added = VEC_ADD(records->at, records->n, records->cap);
	if (added)
		*added = record;
	else
		free(record);
	return added && fill(record, reader) ? 0 : no_memory(err);
}

static int add_all(struct block_records *records, const struct block_header *header,
	struct block_reader *reader, struct err *err)
{
	int rc = block_read_detail(reader, header, err);

	for (size_t i = 0; rc == 0 && i < header->n_profiles; i++) {
		rc = block_next_profile(reader, err);
		if (rc == 0)
			rc = add(records, header, i, reader, err);
	}
	return rc;
}

int block_records_add(struct block_records *records, struct view block, struct err *err)
{
	struct block_header header;
	int rc = block_header_decode(block, &header, err);

	if (rc == 0 && header.is_rolled)
		rc = err_set(err, ERR_CORRUPT, "a block is rolled up where profiles should be");
	if (rc == 0)
		rc = add_all(records, &header, &records->reader, err);
	block_header_fini(&header);
	return rc;
}

/* ---- sums ---- */

/* How many stacks either has. */
static size_t count_union(const struct block_sums *a, const struct block_reader *b)
{
	size_t n = 0, i = 0, k = 0;

	for (; i < a->n && k < b->n; n++) {
		uint32_t x = a->stacks[i], y = b->stacks[k];

		i += x <= y;
		k += y <= x;
	}
	return n + (a->n - i) + (b->n - k);
}

static void merge(struct block_sums *into, const struct block_sums *a, const struct block_reader *b)
{
	size_t i = 0, k = 0;

	for (size_t at = 0; at < into->n; at++) {
		bool has_a = i < a->n && (k == b->n || a->stacks[i] <= b->stacks[k]);
		bool has_b = k < b->n && (i == a->n || b->stacks[k] <= a->stacks[i]);

		into->stacks[at] = has_a ? a->stacks[i] : b->stacks[k];
		for (size_t t = 0; t < into->n_types; t++) {
			int64_t sum = has_a ? a->values[t * a->n + i] : 0;

			if (has_b)
				sum = store_sum(sum, b->values[t * b->n + k]);
			into->values[t * into->n + at] = sum;
		}
		i += has_a;
		k += has_b;
	}
}

static int add_sums(struct block_sums *sums, const struct block_reader *reader, struct err *err)
{
	struct block_sums both = *sums;

	both.n = count_union(sums, reader);
	both.stacks = malloc((both.n + 1) * sizeof(*both.stacks));
	both.values = malloc((both.n * both.n_types + 1) * sizeof(*both.values));
	if (!both.stacks || !both.values) {
		free(both.stacks);
		free(both.values);
		return no_memory(err);
	}
	merge(&both, sums, reader);
	free(sums->stacks);
	free(sums->values);
	*sums = both;
	return 0;
}

static void add_header(struct block_sums *sums, const struct block_header *header)
{
	size_t rows = header->is_rolled ? 1 : header->n_profiles;

	if (sums->n_profiles == 0 || header->begin_ns < sums->begin_ns)
		sums->begin_ns = header->begin_ns;
	if (header->end_ns > sums->end_ns)
		sums->end_ns = header->end_ns;
	sums->n_profiles += header->n_profiles;
	for (size_t i = 0; i < rows; i++)
		for (size_t t = 0; t < sums->n_types; t++)
			sums->totals[t] =
				store_sum(sums->totals[t], header->totals[i * header->n_types + t]);
}

int block_sums_add(struct block_sums *sums, struct view block, struct err *err)
{
	struct block_header header;
	struct block_reader reader = { 0 };
	int rc = block_header_decode(block, &header, err);

	if (rc == 0 && sums->n_profiles == 0)
		sums->n_types = header.n_types;
	if (rc == 0 && header.n_types != sums->n_types)
		rc = err_set(err, ERR_CORRUPT, "the blocks of a series have different types");
	if (rc == 0)
		rc = block_read_merged(&reader, &header, err);
	if (rc == 0)
		rc = add_sums(sums, &reader, err);
	if (rc == 0)
		add_header(sums, &header);
	block_reader_fini(&reader);
	block_header_fini(&header);
	return rc;
}
