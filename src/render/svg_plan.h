/*
 * svg_plan: what an SVG file is going to show, decided before the first byte.
 */
#ifndef RENDER_SVG_PLAN_H
#define RENDER_SVG_PLAN_H

#include "base/err.h"
#include "model/profile.h"
#include "model/tree.h"
#include "render/palette.h"
#include "render/render_svg.h"

#define SVG_PLAN_SIDE_PAD 10.0
#define SVG_PLAN_FRAME_GAP 1.0
#define SVG_PLAN_FONT_WIDTH 0.59 /* mean width of a character, in font sizes */

struct svg_plan {
	const struct profile *profile; /* must outlive it */
	struct render_svg_options o;   /* with the defaults filled in */
	struct tree tree;
	const struct palette *palette;
	size_t type;
	int base_type;              /* -1 = no comparison */
	uint64_t whole;             /* the tree's width, in values */
	double scale;               /* px a value */
	double unit;                /* of a value: 0.001 if values are thousandths */
	int64_t change_max;         /* the largest change of a stack; at least 1 */
	double height, top, bottom; /* of the picture, and of what is kept free of frames */
};

/* ERR_USAGE for options that make no sense, ERR_LIMIT for profiles too large. Finish with
 * svg_plan_fini, also after an error. */
int svg_plan_init(struct svg_plan *plan, const struct profile *profile,
	const struct render_svg_options *options, struct err *err);
void svg_plan_fini(struct svg_plan *plan);

#endif
