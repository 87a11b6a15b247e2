/*
 * about: what the page must know of a profile before it draws: sample types, labels to group by,
 * the truth line. JSON, in the shape of Meta in web/src/api/source.ts.
 */
#ifndef RENDER_ABOUT_H
#define RENDER_ABOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

struct profile;

#define ABOUT_GROUPS_MAX 16
#define ABOUT_GROUP_VALUES_MAX 512 /* a label with more values (a trace id) groups nothing */

struct about_options {
	const char *title;      /* the file or address it came from */
	const char *version;    /* of flyover; may be NULL */
	struct view downloads;  /* a JSON array, or empty for none */
	bool has_source;        /* the text of source files may be asked for */
	bool is_partial;        /* some of its frames stand for others that were cut off */
	struct view warning;    /* a sentence more for the reader; or empty */
	const uint32_t *groups; /* string ids of the labels to group by; NULL = about_groups' */
	size_t n_groups;
};

void about_write(
	const struct profile *profile, const struct about_options *options, struct buf *out);

/* String ids of the label keys worth grouping by, in alphabetical order; their number, or
 * ERR_NOMEM.
 */
int about_groups(const struct profile *profile, uint32_t ret[ABOUT_GROUPS_MAX]);

#endif
