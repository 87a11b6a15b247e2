/*
 * protojson: between JSON as protobuf defines it and protobuf's bytes, by a table of the fields.
 *
 * Names are accepted in lowerCamel and as they stand in the .proto file, 64-bit numbers as texts
 * and as numbers, bytes as base64 of either alphabet; null is the same as nothing, and what the
 * table doesn't know is skipped. A value of an enum is its name or its number. Written are
 * lowerCamel names and 64-bit numbers as texts, without fields that are zero.
 */
#ifndef WIRE_PROTOJSON_H
#define WIRE_PROTOJSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

#define PROTOJSON_DEPTH_MAX 32 /* messages within messages */

enum protojson_kind {
	PROTOJSON_INT32, /* as varints */
	PROTOJSON_INT64,
	PROTOJSON_UINT64,
	PROTOJSON_BOOL,
	PROTOJSON_ENUM, /* as varints; `message` lists the names and what they stand for */
	PROTOJSON_FIXED64,
	PROTOJSON_DOUBLE,
	PROTOJSON_TEXT,
	PROTOJSON_BYTES,
	PROTOJSON_ID, /* bytes, in hex as OpenTelemetry has its ids; base64 is read too */
	PROTOJSON_MESSAGE
};

struct protojson_message;

struct protojson_field {
	const char *name; /* as in the .proto file: "time_unix_nano" */
	uint32_t id;
	enum protojson_kind kind;
	bool repeated;   /* numbers are packed */
	bool zero_shown; /* one of a choice: that it is there says something */
	const struct protojson_message *message;
};

struct protojson_message {
	const struct protojson_field *fields; /* until one without a name */
};

/* ERR_CORRUPT with the byte, for JSON that is broken or holds a value of another kind; ERR_LIMIT
 * past the depth; ERR_NOMEM past the limit of `out`. */
int protojson_read(const struct protojson_message *message, struct view text, struct buf *out,
	struct err *err);

/* ERR_CORRUPT for a message that is broken or too deep. */
int protojson_write(const struct protojson_message *message, struct view bytes, struct buf *out,
	struct err *err);

#endif
