/* sstfile_block: one block of a table: read, held against its checksum, unpacked, and walked. */
#include "store/sstfile_block.h"

#include <endian.h>
#include <unistd.h>
#include <zstd.h>

#include "base/crc32c.h"
#include "base/disk.h"
#include "base/hash.h"
#include "wire/proto.h"

#define BLOCK_MAX ((uint64_t)1 << 30)
#define ZSTD 7

enum { CHECKSUM_NONE, CHECKSUM_CRC32C, CHECKSUM_XXH3 = 4 };

static uint32_t little_u32(const void *at)
{
	uint32_t number;

	memcpy(&number, at, 4);
	return le32toh(number);
}

/* Masked, because a checksum of bytes with checksums in them would be a weak one. */
static uint32_t masked(uint32_t crc)
{
	return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

/* XXH3 of all but the last byte, which is mixed in: RocksDB checks the compression's byte so. */
static uint32_t mixed(struct view bytes)
{
	uint64_t hash = hash_view((struct view){ bytes.at, bytes.len - 1 });

	return (uint32_t)hash ^ (uint8_t)bytes.at[bytes.len - 1] * 0x6b9083d9u;
}

static bool is_whole(const struct sstfile *file, struct view bytes, uint32_t checksum)
{
	if (file->checksum == CHECKSUM_NONE)
		return true;
	if (file->checksum == CHECKSUM_CRC32C)
		return masked(crc32c_add(0, bytes)) == checksum;
	return mixed(bytes) == checksum;
}

static int unpack(struct view packed, uint8_t how, struct buf *plain, struct err *err)
{
	struct proto in = proto_of(packed);
	uint64_t size;

	if (how == 0) {
		buf_add_view(plain, packed);
	} else if (how != ZSTD) {
		return err_set(err, ERR_UNSUPPORTED,
			"is packed in a way (%u) that is not known here", how);
	} else if (!proto_varint(&in, &size) || size > BLOCK_MAX || !buf_reserve(plain, size)) {
		return err_set(err, ERR_CORRUPT, "has no size that makes sense");
	} else {
		size_t len = ZSTD_decompress(plain->at, size, in.at,
			(size_t)((const uint8_t *)view_end(packed) - in.at));

		if (ZSTD_isError(len) || len != size)
			return err_set(err, ERR_CORRUPT, "cannot be unpacked");
		plain->len = len;
	}
	return plain->failed ? err_set(err, ERR_NOMEM, "out of memory") : 0;
}

int sstfile_block_read(const struct sstfile *file, const struct sstfile_block *block,
	struct buf *raw, struct buf *plain, struct err *err)
{
	uint64_t whole = block->size + SSTFILE_TRAILER;
	int rc;

	buf_clear(raw);
	buf_clear(plain);
	if (block->size > BLOCK_MAX || block->offset > file->size ||
		whole > file->size - block->offset)
		return err_set(err, ERR_CORRUPT, "lies beyond the end of the file");
	if (!buf_reserve(raw, whole))
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = disk_read_at(file->fd, raw->at, whole, block->offset, err);
	if (rc < 0)
		return rc;
	if (!is_whole(file, (struct view){ raw->at, block->size + 1 },
		    little_u32(raw->at + block->size + 1)))
		return err_set(err, ERR_CORRUPT, "does not match its checksum");
	return unpack(
		(struct view){ raw->at, block->size }, (uint8_t)raw->at[block->size], plain, err);
}

/* ---- what is in it ---- */

bool sstfile_block_begin(struct view block, struct sstfile_walk *walk)
{
	uint64_t n;

	walk->at = walk->end = (const uint8_t *)block.at;
	if (block.len < 4)
		return false;
	n = little_u32(block.at + block.len - 4) & INT32_MAX; /* the top bit: a hash index */
	if (little_u32(block.at + block.len - 4) != n || n * 4 > block.len - 4)
		return false;
	walk->end = (const uint8_t *)block.at + block.len - 4 - n * 4;
	buf_clear(walk->key);
	return true;
}

static bool take_u32(struct sstfile_walk *walk, uint32_t *ret)
{
	struct proto in = { .at = walk->at, .end = walk->end };
	uint64_t number;

	if (!proto_varint(&in, &number) || number > UINT32_MAX)
		return false;
	*ret = (uint32_t)number;
	walk->at = in.at;
	return true;
}

bool sstfile_block_handle(const uint8_t **at, const uint8_t *end, struct sstfile_block *ret)
{
	struct proto in = { .at = *at, .end = end };

	if (!proto_varint(&in, &ret->offset) || !proto_varint(&in, &ret->size))
		return false;
	*at = in.at;
	return true;
}

bool sstfile_block_next(struct sstfile_walk *walk)
{
	uint32_t own, len = 0;

	if (walk->at >= walk->end)
		return false;
	walk->wrong = "its entries make no sense";
	if (!take_u32(walk, &walk->shared) || !take_u32(walk, &own) ||
		(!walk->is_short && !take_u32(walk, &len)) || walk->shared > walk->key->len ||
		own > (size_t)(walk->end - walk->at) || len > (size_t)(walk->end - walk->at) - own)
		return false;
	walk->key->len = walk->shared;
	buf_add(walk->key, walk->at, own);
	walk->at += own;
	walk->value = (struct view){ (const char *)walk->at, len };
	walk->at += len;
	if (walk->key->failed)
		return false;
	walk->wrong = NULL;
	return true;
}
