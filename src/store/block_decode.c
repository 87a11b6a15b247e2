/* block_decode: blocks read; nothing in them is believed. */
#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/vec.h"
#include "store/block.h"
#include "store/block_columns.h"
#include "store/block_format.h"
#include "store/store_impl.h"

static int damaged(struct err *err, const char *what)
{
	return err_set(err, ERR_CORRUPT, "a block of samples is damaged: %s", what);
}

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

/* ---- header ---- */

static bool take_time(struct proto *in, int64_t from, int64_t *ret)
{
	uint64_t number;

	if (!proto_varint(in, &number) || number > (uint64_t)STORE_TIME_MAX ||
		from > 2 * (STORE_TIME_MAX - 1))
		return false;
	return !__builtin_add_overflow(from, (int64_t)number, ret);
}

static bool take_totals(struct proto *in, int64_t *ret, size_t n)
{
	for (size_t t = 0; t < n; t++) {
		uint64_t number;

		if (!proto_varint(in, &number))
			return false;
		ret[t] = block_columns_unzigzag(number);
	}
	return true;
}

static bool take_profile(struct proto *in, int64_t before, struct block_profile *ret)
{
	if (!take_time(in, before, &ret->begin_ns) || !take_time(in, ret->begin_ns, &ret->end_ns) ||
		in->end - in->at < 8)
		return false;
	memcpy(&ret->short_id, in->at, 8);
	ret->short_id = le64toh(ret->short_id);
	in->at += 8;
	return true;
}

static int take_profiles(struct proto *in, struct block_header *header, struct err *err)
{
	int64_t before = header->begin_ns;
	uint64_t len;

	if (header->n_profiles == 0 || header->n_profiles > BLOCK_PROFILES_MAX ||
		header->n_profiles > (size_t)(in->end - in->at))
		return damaged(err, "the number of profiles");
	header->profiles = calloc(header->n_profiles, sizeof(*header->profiles));
	header->totals = calloc(header->n_profiles * header->n_types + 1, sizeof(*header->totals));
	if (!header->profiles || !header->totals)
		return no_memory(err);
	for (size_t i = 0; i < header->n_profiles; i++) {
		struct block_profile *profile = &header->profiles[i];

		if (!take_profile(in, before, profile) ||
			!take_totals(in, header->totals + i * header->n_types, header->n_types))
			return damaged(err, "the times or totals of its profiles");
		before = profile->begin_ns;
		if (profile->end_ns > header->end_ns)
			header->end_ns = profile->end_ns;
	}
	header->begin_ns = header->profiles[0].begin_ns;
	if (!proto_varint(in, &len) || len > (size_t)(in->end - in->at))
		return damaged(err, "the size of its filter");
	header->bloom = (struct view){ (const char *)in->at, (size_t)len };
	in->at += len;
	return 0;
}

static int take_rolled(struct proto *in, struct block_header *header, struct err *err)
{
	header->totals = calloc(header->n_types + 1, sizeof(*header->totals));
	if (!header->totals)
		return no_memory(err);
	if (!take_time(in, header->begin_ns, &header->end_ns) ||
		!take_totals(in, header->totals, header->n_types))
		return damaged(err, "its totals");
	return 0;
}

static int take_sections(struct proto *in, struct block_header *header, struct err *err)
{
	struct view *const sections[] = { &header->merged, &header->spans, &header->detail };
	size_t *const sizes[] = { &header->merged_size, &header->spans_size, &header->detail_size };
	uint64_t size, len;

	for (size_t i = 0; i < 3; i++) {
		if (!proto_varint(in, &size) || !proto_varint(in, &len) ||
			size > BLOCK_SECTION_MAX || len > BLOCK_SECTION_MAX)
			return damaged(err, "the sizes of its sections");
		*sizes[i] = size;
		sections[i]->len = len;
	}
	for (size_t i = 0; i < 3; i++) {
		if (sections[i]->len > (size_t)(in->end - in->at))
			return damaged(err, "a section is cut off");
		sections[i]->at = (const char *)in->at;
		in->at += sections[i]->len;
	}
	return in->at == in->end ? 0 : damaged(err, "there is more after its end");
}

int block_header_decode(struct view block, struct block_header *ret, struct err *err)
{
	struct proto in = proto_of(block);
	uint64_t n_types;
	uint8_t flags;
	int rc;

	*ret = (struct block_header){ 0 };
	if (block.len < 2 || in.at[0] != BLOCK_VERSION)
		return damaged(err, "its version is not known");
	flags = in.at[1];
	in.at += 2;
	ret->is_rolled = flags & BLOCK_IS_ROLLED;
	ret->has_detail = flags & BLOCK_HAS_DETAIL;
	if (flags > BLOCK_IS_ROLLED || !proto_varint(&in, &n_types) || n_types == 0 ||
		n_types > PROFILE_TYPES_MAX || !proto_varint(&in, &ret->n_profiles) ||
		!take_time(&in, 0, &ret->begin_ns))
		return damaged(err, "its beginning");
	ret->n_types = n_types;
	rc = ret->is_rolled ? take_rolled(&in, ret, err) : take_profiles(&in, ret, err);
	if (rc == 0)
		rc = take_sections(&in, ret, err);
	if (rc == 0 && !ret->is_rolled && !ret->has_detail && ret->n_profiles != 1)
		rc = damaged(err, "it has no detail");
	return rc;
}

void block_header_fini(struct block_header *header)
{
	free(header->profiles);
	free(header->totals);
	*header = (struct block_header){ 0 };
}

bool block_may_have(const struct block_header *header, const void *id, size_t size)
{
	const uint8_t *bits = (const uint8_t *)header->bloom.at;
	uint64_t hash = hash_view((struct view){ (const char *)id, size });

	if (header->bloom.len == 0)
		return false;
	for (unsigned i = 0; i < BLOCK_BLOOM_PROBES; i++) {
		uint64_t bit = block_bloom_bit(hash, i, header->bloom.len);

		if (!(bits[bit / 8] & 1 << bit % 8))
			return false;
	}
	return true;
}

/* ---- sections ---- */

void block_reader_fini(struct block_reader *reader)
{
	free(reader->stacks);
	free(reader->values);
	free(reader->items);
	free(reader->span_of);
	free(reader->item_values);
	buf_fini(&reader->unpacked_merged);
	buf_fini(&reader->unpacked_spans);
	buf_fini(&reader->unpacked_detail);
	ZSTD_freeDCtx(reader->zstd);
	*reader = (struct block_reader){ 0 };
}

static int unpack(struct block_reader *reader, struct view packed, size_t size, struct buf *ret,
	struct err *err)
{
	size_t len;

	buf_clear(ret);
	if (size == 0 && packed.len == 0)
		return 0;
	if (ZSTD_getFrameContentSize(packed.at, packed.len) != size)
		return damaged(err, "a section has not the size that it says");
	if (!reader->zstd)
		reader->zstd = ZSTD_createDCtx();
	if (!reader->zstd || !buf_reserve(ret, size))
		return no_memory(err);
	len = ZSTD_decompressDCtx(reader->zstd, ret->at, size, packed.at, packed.len);
	if (ZSTD_isError(len) || len != size)
		return damaged(err, "a section cannot be unpacked");
	ret->len = size;
	return 0;
}

/* Room for n numbers of a run; twice, so that it is read fast. */
static bool fit(struct block_reader *reader, size_t n)
{
	return VEC_FITS(reader->stacks, reader->cap_stacks, 2 * n + 1) &&
	       VEC_FITS(reader->values, reader->cap_values, n * reader->n_types + 1);
}

static bool take_columns(
	const struct block_reader *reader, struct proto *in, int64_t *values, size_t n)
{
	const struct block_columns_which which = { reader->only, reader->n_types };

	if (reader->has_only)
		return block_columns_take_one(in, values, n, &which);
	for (size_t t = 0; t < reader->n_types; t++)
		if (!block_columns_take_values(in, values + t * n, n, t ? values : NULL))
			return false;
	return true;
}

int block_read_merged(
	struct block_reader *reader, const struct block_header *header, struct err *err)
{
	struct proto in;
	uint64_t n;
	bool is_twice = false;
	int rc = unpack(reader, header->merged, header->merged_size, &reader->unpacked_merged, err);

	if (rc < 0)
		return rc;
	in = proto_of(buf_view(&reader->unpacked_merged));
	reader->n_types = header->n_types;
	if (!proto_varint(&in, &n) || n > (size_t)(in.end - in.at))
		return damaged(err, "the number of its stacks");
	reader->n = n;
	if (!fit(reader, n))
		return no_memory(err);
	if (!block_columns_take_ascending(&in, reader->stacks, n, reader->cap_stacks, UINT32_MAX))
		return damaged(err, "its stacks");
	for (size_t i = 1; i < n; i++)
		is_twice |= reader->stacks[i] == reader->stacks[i - 1];
	if (is_twice)
		return damaged(err, "a stack comes twice");
	if (!take_columns(reader, &in, reader->values, n))
		return damaged(err, "its values");
	return in.at == in.end ? 0 : damaged(err, "there is more after its values");
}

int block_read_detail(
	struct block_reader *reader, const struct block_header *header, struct err *err)
{
	int rc = block_read_merged(reader, header, err);

	reader->next_profile = 0;
	reader->detail_is_merged = !header->has_detail;
	reader->n_spans = 0;
	if (rc == 0)
		rc = unpack(
			reader, header->spans, header->spans_size, &reader->unpacked_spans, err);
	if (rc == 0)
		rc = unpack(
			reader, header->detail, header->detail_size, &reader->unpacked_detail, err);
	if (rc < 0)
		return rc;
	if (header->spans_size % sizeof(struct store_span))
		return damaged(err, "the size of its spans");
	reader->spans = (struct store_span *)reader->unpacked_spans.at;
	reader->n_spans = header->spans_size / sizeof(struct store_span);
	reader->detail = proto_of(buf_view(&reader->unpacked_detail));
	return 0;
}

static bool fit_items(struct block_reader *reader, size_t n)
{
	return VEC_FITS(reader->items, reader->cap_items, 2 * n + 1) &&
	       VEC_FITS(reader->span_of, reader->cap_span_of, 2 * n + 1) &&
	       VEC_FITS(reader->item_values, reader->cap_item_values, n * reader->n_types + 1);
}

/* The one profile of a block without detail. */
static int take_merged(struct block_reader *reader, struct err *err)
{
	if (!fit_items(reader, reader->n))
		return no_memory(err);
	reader->n_items = reader->n;
	for (size_t i = 0; i < reader->n; i++)
		reader->items[i] = (uint32_t)i;
	memset(reader->span_of, 0, reader->n * sizeof(*reader->span_of));
	memcpy(reader->item_values, reader->values,
		reader->n * (reader->has_only ? 1 : reader->n_types) * sizeof(*reader->values));
	return 0;
}

int block_next_profile(struct block_reader *reader, struct err *err)
{
	struct proto *in = &reader->detail;
	uint64_t n;

	reader->next_profile++;
	if (reader->detail_is_merged)
		return take_merged(reader, err);
	if (!proto_varint(in, &n) || n > (size_t)(in->end - in->at))
		return damaged(err, "the number of samples of a profile");
	if (!fit_items(reader, n))
		return no_memory(err);
	reader->n_items = n;
	if (!block_columns_take_ascending(
		    in, reader->items, n, reader->cap_items, (uint32_t)reader->n))
		return damaged(err, "the stacks of a profile");
	if (!take_columns(reader, in, reader->item_values, n))
		return damaged(err, "the values of a profile");
	if (reader->n_spans == 0)
		memset(reader->span_of, 0, n * sizeof(*reader->span_of));
	else if (!block_columns_take_numbers(in, reader->span_of, n, reader->cap_span_of,
			 (uint32_t)reader->n_spans + 1))
		return damaged(err, "the spans of a profile");
	return 0;
}
