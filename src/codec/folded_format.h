/*
 * folded_format: what the reader and the writer of folded stacks agree on.
 *
 * Counts may have decimals; a profile has whole numbers. So they are kept as thousandths,
 * millionths or billionths, and the sample type's unit says which: nothing is lost, and no
 * tool shows 12500 for 12.5 without saying so.
 */
#ifndef CODEC_FOLDED_FORMAT_H
#define CODEC_FOLDED_FORMAT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

struct profile;

#define FOLDED_DECIMALS_MAX 9 /* further ones are rounded */
#define FOLDED_DEPTH_MAX ((size_t)64 << 10)

/* The sample types of a text with two counts a line. */
#define FOLDED_BASE VIEW("base")
#define FOLDED_NEW VIEW("new")

/* "count" for 0 decimals, "thousandths", "millionths", "billionths" for 3, 6, 9. */
struct view folded_format_unit(unsigned decimals);

/* The other way; 0 for every other unit. */
unsigned folded_format_decimals(struct view unit);

int folded_decode(struct view text, struct profile *into, struct err *err);
int folded_encode(const struct profile *from, struct buf *out, struct err *err);

#endif
