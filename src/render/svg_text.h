/*
 * svg_text: names and words of strangers as text of an XML file.
 */
#ifndef RENDER_SVG_TEXT_H
#define RENDER_SVG_TEXT_H

#include "base/buf.h"
#include "base/view.h"

/* Appends text that is inert already (codepoint_add_inert), with & < > " escaped. */
void svg_text_add(struct buf *out, struct view inert);

/* Appends what a person typed or a symbol table holds; out->failed without memory. */
void svg_text_add_foreign(struct buf *out, struct view text);

#endif
