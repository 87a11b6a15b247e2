/* mend_parts: what a repair does with each thing that can be read. */
#include "store/mend_parts.h"

#include <roaring/roaring.h>
#include <stdlib.h>

#include "store/block.h"
#include "store/rocks_keys.h"

#define BATCH_BYTES ((size_t)4 << 20)

static int no_memory(struct mend *mend)
{
	return err_set(&mend->err, ERR_NOMEM, "out of memory");
}

/* ---- writing ---- */

static int write_batch(struct mend *mend)
{
	rocksdb_writebatch_t *batch = mend->batch;

	mend->batch = NULL;
	mend->n_in_batch = 0;
	return batch ? rocks_write(&mend->rocks, batch, false, &mend->err) : 0;
}

static int put(struct mend *mend, enum rocks_family family, struct view key, struct view value)
{
	if (!mend->batch)
		mend->batch = rocksdb_writebatch_create();
	rocks_put(&mend->rocks, mend->batch, family, key, value);
	mend->n_in_batch += key.len + value.len;
	return mend->n_in_batch > BATCH_BYTES ? write_batch(mend) : 0;
}

static int put_delta(struct mend *mend, struct view name, uint32_t number,
	const struct store_dictionary *dictionary, struct dictionary_mark *since)
{
	BUF_AUTO key = { 0 }, delta = { 0 };

	number = htobe32(number);
	buf_add_view(&key, name);
	buf_add(&key, &number, sizeof(number));
	dictionary_delta(dictionary, since, &delta);
	if (key.failed || delta.failed)
		return no_memory(mend);
	return put(mend, ROCKS_DICTIONARY, buf_view(&key), buf_view(&delta));
}

/* All of it as one delta. */
int mend_parts_dictionary(void *owner, struct view name, const struct store_dictionary *dictionary)
{
	struct store_dictionary *empty = dictionary_new(0, DICTIONARY_NODES_MAX);
	struct dictionary_mark nothing;

	if (!empty)
		return no_memory(owner);
	dictionary_mark(empty, &nothing);
	dictionary_unref(empty);
	return put_delta(owner, name, 0, dictionary, &nothing);
}

/* ---- blocks ---- */

static int note_day(struct mend *mend, uint32_t day, uint32_t series)
{
	bool is_new;
	uint64_t *slot = map_add(&mend->days, day, &is_new);

	if (!slot)
		return no_memory(mend);
	if (is_new)
		*slot = (uintptr_t)roaring_bitmap_create();
	roaring_bitmap_add((roaring_bitmap_t *)(uintptr_t)*slot, series);
	return 0;
}

/* Hours of the day that have blocks and no roll-up. */
static int mark_hours(struct mend *mend)
{
	struct map_slot *slot;
	int rc = 0;

	for (size_t cursor = 0; rc == 0 && (slot = map_next(&mend->hours, &cursor));) {
		struct rocks_key key =
			rocks_key_unrolled((uint32_t)(slot->key >> 32), (uint32_t)slot->key);

		rc = put(mend, ROCKS_INDEX, rocks_key_view(&key), VIEW(""));
	}
	map_fini(&mend->hours);
	return rc;
}

static int add_block(struct mend *mend, struct view key, struct view value, uint64_t n)
{
	uint32_t hour = rocks_hour_of_bucket(rocks_key_get_u32(key, 9));
	uint64_t *sum =
		map_add(&mend->hours, (uint64_t)rocks_key_get_u32(key, 5) << 32 | hour, NULL);

	if (!sum)
		return no_memory(mend);
	*sum += n;
	mend->n_blocks++;
	mend->n_profiles += n;
	return put(mend, ROCKS_SAMPLES, key, value);
}

/* One that agrees with its blocks, or is all that is left of them. */
static int add_rolled(struct mend *mend, struct view key, struct view value, uint64_t n)
{
	uint64_t hour = (uint64_t)rocks_key_get_u32(key, 5) << 32 | rocks_key_get_u32(key, 9);
	uint64_t *sum = map_find(&mend->hours, hour);

	if (sum && *sum != n) {
		mend->n_stale++;
		return 0;
	}
	if (!sum)
		mend->n_profiles += n;
	map_remove(&mend->hours, hour);
	mend->n_rolled++;
	return put(mend, ROCKS_SAMPLES, key, value);
}

int mend_parts_block(void *owner, struct view key, struct view value)
{
	struct mend *mend = owner;
	uint32_t day = rocks_key_get_u32(key, 0);
	struct block_header header = { 0 };
	int rc = block_header_decode(value, &header, &mend->err);
	uint64_t n = header.n_profiles;

	block_header_fini(&header);
	if (rc == 0 && day != mend->day)
		rc = mark_hours(mend);
	mend->day = day;
	if (rc == 0)
		rc = note_day(mend, day, rocks_key_get_u32(key, 5));
	if (rc < 0)
		return rc;
	return key.at[4] == 'H' ? add_rolled(mend, key, value, n) : add_block(mend, key, value, n);
}

/* ---- rows ---- */

/* A delete that was lost: the row's profile was folded before. */
static int is_in_block(struct mend *mend, struct view row_key, bool *ret)
{
	int64_t begin_ns = (int64_t)rocks_key_get_u64(row_key, 8);
	struct rocks_key key = rocks_key_block(rocks_key_get_u32(row_key, 0), 'B',
		rocks_key_get_u32(row_key, 4), rocks_bucket_of(begin_ns));
	struct block_header header = { 0 };
	BUF_AUTO block = { 0 };
	int rc = write_batch(mend);

	*ret = false;
	if (rc == 0)
		rc = rocks_get(
			&mend->rocks, ROCKS_SAMPLES, rocks_key_view(&key), &block, &mend->err);
	if (rc == 0)
		rc = block_header_decode(buf_view(&block), &header, &mend->err);
	for (size_t i = 0; rc == 0 && header.profiles && i < header.n_profiles; i++)
		*ret |= header.profiles[i].begin_ns == begin_ns &&
			header.profiles[i].short_id == rocks_key_get_u64(row_key, 16);
	block_header_fini(&header);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

int mend_parts_row(void *owner, struct view key, struct view value)
{
	struct mend *mend = owner;
	bool is_doubled;
	int rc = is_in_block(mend, key, &is_doubled);

	if (rc < 0)
		return rc;
	if (is_doubled) {
		mend->n_doubled++;
		return 0;
	}
	mend->n_rows++;
	mend->n_profiles++;
	rc = note_day(mend, rocks_key_get_u32(key, 0), rocks_key_get_u32(key, 4));
	return rc == 0 ? put(mend, ROCKS_ROWS, key, value) : rc;
}

/* ---- what is known at the end ---- */

/* The dictionary as it was written, with room for the stacks that samples have and it does not. */
static int lengthen(struct mend *mend, uint32_t i)
{
	struct survey *survey = &mend->old->survey;
	struct view name = strings_at(&survey->names, i + 1);
	struct store_dictionary *dictionary = dictionary_new(0, DICTIONARY_NODES_MAX);
	struct dictionary_mark since;
	BUF_AUTO key = { 0 }, delta = { 0 };
	int rc = dictionary ? write_batch(mend) : no_memory(mend);

	buf_add_view(&key, name);
	buf_add(&key, "\0\0\0", 4);
	if (rc == 0)
		rc = rocks_get(&mend->rocks, ROCKS_DICTIONARY, buf_view(&key), &delta, &mend->err);
	if (rc == 0)
		rc = dictionary_replay(dictionary, buf_view(&delta), &mend->err);
	if (rc == 0) {
		dictionary_mark(dictionary, &since);
		if (!dictionary_fill_nodes(dictionary, (size_t)survey->dictionaries[i].highest + 1))
			rc = no_memory(mend);
	}
	if (rc == 0)
		rc = put_delta(mend, name, 1, dictionary, &since);
	dictionary_unref(dictionary);
	return rc;
}

/* A dictionary of which no piece is left. */
static int make_up(struct mend *mend, struct view name, uint32_t highest)
{
	struct store_dictionary *dictionary = dictionary_new(0, DICTIONARY_NODES_MAX);
	int rc = dictionary && dictionary_fill_nodes(dictionary, (size_t)highest + 1)
			 ? mend_parts_dictionary(mend, name, dictionary)
			 : no_memory(mend);

	dictionary_unref(dictionary);
	return rc;
}

static int put_dictionaries(struct mend *mend)
{
	struct survey *survey = &mend->old->survey;
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < survey->n_names; i++) {
		const struct survey_dictionary *dictionary = &survey->dictionaries[i];

		if (dictionary->is_gone)
			rc = make_up(mend, strings_at(&survey->names, i + 1), dictionary->highest);
		else if (dictionary->highest >= dictionary->n_nodes)
			rc = lengthen(mend, i);
	}
	return rc;
}

static int put_series(struct mend *mend, uint32_t day, const roaring_bitmap_t *ids)
{
	roaring_uint32_iterator_t at;
	int rc = 0;

	for (roaring_init_iterator(ids, &at); rc == 0 && at.has_value;
		roaring_advance_uint32_iterator(&at)) {
		struct survey_series *series =
			survey_series_of(&mend->old->survey, at.current_value);
		struct rocks_key key = rocks_key_index('S', at.current_value);

		struct rocks_key about = rocks_key_about(day, at.current_value);

		if (!series)
			continue;
		rc = put(mend, ROCKS_SAMPLES, rocks_key_view(&about),
			(struct view){ series->bytes, series->len });
		if (rc == 0 && !series->is_kept)
			rc = put(mend, ROCKS_INDEX, rocks_key_view(&key),
				(struct view){ series->bytes, series->len });
		mend->n_series += !series->is_kept;
		series->is_kept = true;
	}
	return rc;
}

static int put_day(struct mend *mend, uint32_t day, const roaring_bitmap_t *ids)
{
	struct rocks_key key = rocks_key_index('D', day);
	size_t len = roaring_bitmap_portable_size_in_bytes(ids);
	BUF_AUTO bytes = { 0 };

	if (!buf_reserve(&bytes, len))
		return no_memory(mend);
	bytes.len = roaring_bitmap_portable_serialize(ids, bytes.at);
	return put(mend, ROCKS_INDEX, rocks_key_view(&key), buf_view(&bytes));
}

int mend_parts_rest(struct mend *mend)
{
	struct map_slot *slot;
	int rc = mark_hours(mend);

	if (rc == 0)
		rc = put_dictionaries(mend);
	for (size_t cursor = 0; rc == 0 && (slot = map_next(&mend->days, &cursor));) {
		const roaring_bitmap_t *ids = (const roaring_bitmap_t *)(uintptr_t)slot->value;

		rc = put_day(mend, (uint32_t)slot->key, ids);
		if (rc == 0)
			rc = put_series(mend, (uint32_t)slot->key, ids);
	}
	return rc == 0 ? write_batch(mend) : rc;
}
