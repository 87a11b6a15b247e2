/*
 * multipart: the parts of a multipart/form-data body (RFC 7578), read in place.
 *
 *     struct multipart parts;
 *     struct multipart_part part;
 *
 *     if (!multipart_begin(&parts, content_type, body)) …
 *     while (multipart_next(&parts, &part)) …
 *     if (parts.wrong) …
 */
#ifndef WIRE_MULTIPART_H
#define WIRE_MULTIPART_H

#include <stdbool.h>

#include "base/view.h"

#define MULTIPART_BOUNDARY_MAX 70 /* RFC 2046 */
#define MULTIPART_PARTS_MAX 100

struct multipart {
	struct view rest;
	char mark[MULTIPART_BOUNDARY_MAX + 5]; /* "\r\n--BOUNDARY" */
	size_t mark_len;
	const char *wrong; /* NULL, or why reading stopped */
	unsigned n;
};

struct multipart_part { /* views into the body */
	struct view name, file, body;
};

/* Whether the Content-Type is multipart with a boundary. */
bool multipart_begin(struct multipart *parts, struct view content_type, struct view body);

/* The next part; false after the last and where it makes no sense. */
bool multipart_next(struct multipart *parts, struct multipart_part *ret);

#endif
