/* proto: the protobuf wire format, read in place and written. */
#include "wire/proto.h"

#include <endian.h>
#include <string.h>

#include "wire/utf8.h"

#define VARINT_MAX 10

/* A number of up to 8 bytes, of which 8 are there: its groups of 7 bits are pressed together in
 * three steps. False if it is longer. */
static bool varint_word(struct proto *in, uint64_t *ret)
{
	uint64_t word, ends;

	memcpy(&word, in->at, 8);
	word = le64toh(word);
	ends = ~word & 0x8080808080808080ULL;
	if (ends == 0)
		return false;
	word &= ends ^ (ends - 1);
	word = (word & 0x007f007f007f007fULL) | (word & 0x7f007f007f007f00ULL) >> 1;
	word = (word & 0x00003fff00003fffULL) | (word & 0x3fff00003fff0000ULL) >> 2;
	*ret = (word & 0x000000000fffffffULL) | (word & 0x0fffffff00000000ULL) >> 4;
	in->at += __builtin_ctzll(ends) / 8 + 1;
	return true;
}

bool proto_varint_long(struct proto *in, uint64_t *ret)
{
	const uint8_t *at = in->at;
	uint64_t number = 0;

	if (in->end - at >= 8 && varint_word(in, ret))
		return true;
	for (unsigned shift = 0; at < in->end && shift < 7 * VARINT_MAX; shift += 7) {
		number |= (uint64_t)(*at & 0x7f) << shift;
		if (*at++ < 0x80) {
			*ret = number;
			in->at = at;
			return true;
		}
	}
	in->wrong = at == in->end ? "a number is cut off" : "a number has more than 10 bytes";
	return false;
}

static bool fixed(struct proto *in, size_t size, uint64_t *ret)
{
	if ((size_t)(in->end - in->at) < size) {
		in->wrong = "a number is cut off";
		return false;
	}
	*ret = 0;
	for (size_t i = 0; i < size; i++)
		*ret |= (uint64_t)in->at[i] << (8 * i);
	in->at += size;
	return true;
}

bool proto_value(struct proto *in, struct proto_field *ret)
{
	switch (ret->wire) {
	case PROTO_FIXED64:
		return fixed(in, 8, &ret->number);
	case PROTO_FIXED32:
		return fixed(in, 4, &ret->number);
	default:
		in->wrong = "an unknown wire type";
		return false;
	}
}

void proto_put_varint(struct buf *out, uint64_t number)
{
	uint8_t *at = (uint8_t *)buf_reserve(out, VARINT_MAX);
	size_t len = 0;

	if (!at)
		return;
	while (number >= 0x80) {
		at[len++] = (uint8_t)(number | 0x80);
		number >>= 7;
	}
	at[len++] = (uint8_t)number;
	out->len += len;
}

void proto_put_number(struct buf *out, uint32_t id, uint64_t number)
{
	proto_put_varint(out, (uint64_t)id << 3 | PROTO_VARINT);
	proto_put_varint(out, number);
}

void proto_put_bytes(struct buf *out, uint32_t id, struct view bytes)
{
	proto_put_varint(out, (uint64_t)id << 3 | PROTO_BYTES);
	proto_put_varint(out, bytes.len);
	buf_add_view(out, bytes);
}

size_t proto_begin(struct buf *out, uint32_t id)
{
	proto_put_varint(out, (uint64_t)id << 3 | PROTO_BYTES);
	buf_add_char(out, 0);
	return out->len;
}

/* One byte was kept for the length; a body of 128 bytes or more moves up to make room. */
void proto_end(struct buf *out, size_t begun)
{
	size_t len, extra = 0;

	if (out->failed)
		return;
	len = out->len - begun;
	for (size_t left = len >> 7; left; left >>= 7)
		extra++;
	if (extra && !buf_reserve(out, extra))
		return;
	if (extra)
		memmove(out->at + begun + extra, out->at + begun, len);
	out->len = begun - 1;
	proto_put_varint(out, len);
	out->len = begun + extra + len;
}

void proto_put_double(struct buf *out, uint32_t id, double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	bits = htole64(bits);
	proto_put_varint(out, (uint64_t)id << 3 | PROTO_FIXED64);
	buf_add(out, &bits, sizeof(bits));
}

static size_t length_of_good(struct view text)
{
	size_t len = 0, n;

	while (len < text.len &&
		(n = utf8_sequence((struct view){ text.at + len, text.len - len })))
		len += n;
	return len;
}

void proto_put_text(struct buf *out, uint32_t id, struct view text)
{
	size_t good = length_of_good(text), begun;

	if (good == text.len) {
		proto_put_bytes(out, id, text);
		return;
	}
	begun = proto_begin(out, id);
	while (text.len) {
		buf_add(out, text.at, good);
		if (good < text.len) {
			buf_add_text(out, UTF8_REPLACEMENT);
			good++;
		}
		text = (struct view){ text.at + good, text.len - good };
		good = length_of_good(text);
	}
	proto_end(out, begun);
}
