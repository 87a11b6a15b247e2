/* walfile: a log of RocksDB's, read without it. */
#include "store/walfile.h"

#include <endian.h>

#include "base/crc32c.h"
#include "base/disk.h"
#include "wire/proto.h"

#define BLOCK ((size_t)32 << 10)
#define PAGE ((size_t)4 << 10)
#define HEAD 7
#define BATCH_HEAD 12

enum { PIECE_WHOLE = 1, PIECE_FIRST, PIECE_MIDDLE, PIECE_LAST };

struct scan {
	struct view bytes;
	size_t at;
	struct buf batch; /* pieces so far */
	bool in_batch;
	size_t batch_at;
	bool is_damaged; /* and no whole batch since */
	bool is_hole;    /* all of that damage */
	size_t damage_at;
	size_t zeros_from; /* the file has nothing else from here */
	int (*each)(void *owner, const struct stored *entry);
	void *owner;
	struct walfile *ret;
};

static uint32_t little_u32(const char *at)
{
	uint32_t number;

	memcpy(&number, at, 4);
	return le32toh(number);
}

static uint32_t masked(uint32_t crc)
{
	return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

static bool is_zero(struct view v)
{
	for (size_t i = 0; i < v.len; i++)
		if (v.at[i])
			return false;
	return true;
}

/* A page that was never written, though later ones were: nothing from there on was synced. */
static bool has_hole(const struct scan *s, size_t at, size_t end)
{
	for (size_t page = (at + PAGE - 1) / PAGE * PAGE; page + PAGE <= end; page += PAGE)
		if (is_zero((struct view){ s->bytes.at + page, PAGE }))
			return true;
	return false;
}

static void note_damage(struct scan *s, size_t at)
{
	size_t end = at - at % BLOCK + BLOCK;
	bool hole = has_hole(s, at, end < s->bytes.len ? end : s->bytes.len);

	if (!s->is_damaged) {
		s->damage_at = at;
		s->is_hole = true;
	}
	s->is_hole &= hole;
	s->is_damaged = true;
	s->in_batch = false;
	buf_clear(&s->batch);
}

/* ---- entries ---- */

static bool take_text(struct proto *in, struct view *ret)
{
	uint64_t len;

	if (!proto_varint(in, &len) || len > (size_t)(in->end - in->at))
		return false;
	*ret = (struct view){ (const char *)in->at, len };
	in->at += len;
	return true;
}

/* RocksDB's numbers of what stands in a batch: of the first family, and of any. */
static bool kind_of(uint8_t tag, struct stored *entry, bool *ret_has_family, bool *ret_has_value)
{
	*ret_has_family = tag == 4 || tag == 5 || tag == 8 || tag == 14;
	*ret_has_value = tag == 1 || tag == 5 || tag == 14 || tag == 15;
	switch (tag) {
	case 0:
	case 4:
		entry->kind = STORED_DELETED;
		return true;
	case 1:
	case 5:
		entry->kind = STORED_VALUE;
		return true;
	case 7:
	case 8:
		entry->kind = STORED_SINGLE_DELETED;
		return true;
	case 14:
	case 15:
		entry->kind = STORED_RANGE_DELETED;
		return true;
	default:
		return false;
	}
}

static bool take_entry(struct proto *in, struct stored *entry)
{
	bool has_family, has_value;
	uint64_t family = 0;

	if (!kind_of(*in->at++, entry, &has_family, &has_value) ||
		(has_family && (!proto_varint(in, &family) || family > UINT32_MAX)) ||
		!take_text(in, &entry->key) || (has_value && !take_text(in, &entry->value)))
		return false;
	entry->family = (uint32_t)family;
	return true;
}

/* The batch whose checksum was right; each entry has the number of the batch and its place in it.
 */
static int take_batch(struct scan *s, struct view batch, struct err *err)
{
	struct proto in = proto_of(batch);
	uint64_t number;
	int rc = 0;

	if (batch.len < BATCH_HEAD)
		return err_set(err, ERR_CORRUPT, "a batch of its log makes no sense");
	memcpy(&number, batch.at, 8);
	number = le64toh(number);
	in.at += BATCH_HEAD;
	s->ret->n_batches++;
	while (rc == 0 && in.at < in.end) {
		struct stored entry = { .number = number++ };

		if (!take_entry(&in, &entry))
			return err_set(err, ERR_UNSUPPORTED,
				"a batch of its log has something that is not known here");
		s->ret->n_entries++;
		if (s->each)
			rc = s->each(s->owner, &entry);
	}
	return rc;
}

/* ---- records ---- */

static int whole(struct scan *s, struct view batch, struct err *err)
{
	if (s->is_damaged && s->is_hole) {
		if (!s->ret->is_torn)
			s->ret->torn_at = s->damage_at;
		s->ret->is_torn = true;
	} else if (s->is_damaged && s->ret->n_damaged++ == 0) {
		s->ret->damaged_at = s->damage_at;
	}
	s->is_damaged = false;
	return take_batch(s, batch, err);
}

static int take_piece(struct scan *s, size_t at, uint8_t kind, struct view piece, struct err *err)
{
	bool begins = kind == PIECE_WHOLE || kind == PIECE_FIRST;
	int rc = 0;

	if (begins && s->in_batch)
		note_damage(s, s->batch_at);
	if (!begins && !s->in_batch) {
		if (!s->is_damaged)
			note_damage(s, at);
		return 0;
	}
	if (kind == PIECE_WHOLE)
		return whole(s, piece, err);
	if (begins) {
		buf_clear(&s->batch);
		s->in_batch = true;
		s->batch_at = at;
	}
	buf_add_view(&s->batch, piece);
	if (s->batch.failed)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (kind == PIECE_LAST) {
		s->in_batch = false;
		rc = whole(s, buf_view(&s->batch), err);
	}
	return rc;
}

/* A record that begins here and whose checksum is right; what is left of its block is `room`. */
static bool is_record(const char *at, size_t room, size_t *ret_len)
{
	uint8_t kind;

	if (room < HEAD)
		return false;
	*ret_len = (uint8_t)at[4] | (size_t)(uint8_t)at[5] << 8;
	kind = (uint8_t)at[6];
	return kind >= PIECE_WHOLE && kind <= PIECE_LAST && *ret_len <= room - HEAD &&
	       masked(crc32c_add(0, (struct view){ at + 6, *ret_len + 1 })) == little_u32(at);
}

/* The next record of the block behind a damaged one, whose length may be wrong. */
static size_t next_record(const char *at, size_t room)
{
	size_t skipped = 1, len;

	while (skipped < room && !is_record(at + skipped, room - skipped, &len))
		skipped++;
	return skipped < room ? skipped : room;
}

static int take_record(struct scan *s, struct err *err)
{
	size_t left = BLOCK - s->at % BLOCK, at = s->at, len;
	const char *here = s->bytes.at + at;
	size_t room = left < s->bytes.len - at ? left : s->bytes.len - at;

	if (at >= s->zeros_from) { /* room that was asked for and not used */
		s->at = s->bytes.len;
		return 0;
	}
	if (room < HEAD && left < HEAD && is_zero((struct view){ here, room })) {
		s->at += room; /* too little for a record */
		return 0;
	}
	if (!is_record(here, room, &len)) {
		note_damage(s, at);
		s->at += next_record(here, room);
		return 0;
	}
	s->at += HEAD + len;
	return take_piece(s, at, (uint8_t)here[6], (struct view){ here + HEAD, len }, err);
}

int walfile_scan(struct view bytes, int (*each)(void *owner, const struct stored *entry),
	void *owner, struct walfile *ret, struct err *err)
{
	struct scan s = { .bytes = bytes, .each = each, .owner = owner, .ret = ret };
	int rc = 0;

	*ret = (struct walfile){ .size = bytes.len };
	for (s.zeros_from = bytes.len; s.zeros_from > 0 && !bytes.at[s.zeros_from - 1];)
		s.zeros_from--;
	while (rc == 0 && s.at < bytes.len)
		rc = take_record(&s, err);
	if ((s.is_damaged || s.in_batch) && !ret->is_torn) {
		ret->is_torn = true;
		ret->torn_at = s.is_damaged ? s.damage_at : s.batch_at;
	}
	buf_fini(&s.batch);
	return rc;
}

int walfile_read(const char *path, int (*each)(void *owner, const struct stored *entry),
	void *owner, struct walfile *ret, struct err *err)
{
	BUF_AUTO bytes = { 0 };
	int rc;

	*ret = (struct walfile){ 0 };
	rc = disk_read(path, WALFILE_MAX, &bytes, err);
	return rc < 0 ? rc : walfile_scan(buf_view(&bytes), each, owner, ret, err);
}
