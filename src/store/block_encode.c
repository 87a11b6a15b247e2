/* block_encode: the profiles of one series in a stretch of time become bytes. */
#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/hash.h"
#include "base/vec.h"
#include "store/block.h"
#include "store/block_columns.h"
#include "store/block_format.h"
#include "store/store_impl.h"

struct encoder {
	const struct record *const *records;
	size_t n, n_types;
	struct block_sums sums;
	uint32_t *places; /* owned; of a stack of the block, by its offset from the lowest */
	struct store_span *spans; /* owned; sorted, each once */
	size_t n_spans;
	struct buf merged, span_bytes, detail;
};

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

/* ---- sections ---- */

static void put_merged(struct buf *out, const struct block_sums *sums)
{
	proto_put_varint(out, sums->n);
	block_columns_put_ascending(out, sums->stacks, sums->n);
	for (size_t t = 0; t < sums->n_types; t++)
		block_columns_put_values(
			out, sums->values + t * sums->n, sums->n, t ? sums->values : NULL);
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Far apart: sorted. `all` is how many they have together. */
static void sort_stacks(struct encoder *e, size_t all)
{
	uint32_t *stacks = e->sums.stacks;
	size_t n = 0;

	for (size_t i = 0; i < e->n; n += e->records[i++]->n)
		memcpy(stacks + n, e->records[i]->stacks, e->records[i]->n * sizeof(*stacks));
	if (e->n > 1)
		qsort(stacks, all, sizeof(*stacks), by_number);
	for (size_t i = 0; i < all; i++)
		if (i == 0 || stacks[i] != stacks[i - 1])
			stacks[e->sums.n++] = stacks[i];
}

/* Near each other, as those of a service mostly are: a bit for each number there may be. */
static bool mark_stacks(struct encoder *e, uint32_t lowest, size_t words)
{
	uint64_t *bits = vec_zeroed(words * sizeof(*bits));

	if (!bits)
		return false;
	for (size_t i = 0; i < e->n; i++)
		for (size_t k = 0; k < e->records[i]->n; k++) {
			uint32_t at = e->records[i]->stacks[k] - lowest;

			bits[at / 64] |= UINT64_C(1) << at % 64;
		}
	for (size_t word = 0; word < words; word++)
		for (uint64_t left = bits[word]; left; left &= left - 1)
			e->sums.stacks[e->sums.n++] =
				lowest + (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(left);
	free(bits);
	return true;
}

/* Those of all records, each once, ascending, as they are in each record. */
static bool collect_stacks(struct encoder *e)
{
	uint32_t lowest = UINT32_MAX, highest = 0;
	size_t all = 0, words;

	for (size_t i = 0; i < e->n; i++) {
		const struct record *record = e->records[i];

		if (record->n == 0)
			continue;
		all += record->n;
		lowest = record->stacks[0] < lowest ? record->stacks[0] : lowest;
		if (record->stacks[record->n - 1] > highest)
			highest = record->stacks[record->n - 1];
	}
	e->sums.stacks = malloc((all + 1) * sizeof(*e->sums.stacks));
	if (!e->sums.stacks)
		return false;
	words = all ? (size_t)(highest - lowest) / 64 + 1 : 0;
	if (e->n > 1 && words > 0 && words <= 2 * all)
		return mark_stacks(e, lowest, words);
	sort_stacks(e, all);
	return true;
}

/* Where the record's stacks are among those of the block: both ascend. */
static void find_places(const struct encoder *e, const struct record *record)
{
	size_t at = 0;

	for (size_t i = 0; i < record->n; i++) {
		while (e->sums.stacks[at] < record->stacks[i])
			at++;
		e->places[i] = (uint32_t)at;
	}
}

static bool sum_values(struct encoder *e)
{
	size_t longest = 0;

	e->sums.values = calloc(e->sums.n * e->n_types + 1, sizeof(*e->sums.values));
	for (size_t i = 0; i < e->n; i++)
		longest = e->records[i]->n > longest ? e->records[i]->n : longest;
	e->places = malloc((longest + 1) * sizeof(*e->places));
	if (!e->sums.values || !e->places)
		return false;
	for (size_t i = 0; i < e->n; i++) {
		const struct record *record = e->records[i];

		find_places(e, record);
		for (size_t t = 0; t < e->n_types; t++) {
			int64_t *sums = e->sums.values + t * e->sums.n;
			const int64_t *values = record->values + t * record->n;

			for (size_t k = 0; k < record->n; k++)
				sums[e->places[k]] = store_sum(sums[e->places[k]], values[k]);
		}
	}
	return true;
}

static int by_span(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct store_span));
}

static bool collect_spans(struct encoder *e)
{
	size_t all = 0, n = 0;

	for (size_t i = 0; i < e->n; i++)
		all += e->records[i]->n_spans;
	if (all == 0)
		return true;
	e->spans = malloc(all * sizeof(*e->spans));
	if (!e->spans)
		return false;
	for (size_t i = 0; i < e->n; i++)
		for (size_t k = 0; k < e->records[i]->n_spans; k++)
			e->spans[n++] = e->records[i]->spans[k];
	qsort(e->spans, n, sizeof(*e->spans), by_span);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || by_span(&e->spans[i], &e->spans[i - 1]) != 0)
			e->spans[e->n_spans++] = e->spans[i];
	buf_add(&e->span_bytes, e->spans, e->n_spans * sizeof(*e->spans));
	return true;
}

static bool put_span_of(struct encoder *e, const struct record *record)
{
	uint32_t *span_of = malloc((record->n + 1) * sizeof(*span_of));

	if (!span_of)
		return false;
	for (size_t i = 0; i < record->n; i++) {
		uint32_t span = record->span_of ? record->span_of[i] : 0;
		const struct store_span *found =
			span ? bsearch(&record->spans[span - 1], e->spans, e->n_spans,
				       sizeof(*e->spans), by_span)
			     : NULL;

		span_of[i] = found ? (uint32_t)(found - e->spans) + 1 : 0;
	}
	block_columns_put_numbers(&e->detail, span_of, record->n);
	free(span_of);
	return true;
}

static bool put_detail(struct encoder *e)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct record *record = e->records[i];

		find_places(e, record);
		proto_put_varint(&e->detail, record->n);
		block_columns_put_ascending(&e->detail, e->places, record->n);
		for (size_t t = 0; t < e->n_types; t++)
			block_columns_put_values(&e->detail, record->values + t * record->n,
				record->n, t ? record->values : NULL);
		if (e->n_spans && !put_span_of(e, record))
			return false;
	}
	return true;
}

/* ---- header ---- */

static void put_profiles(struct buf *out, const struct encoder *e)
{
	int64_t before = e->records[0]->begin_ns;

	for (size_t i = 0; i < e->n; i++) {
		const struct record *record = e->records[i];
		uint64_t id = htole64(record->short_id);

		proto_put_varint(out, (uint64_t)(record->begin_ns - before));
		proto_put_varint(out, (uint64_t)(record->end_ns - record->begin_ns));
		buf_add(out, &id, sizeof(id));
		for (size_t t = 0; t < e->n_types; t++)
			proto_put_varint(out, block_columns_zigzag(record->totals[t]));
		before = record->begin_ns;
	}
}

static void put_bloom(struct buf *out, const struct store_span *spans, size_t n)
{
	size_t len = (n * 2 * BLOCK_BLOOM_BITS + 7) / 8;
	char *bits;

	proto_put_varint(out, len);
	bits = buf_reserve(out, len);
	if (!bits)
		return;
	memset(bits, 0, len);
	for (size_t i = 0; i < n; i++) {
		block_bloom_set((uint8_t *)bits, len, spans[i].trace_id, sizeof(spans[i].trace_id));
		block_bloom_set((uint8_t *)bits, len, spans[i].span_id, sizeof(spans[i].span_id));
	}
	out->len += len;
}

/* ---- whole ---- */

static int pack(const struct buf *section, int level, struct buf *out, struct err *err)
{
	size_t bound = ZSTD_compressBound(section->len), len;
	char *room;

	if (section->len > BLOCK_SECTION_MAX)
		return err_set(err, ERR_LIMIT,
			"five minutes of one series have %zu bytes of samples; the limit is %zu",
			section->len, BLOCK_SECTION_MAX);
	if (section->len == 0)
		return 0;
	room = buf_reserve(out, bound);
	if (!room)
		return no_memory(err);
	len = ZSTD_compress(room, bound, section->at, section->len, level);
	if (ZSTD_isError(len))
		return err_set(err, ERR_NOMEM, "zstd: %s", ZSTD_getErrorName(len));
	out->len += len;
	return 0;
}

/* The sizes, packed and unpacked, and then the sections themselves. */
static int put_sections(
	const struct buf *const sections[3], int level, struct buf *out, struct err *err)
{
	BUF_AUTO packed = { 0 };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < 3; i++) {
		size_t before = packed.len;

		if (sections[i]->failed)
			return no_memory(err);
		rc = pack(sections[i], level, &packed, err);
		proto_put_varint(out, sections[i]->len);
		proto_put_varint(out, packed.len - before);
	}
	buf_add_view(out, buf_view(&packed));
	return rc == 0 && (out->failed || packed.failed) ? no_memory(err) : rc;
}

static int encode(struct encoder *e, int level, struct buf *out, struct err *err)
{
	const struct buf *const sections[] = { &e->merged, &e->span_bytes, &e->detail };
	bool has_detail;

	if (!collect_stacks(e) || !sum_values(e) || !collect_spans(e))
		return no_memory(err);
	has_detail = e->n > 1 || e->n_spans;
	put_merged(&e->merged, &e->sums);
	if (has_detail && !put_detail(e))
		return no_memory(err);
	buf_add_char(out, BLOCK_VERSION);
	buf_add_char(out, has_detail ? BLOCK_HAS_DETAIL : 0);
	proto_put_varint(out, e->n_types);
	proto_put_varint(out, e->n);
	proto_put_varint(out, (uint64_t)e->records[0]->begin_ns);
	put_profiles(out, e);
	put_bloom(out, e->spans, e->n_spans);
	return put_sections(sections, level, out, err);
}

int block_encode(
	const struct record *const *records, size_t n, int level, struct buf *out, struct err *err)
{
	struct encoder e = { .records = records, .n = n, .n_types = records[0]->n_types };
	int rc;

	if (n > BLOCK_PROFILES_MAX)
		return err_set(err, ERR_LIMIT,
			"five minutes of one series have %zu profiles; the limit is %d", n,
			BLOCK_PROFILES_MAX);
	e.sums.n_types = e.n_types;
	rc = encode(&e, level, out, err);
	block_sums_fini(&e.sums);
	free(e.places);
	free(e.spans);
	buf_fini(&e.merged);
	buf_fini(&e.span_bytes);
	buf_fini(&e.detail);
	return rc;
}

int block_encode_rolled(const struct block_sums *sums, int level, struct buf *out, struct err *err)
{
	BUF_AUTO merged = { 0 };
	const struct buf none = { 0 };
	const struct buf *const sections[] = { &merged, &none, &none };

	put_merged(&merged, sums);
	buf_add_char(out, BLOCK_VERSION);
	buf_add_char(out, BLOCK_IS_ROLLED);
	proto_put_varint(out, sums->n_types);
	proto_put_varint(out, sums->n_profiles);
	proto_put_varint(out, (uint64_t)sums->begin_ns);
	proto_put_varint(out, (uint64_t)(sums->end_ns - sums->begin_ns));
	for (size_t t = 0; t < sums->n_types; t++)
		proto_put_varint(out, block_columns_zigzag(sums->totals[t]));
	return put_sections(sections, level, out, err);
}

void block_sums_fini(struct block_sums *sums)
{
	free(sums->stacks);
	free(sums->values);
	*sums = (struct block_sums){ 0 };
}
