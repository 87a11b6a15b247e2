/*
 * render_text: tables of numbers as text.
 *
 * The numbers, units, columns, order and trimming are those of `go tool pprof`, so that
 * what people read and scripts parse stays the same. Names are inert (see codepoint).
 */
#ifndef RENDER_RENDER_TEXT_H
#define RENDER_RENDER_TEXT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/frames.h"
#include "model/profile.h"

struct render_text_options {
	struct view type; /* "" = the profile's default */
	enum frames_granularity granularity;
	bool by_total;       /* sorts by cum, not flat */
	size_t rows_max;     /* 0 = all */
	double fraction_min; /* leaves out functions whose cum is below this share; pprof: 0.005 */
	bool with_header;    /* "File: …", "Type: …", "Duration: …" and what is left out */
	int64_t whole;       /* what shares refer to; 0 = the total of this profile */
	struct view filters; /* whole lines for the header: what made this profile out of another */
};

/* The table of `pprof -top`. ERR_USAGE: no such sample type. */
int render_text_top(const struct profile *profile, const struct render_text_options *options,
	struct buf *out, struct err *err);

#endif
