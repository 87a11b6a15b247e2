/*
 * kind_text: a snapshot as text to read: what ?debug=1 shows.
 *
 * The shapes are Go's, which pprof reads too: a head line, then for each stack its numbers, "@" and
 * its addresses, and the names of these below. Numbers are the estimates themselves ("heapprofile":
 * nothing is left to be unsampled); addresses are those of the files.
 */
#ifndef INPROC_KIND_TEXT_H
#define INPROC_KIND_TEXT_H

#include "inproc/kind.h"

void kind_text_write(const struct kind *kind, const struct profile *profile, struct buf *out);

#endif
