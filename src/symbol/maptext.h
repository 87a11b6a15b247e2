/*
 * maptext: the text of a perf map, as V8, HotSpot, .NET, Python and others write it.
 *
 *     START SIZE NAME\n      both in hex, the name to the end of the line
 *
 * Format: tools/perf/Documentation/jit-interface.txt of Linux. Hostile: a line that does not read
 * so is left out, whatever its length.
 */
#ifndef SYMBOL_MAPTEXT_H
#define SYMBOL_MAPTEXT_H

#include <stddef.h>

#include "base/view.h"

struct codetable;

/* Adds all whole lines; returns how many bytes they took, so that a half-written last line can be
 * read again later. */
size_t maptext_parse(struct view text, struct codetable *into);

#endif
