/*
 * json_read: JSON text, read in place by its consumer, value by value.
 *
 * No tree is built, so a hostile text costs no more memory than it is long. Reading stops at the
 * first byte that makes no sense: `wrong` then says why, `at` where, and every loop ends.
 *
 *     json_read_object(&r);
 *     while (json_read_key(&r, &key))
 *             if (view_equal(key, VIEW("name")))
 *                     json_read_text(&r, &name);
 *             else
 *                     json_read_skip(&r);
 */
#ifndef WIRE_JSON_READ_H
#define WIRE_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/view.h"

#define JSON_READ_DEPTH_MAX 512 /* brackets within brackets */

struct json_read {
	const char *at, *end;
	const char *wrong;  /* NULL, or why reading stopped */
	struct buf scratch; /* owned: the last text that had escapes */
	bool first;         /* private: a bracket was just opened */
};

/* Ends with json_read_fini. A byte order mark is skipped. */
void json_read_init(struct json_read *r, struct view text);
void json_read_fini(struct json_read *r);

/* The first byte of the next value: one of {["-0-9tfn; '\0' at the end of the text. */
char json_read_peek(struct json_read *r);

/* Each reads one value of its kind, or sets `wrong`. */
bool json_read_object(struct json_read *r); /* its beginning: then keys, until there are none */
bool json_read_array(struct json_read *r);  /* its beginning: then items, until there are none */
bool json_read_text(struct json_read *r, struct view *ret); /* good until the next text */
bool json_read_number(struct json_read *r, double *ret);
bool json_read_skip(struct json_read *r); /* any value */

/* The next key of the object (its value must then be read), or false at the object's end. */
bool json_read_key(struct json_read *r, struct view *ret);

/* Whether the array has another item, which must then be read. */
bool json_read_item(struct json_read *r);

#endif
