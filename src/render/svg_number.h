/*
 * svg_number: numbers in attributes, written as printf writes them, but fast.
 */
#ifndef RENDER_SVG_NUMBER_H
#define RENDER_SVG_NUMBER_H

#include <stdint.h>

#include "base/buf.h"

/* round(value × 10), to the digit that "%.1f" shows: a coordinate in tenths. */
int64_t svg_number_tenths(double value);

void svg_number_add_tenths(struct buf *out, int64_t tenths); /* "%.1f" */
void svg_number_add_cents(struct buf *out, double value);    /* "%.2f" */
void svg_number_add_plain(struct buf *out, double value);    /* "%.15g" */

#endif
