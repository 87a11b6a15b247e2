/*
 * kind_output: a snapshot that the program itself wants, and where its bytes go.
 */
#ifndef INPROC_KIND_OUTPUT_H
#define INPROC_KIND_OUTPUT_H

#include "base/err.h"
#include "base/view.h"

struct kind;

/* Takes it on the engine's thread; the calling one writes it as zipped pprof: to the file of that
 * name ("%p" is the pid), whole or not at all, or with path NULL to the descriptor. */
int kind_output_write(const struct kind *kind, const char *path, int fd, struct err *err);

/* Writes to a descriptor until all is written. */
int kind_output_bytes(int fd, struct view bytes, struct err *err);

#endif
