/* sstfile: a table of RocksDB's, read without it. */
#include "store/sstfile.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/vec.h"
#include "store/sstfile_block.h"
#include "wire/proto.h"

#define FOOTER 53
#define HANDLES 40 /* room for those of the list and of the index */
#define MAGIC 0x88e241b785f4cff7ULL
#define FORMAT_MIN 3
#define FORMAT_MAX 5
#define NUMBER 8 /* bytes after each key: its number and its kind */

static void trouble(struct sstfile *file, const char *what, const char *why)
{
	if (!file->trouble[0])
		snprintf(file->trouble, sizeof(file->trouble), "%.70s %s", what, why);
}

/* ---- footer, list, properties ---- */

static int read_footer(struct sstfile *file, struct sstfile_block *list,
	struct sstfile_block *index, struct err *err)
{
	uint8_t footer[FOOTER];
	const uint8_t *at = footer + 1, *end = footer + 1 + HANDLES;
	uint64_t magic;
	int rc;

	if (file->size < FOOTER)
		return err_set(err, ERR_CORRUPT, "it has %" PRIu64 " bytes, which is too short",
			file->size);
	rc = disk_read_at(file->fd, footer, FOOTER, file->size - FOOTER, err);
	if (rc < 0)
		return rc;
	memcpy(&magic, footer + FOOTER - 8, 8);
	memcpy(&file->format, footer + FOOTER - 12, 4);
	file->checksum = footer[0];
	file->format = le32toh(file->format);
	if (le64toh(magic) != MAGIC || !sstfile_block_handle(&at, end, list) ||
		!sstfile_block_handle(&at, end, index))
		return err_set(err, ERR_CORRUPT, "its last %d bytes are damaged", FOOTER);
	if (file->format < FORMAT_MIN || file->format > FORMAT_MAX ||
		(file->checksum > 1 && file->checksum != 4))
		return err_set(err, ERR_UNSUPPORTED,
			"it has format %" PRIu32 " with checksum %u, which is not known here",
			file->format, file->checksum);
	return 0;
}

static uint64_t number_of(struct view value)
{
	struct proto in = proto_of(value);
	uint64_t number = 0;

	return proto_varint(&in, &number) ? number : 0;
}

static bool note_property(struct sstfile *file, struct view name, struct view value)
{
	if (view_equal(name, VIEW("rocksdb.column.family.id")))
		file->family = (uint32_t)number_of(value);
	else if (view_equal(name, VIEW("rocksdb.num.entries")))
		file->n_entries = number_of(value);
	else if (view_equal(name, VIEW("rocksdb.index.value.is.delta.encoded")))
		file->index_is_short = number_of(value) != 0;
	else if (view_equal(name, VIEW("rocksdb.block.based.table.index.type")))
		return value.len == 4 && memcmp(value.at, "\0\0\0\0", 4) == 0;
	return true;
}

static int read_properties(struct sstfile *file, const struct sstfile_block *block, struct err *err)
{
	BUF_AUTO raw = { 0 }, plain = { 0 }, key = { 0 };
	struct sstfile_walk walk = { .key = &key };
	int rc = sstfile_block_read(file, block, &raw, &plain, err);

	if (rc < 0) {
		trouble(file, "the block of its properties", err->text);
		return 0;
	}
	if (!sstfile_block_begin(buf_view(&plain), &walk))
		walk.wrong = "its list of restarts is damaged";
	while (!walk.wrong && sstfile_block_next(&walk))
		if (!note_property(file, buf_view(&key), walk.value))
			return err_set(err, ERR_UNSUPPORTED,
				"it has an index of a kind that is not known here");
	if (walk.wrong)
		trouble(file, "the block of its properties:", walk.wrong);
	return 0;
}

/* What is only for speed is looked at and not used. */
static void read_filter(struct sstfile *file, const struct sstfile_block *block)
{
	BUF_AUTO raw = { 0 }, plain = { 0 };
	struct err err = { 0 };

	if (sstfile_block_read(file, block, &raw, &plain, &err) < 0)
		trouble(file, "its filter (nothing is lost with it)", err.text);
}

static int read_list(struct sstfile *file, const struct sstfile_block *list, struct err *err)
{
	BUF_AUTO raw = { 0 }, plain = { 0 }, key = { 0 };
	struct sstfile_walk walk = { .key = &key };
	int rc = sstfile_block_read(file, list, &raw, &plain, err);

	if (rc < 0) {
		trouble(file, "its list of blocks", err->text);
		return 0;
	}
	if (!sstfile_block_begin(buf_view(&plain), &walk))
		walk.wrong = "its list of restarts is damaged";
	while (rc == 0 && !walk.wrong && sstfile_block_next(&walk)) {
		const uint8_t *at = (const uint8_t *)walk.value.at;
		struct sstfile_block block = { 0 };

		if (!sstfile_block_handle(&at, (const uint8_t *)view_end(walk.value), &block))
			walk.wrong = "it makes no sense";
		else if (view_equal(buf_view(&key), VIEW("rocksdb.properties")))
			rc = read_properties(file, &block, err);
		else if (view_equal(buf_view(&key), VIEW("rocksdb.range_del")))
			file->range_deletions = block;
		else if (view_starts(buf_view(&key), VIEW("fullfilter.")))
			read_filter(file, &block);
	}
	if (walk.wrong)
		trouble(file, "its list of blocks:", walk.wrong);
	return rc;
}

/* ---- the index ---- */

/* Values of a short index: in full where the key is, else by how much larger the block is than the
 * one before, which it follows. */
static bool take_handle(
	struct sstfile *file, struct sstfile_walk *walk, struct sstfile_block *block)
{
	const struct sstfile_block *before = file->n_blocks ? block - 1 : NULL;
	const uint8_t *in_value = (const uint8_t *)walk->value.at;
	struct proto in = { .at = walk->at, .end = walk->end };
	uint64_t change;

	if (!walk->is_short)
		return sstfile_block_handle(
			&in_value, (const uint8_t *)view_end(walk->value), block);
	if (walk->shared == 0)
		return sstfile_block_handle(&walk->at, walk->end, block);
	if (!before || !proto_varint(&in, &change))
		return false;
	walk->at = in.at;
	block->offset = before->offset + before->size + SSTFILE_TRAILER;
	block->size = before->size + ((change >> 1) ^ (0 - (change & 1)));
	return true;
}

static int read_index(struct sstfile *file, const struct sstfile_block *index, struct err *err)
{
	BUF_AUTO raw = { 0 }, plain = { 0 }, key = { 0 };
	struct sstfile_walk walk = { .key = &key, .is_short = file->index_is_short };
	int rc = sstfile_block_read(file, index, &raw, &plain, err);

	if (rc < 0)
		return err_where(err, "its index");
	if (!sstfile_block_begin(buf_view(&plain), &walk))
		walk.wrong = "its list of restarts is damaged";
	while (!walk.wrong && sstfile_block_next(&walk)) {
		if (!VEC_FITS(file->blocks, file->cap_blocks, file->n_blocks + 1))
			return err_set(err, ERR_NOMEM, "out of memory");
		file->blocks[file->n_blocks] = (struct sstfile_block){ 0 };
		if (!take_handle(file, &walk, &file->blocks[file->n_blocks]))
			walk.wrong = "its entries make no sense";
		else
			file->n_blocks++;
	}
	return walk.wrong ? err_set(err, ERR_CORRUPT, "its index: %s", walk.wrong) : 0;
}

/* ---- open and close ---- */

static int open_again(struct sstfile *file, struct err *err)
{
	file->fd = open(file->path, O_RDONLY | O_CLOEXEC);
	return file->fd < 0 ? err_errno(err, errno, "cannot open it") : 0;
}

static void close_for_now(struct sstfile *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

static int read_all(struct sstfile *file, struct err *err)
{
	struct sstfile_block list, index;
	struct stat st;
	int rc;

	if (fstat(file->fd, &st) < 0)
		return err_errno(err, errno, "cannot look at it");
	file->size = (uint64_t)st.st_size;
	rc = read_footer(file, &list, &index, err);
	if (rc == 0)
		rc = read_list(file, &list, err);
	return rc == 0 ? read_index(file, &index, err) : rc;
}

int sstfile_open(struct sstfile *file, const char *path, uint32_t family, struct err *err)
{
	struct err why = { 0 };
	int rc;

	*file = (struct sstfile){ .fd = -1, .family = family, .index_is_short = true };
	file->path = strdup(path);
	if (!file->path)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = open_again(file, &why);
	if (rc == 0)
		rc = read_all(file, &why);
	close_for_now(file);
	if (rc < 0 && err)
		*err = why;
	return rc;
}

void sstfile_close(struct sstfile *file)
{
	close_for_now(file);
	free(file->path);
	free(file->blocks);
	*file = (struct sstfile){ .fd = -1 };
}

/* ---- the entries ---- */

void sstfile_cursor_fini(struct sstfile_cursor *cursor)
{
	buf_fini(&cursor->raw);
	buf_fini(&cursor->plain);
	buf_fini(&cursor->key);
}

static void tell(struct sstfile_cursor *cursor, const struct sstfile_block *block, const char *why)
{
	char sentence[ERR_TEXT_MAX + 80];

	cursor->n_damaged++;
	snprintf(sentence, sizeof(sentence), "the block of %" PRIu64 " bytes at %" PRIu64 ": %s",
		block->size, block->offset, why);
	if (cursor->damage)
		cursor->damage(cursor->owner, cursor->file, sentence);
}

static const struct sstfile_block *block_at(const struct sstfile_cursor *cursor, size_t i)
{
	return cursor->of_ranges ? &cursor->file->range_deletions : &cursor->file->blocks[i];
}

/* The next block that can be read; false at the end. */
static bool load(struct sstfile_cursor *cursor)
{
	struct sstfile file = *cursor->file;
	size_t n = cursor->of_ranges ? file.range_deletions.size > 0 : file.n_blocks;

	while (cursor->block < n) {
		const struct sstfile_block *block = block_at(cursor, cursor->block);
		struct sstfile_walk walk = { .key = &cursor->key };
		struct err why = { 0 };
		int rc = open_again(&file, &why);

		cursor->block++;
		if (rc == 0)
			rc = sstfile_block_read(&file, block, &cursor->raw, &cursor->plain, &why);
		close_for_now(&file);
		if (rc == 0 && !sstfile_block_begin(buf_view(&cursor->plain), &walk))
			rc = err_set(&why, ERR_CORRUPT, "its list of restarts is damaged");
		if (rc == 0) {
			cursor->at = walk.at;
			cursor->end = walk.end;
			return true;
		}
		tell(cursor, block, why.text);
	}
	return false;
}

static bool take(struct sstfile_cursor *cursor)
{
	struct sstfile_walk walk = { .at = cursor->at, .end = cursor->end, .key = &cursor->key };
	uint64_t number;

	if (!sstfile_block_next(&walk) || cursor->key.len < NUMBER) {
		if (cursor->at < cursor->end)
			tell(cursor, block_at(cursor, cursor->block - 1),
				"its entries make no sense");
		cursor->at = cursor->end;
		return false;
	}
	cursor->at = walk.at;
	memcpy(&number, cursor->key.at + cursor->key.len - NUMBER, NUMBER);
	number = le64toh(number);
	cursor->now = (struct stored){ .family = cursor->file->family,
		.key = { cursor->key.at, cursor->key.len - NUMBER },
		.value = walk.value,
		.number = number >> 8,
		.kind = (uint8_t)number };
	cursor->n_entries++;
	return true;
}

bool sstfile_next(struct sstfile_cursor *cursor)
{
	for (;;) {
		if (cursor->at < cursor->end && take(cursor))
			return true;
		if (!load(cursor))
			return false;
	}
}
