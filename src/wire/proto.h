/*
 * proto: the protobuf wire format, read in place and written.
 *
 * A message is a run of fields: a varint tag (number << 3 | wire type), then the value.
 *
 *     wire type 0  varint: 7 bits a byte, low first, the top bit says "more"; at most 10 bytes
 *     wire type 1  8 bytes, little endian
 *     wire type 2  varint length, then that many bytes: text, a message, or packed numbers
 *     wire type 5  4 bytes, little endian
 *
 * Reading copies nothing and stops at the first byte that makes no sense: `wrong` then says why
 * and `at` where. Wire types 3 and 4 (groups) are refused.
 */
#ifndef WIRE_PROTO_H
#define WIRE_PROTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/view.h"

enum proto_wire { PROTO_VARINT = 0, PROTO_FIXED64 = 1, PROTO_BYTES = 2, PROTO_FIXED32 = 5 };

/* A message that is being read. */
struct proto {
	const uint8_t *at, *end;
	const char *wrong; /* NULL, or why reading stopped */
};

struct proto_field {
	uint32_t id;
	uint32_t wire;     /* enum proto_wire */
	uint64_t number;   /* of every wire type but PROTO_BYTES */
	struct view bytes; /* of PROTO_BYTES */
};

static inline struct proto proto_of(struct view bytes)
{
	return (struct proto){ .at = (const uint8_t *)bytes.at,
		.end = (const uint8_t *)view_end(bytes) };
}

/* The parts of the two readers below that are too rare to be inlined. */
bool proto_varint_long(struct proto *in, uint64_t *ret);
bool proto_value(struct proto *in, struct proto_field *ret);

static inline bool proto_varint(struct proto *in, uint64_t *ret)
{
	if (in->at < in->end && *in->at < 0x80) {
		*ret = *in->at++;
		return true;
	}
	if (in->end - in->at >= 2 && in->at[1] < 0x80) {
		*ret = (uint64_t)in->at[1] << 7 | (in->at[0] & 0x7f);
		in->at += 2;
		return true;
	}
	return proto_varint_long(in, ret);
}

/* The next field; false at the end of the message and where it makes no sense. */
static inline bool proto_next(struct proto *in, struct proto_field *ret)
{
	uint64_t tag, len;

	if (in->at == in->end || !proto_varint(in, &tag))
		return false;
	ret->id = (uint32_t)(tag >> 3);
	ret->wire = tag & 7;
	if (ret->wire == PROTO_VARINT)
		return proto_varint(in, &ret->number);
	if (ret->wire != PROTO_BYTES)
		return proto_value(in, ret);
	if (!proto_varint(in, &len))
		return false;
	if (len > (size_t)(in->end - in->at)) {
		in->wrong = "a length runs past the end";
		return false;
	}
	ret->bytes = (struct view){ (const char *)in->at, (size_t)len };
	in->at += len;
	return true;
}

/* Writing: appends to `out`, whose failure is sticky. */
void proto_put_varint(struct buf *out, uint64_t number);
void proto_put_number(struct buf *out, uint32_t id, uint64_t number); /* 0 too */
void proto_put_bytes(struct buf *out, uint32_t id, struct view bytes);
void proto_put_double(struct buf *out, uint32_t id, double number);

/* A string, which readers want to be UTF-8: bytes that are not become U+FFFD. */
void proto_put_text(struct buf *out, uint32_t id, struct view text);

/* A message inside: what is written between begin and end is its body. */
size_t proto_begin(struct buf *out, uint32_t id);
void proto_end(struct buf *out, size_t begun);

#endif
