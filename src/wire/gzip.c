/* gzip: whole buffers in and out, with a bound on what comes out. */
#include "wire/gzip.h"

#include <libdeflate.h>
#include <stdint.h>
#include <stdlib.h>

#define RATIO_FREE ((size_t)1 << 20) /* the ratio is not looked at below this size */
#define FIRST_GUESS 8                /* unpacked bytes to a packed one, as a start */
#define MEMBER_MIN 18                /* header, empty body and trailer */

bool gzip_is(struct view bytes)
{
	return bytes.len >= 2 && (uint8_t)bytes.at[0] == 0x1f && (uint8_t)bytes.at[1] == 0x8b;
}

/* What may come out of `packed` bytes; *ret_name says which limit that is. */
static size_t allowed(const struct gzip_limits *limits, size_t packed, bool *ret_ratio)
{
	size_t by_ratio = SIZE_MAX;

	if (limits->ratio_max && packed < SIZE_MAX / limits->ratio_max)
		by_ratio = packed * limits->ratio_max;
	if (limits->ratio_max && by_ratio < RATIO_FREE)
		by_ratio = RATIO_FREE;
	*ret_ratio = by_ratio < limits->bytes_max;
	return *ret_ratio ? by_ratio : limits->bytes_max;
}

/* The trailer's size modulo 2^32: exact for one member below 4 GiB, and a stranger's word. */
static size_t claimed_size(struct view bytes)
{
	const uint8_t *at = (const uint8_t *)view_end(bytes) - 4;

	return (size_t)at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
}

/* Room for the claimed size if that is plausible, else for a multiple of the packed one. */
static size_t first_room(struct view bytes, size_t left)
{
	size_t claimed = claimed_size(bytes), guess = bytes.len * FIRST_GUESS + 64;

	if (claimed && claimed <= bytes.len * FIRST_GUESS * 4)
		guess = claimed;
	return guess < left ? guess : left;
}

static int inflate_member(struct libdeflate_decompressor *unpacker, struct view *bytes, size_t left,
	struct buf *out, struct err *err)
{
	size_t room = first_room(*bytes, left), used, made;

	for (;;) {
		enum libdeflate_result result;
		/* One byte more than we want, so that a member of no bytes has a place too. */
		char *at = buf_reserve(out, room + 1);

		if (!at)
			return err_set(err, ERR_NOMEM, "no memory for %zu unpacked bytes", room);
		result = libdeflate_gzip_decompress_ex(
			unpacker, bytes->at, bytes->len, at, room, &used, &made);
		if (result == LIBDEFLATE_SUCCESS)
			break;
		if (result != LIBDEFLATE_INSUFFICIENT_SPACE)
			return err_set(err, ERR_CORRUPT, "the gzip data is damaged or cut off");
		if (room == left)
			return ERR_LIMIT;
		room = room < left / 4 ? room * 4 : left;
	}
	out->len += made;
	*bytes = view_between(bytes->at + used, view_end(*bytes));
	return 0;
}

static int over_limit(const struct gzip_limits *limits, bool by_ratio, struct err *err)
{
	if (by_ratio)
		return err_set(err, ERR_LIMIT,
			"the gzip data unpacks to more than %zu times its size", limits->ratio_max);
	return err_set(
		err, ERR_LIMIT, "the gzip data unpacks to more than %zu bytes", limits->bytes_max);
}

int gzip_inflate(
	struct view bytes, const struct gzip_limits *limits, struct buf *out, struct err *err)
{
	struct libdeflate_decompressor *unpacker;
	size_t start = out->len, max;
	bool by_ratio;
	int rc = 0;

	max = allowed(limits, bytes.len, &by_ratio);
	unpacker = libdeflate_alloc_decompressor();
	if (!unpacker)
		return err_set(err, ERR_NOMEM, "out of memory");
	do {
		if (!gzip_is(bytes) || bytes.len < MEMBER_MIN)
			rc = err_set(
				err, ERR_CORRUPT, "%zu bytes that are not gzip data", bytes.len);
		else
			rc = inflate_member(unpacker, &bytes, max - (out->len - start), out, err);
	} while (rc == 0 && bytes.len);
	libdeflate_free_decompressor(unpacker);
	return rc == ERR_LIMIT ? over_limit(limits, by_ratio, err) : rc;
}

int gzip_deflate(struct view bytes, int level, struct buf *out, struct err *err)
{
	struct libdeflate_compressor *packer = libdeflate_alloc_compressor(level);
	size_t bound, made = 0;
	char *at;

	if (!packer)
		return err_set(err, ERR_NOMEM, "out of memory");
	bound = libdeflate_gzip_compress_bound(packer, bytes.len);
	at = buf_reserve(out, bound);
	if (at)
		made = libdeflate_gzip_compress(packer, bytes.at, bytes.len, at, bound);
	libdeflate_free_compressor(packer);
	if (!made)
		return err_set(err, ERR_NOMEM, "no memory to pack %zu bytes", bytes.len);
	out->len += made;
	return 0;
}
