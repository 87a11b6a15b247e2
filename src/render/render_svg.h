/*
 * render_svg: a flame graph as one SVG file.
 *
 * Frames lie where flamegraph.pl (github.com/brendangregg/FlameGraph) puts them: the same
 * titles, x, y, width, height, fills and labels, so that pictures of both can be compared. The
 * file needs nothing but itself: it zooms, searches and resets with its own script, and it is
 * readable without one. Names are text only, whatever they hold.
 */
#ifndef RENDER_RENDER_SVG_H
#define RENDER_RENDER_SVG_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/profile.h"

/* A zeroed field means its default. */
struct render_svg_options {
	struct view type;  /* of sample type; "" = the profile's default */
	struct view base;  /* the type to compare with. A profile of the types "base" and "new" is a
			      comparison without being asked */
	const char *title; /* "Flame Graph", or "Icicle Graph" if inverted */
	const char *subtitle;   /* none */
	const char *count_name; /* the type's unit; "samples" for counts */
	const char *name_type;  /* "Function:" */
	const char *colours;    /* see palette_names(); "hot" */
	const char *background; /* yellow, blue, green, grey or "#rrggbb"; the palette's */
	const char *font_type;  /* "Verdana" */
	const char *notes;      /* put into the file as a comment */
	double width;           /* of the picture in px; 1200 */
	double frame_height;    /* 16 */
	double font_size;       /* 12 */
	double min_width;       /* leaves out narrower frames: px; 0.1 */
	double min_percent;     /* or, if not 0, percent of the whole */
	double factor;          /* of counts shown in titles; 1 */
	bool by_hash;           /* colours by a hash of the name, not drawn by it */
	bool reverse;           /* stacks from leaf to root */
	bool inverted;          /* root on top */
	bool negate;            /* swaps the colours of growth and shrinkage */
};

/* Appends the file. ERR_USAGE for options that make no sense, ERR_LIMIT for profiles too large. */
int render_svg(const struct profile *profile, const struct render_svg_options *options,
	struct buf *out, struct err *err);

#endif
