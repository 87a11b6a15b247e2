/* linecache: what DWARF answered about addresses of one build, kept for the next recording. */
#include "symbol/linecache.h"

#include <stdbool.h>

#include "base/hash.h"

#define MAGIC "FLYLINE\x01" /* the last byte is the version */

struct header {
	char magic[8];
	uint64_t checksum; /* XXH3 of all that follows this field */
	uint64_t key;      /* XXH3 of the key: a renamed file is a miss */
	uint64_t n_batches;
};

struct batch_header {
	uint32_t n_addresses, reply_len;
};

#define SUMMED offsetof(struct header, key)
#define ROUNDED(len) (((len) + 7) & ~(size_t)7)

static int miss(struct err *err, const char *why)
{
	return err_set(err, ERR_NOT_FOUND, "%s", why);
}

static uint64_t sum_of(struct view bytes)
{
	return hash_view((struct view){ bytes.at + SUMMED, bytes.len - SUMMED });
}

static int check(struct view bytes, struct view key, struct header *ret, struct err *err)
{
	if (bytes.len < sizeof(*ret))
		return miss(err, "too short");
	memcpy(ret, bytes.at, sizeof(*ret));
	if (memcmp(ret->magic, MAGIC, sizeof(ret->magic)) != 0)
		return miss(err, "another version");
	if (ret->checksum != sum_of(bytes))
		return miss(err, "the checksum does not match");
	if (ret->key != hash_view(key))
		return miss(err, "made for another key");
	return 0;
}

int linecache_open(struct view bytes, struct view key, struct view *ret_rest, struct err *err)
{
	struct header header;
	int rc = check(bytes, key, &header, err);

	if (rc == 0)
		*ret_rest = view_between(bytes.at + sizeof(header), view_end(bytes));
	return rc;
}

static bool ascending(const uint64_t *addresses, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (addresses[i] <= addresses[i - 1])
			return false;
	return true;
}

bool linecache_next(struct view *rest, struct linecache_batch *ret)
{
	struct batch_header header;
	size_t asked, left;

	if (rest->len < sizeof(header))
		return false;
	memcpy(&header, rest->at, sizeof(header));
	asked = header.n_addresses * sizeof(*ret->addresses);
	left = rest->len - sizeof(header);
	if (asked > left || ROUNDED((size_t)header.reply_len) > left - asked)
		return false;
	ret->addresses = (const uint64_t *)(const void *)(rest->at + sizeof(header));
	ret->n = header.n_addresses;
	ret->reply = (struct view){ rest->at + sizeof(header) + asked, header.reply_len };
	*rest = view_between(ret->reply.at + ROUNDED(ret->reply.len), view_end(*rest));
	return ascending(ret->addresses, ret->n);
}

void linecache_add(struct buf *file, struct view key, const struct linecache_batch *batch)
{
	struct header header = { .magic = MAGIC };
	struct batch_header head = { (uint32_t)batch->n, (uint32_t)batch->reply.len };
	size_t asked = batch->n * sizeof(*batch->addresses);
	size_t start = file->len, len = sizeof(head) + asked + ROUNDED(batch->reply.len);
	static const char zeros[8];

	if (len > LINECACHE_BYTES_MAX - sizeof(header))
		return;
	if (check(buf_view(file), key, &header, NULL) < 0 ||
		header.n_batches >= LINECACHE_BATCHES_MAX || start > LINECACHE_BYTES_MAX - len) {
		buf_clear(file);
		header = (struct header){ .magic = MAGIC, .key = hash_view(key) };
		buf_add(file, &header, sizeof(header));
	}
	buf_add(file, &head, sizeof(head));
	buf_add(file, batch->addresses, asked);
	buf_add_view(file, batch->reply);
	buf_add(file, zeros, ROUNDED(batch->reply.len) - batch->reply.len);
	if (file->failed)
		return;
	header.n_batches++;
	memcpy(file->at, &header, sizeof(header));
	header.checksum = sum_of(buf_view(file));
	memcpy(file->at, &header, sizeof(header));
}
