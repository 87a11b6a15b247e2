/*
 * render_term: a flame graph and a top table for a terminal.
 *
 * The root is on top, so that the picture can be read as it scrolls by. A frame is as many
 * columns wide as its share; narrower ones are left out. Names are inert (see codepoint) and
 * cut to what fits; control sequences are written only for `colours`.
 */
#ifndef RENDER_RENDER_TERM_H
#define RENDER_RENDER_TERM_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/profile.h"

struct render_term_options {
	struct view type;  /* "" = the profile's default */
	unsigned columns;  /* 0 = 80 */
	unsigned rows_max; /* of the picture or the table; 0 = all */
	bool colours;
	bool utf8;    /* else ASCII only, for names too */
	bool reverse; /* leaves on top: what calls what is hot */
};

/* The truth line, its warnings, and the picture. ERR_USAGE: no such sample type. */
int render_term_flame(const struct profile *profile, const struct render_term_options *options,
	struct buf *out, struct err *err);

/* Functions by self value, with how sure their share is. */
int render_term_top(const struct profile *profile, const struct render_term_options *options,
	struct buf *out, struct err *err);

#endif
