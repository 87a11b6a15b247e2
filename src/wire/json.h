/*
 * json: JSON text, written straight into a buffer.
 *
 * What is written is also safe inside an HTML script element: '<' and the line separators of
 * JavaScript are escaped. Text need not be UTF-8: bytes that are not become U+FFFD.
 *
 *     struct json json = { .out = &out };
 *     json_object(&json);
 *     json_key(&json, "name"), json_text(&json, name);
 *     json_object_end(&json);
 */
#ifndef WIRE_JSON_H
#define WIRE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/view.h"

struct json {
	struct buf *out; /* whose failure is sticky */
	bool comma;      /* private: whether the next value or key needs one before it */
};

void json_object(struct json *json);
void json_object_end(struct json *json);
void json_array(struct json *json);
void json_array_end(struct json *json);

/* Between these the object's value is written. The key is ours: it needs no escapes. */
void json_key(struct json *json, const char *key);

/* A key that is somebody else's: escaped as text is. */
void json_key_text(struct json *json, struct view key);

void json_text(struct json *json, struct view text);
void json_i64(struct json *json, int64_t number);
void json_u64(struct json *json, uint64_t number);
void json_bool(struct json *json, bool is);
void json_null(struct json *json);

/* The shortest decimal that reads back as the same number; null for NaN and infinities. */
void json_double(struct json *json, double number);

#endif
