/*
 * svg_frame: the frames of a flame graph, each a box with a title and a label.
 */
#ifndef RENDER_SVG_FRAME_H
#define RENDER_SVG_FRAME_H

#include "base/buf.h"
#include "render/svg_plan.h"

/* Appends one <g> a node of plan->tree, in its order; out->failed without memory. */
void svg_frame_add_all(const struct svg_plan *plan, struct buf *out);

#endif
