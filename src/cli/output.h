/*
 * output: a profile into a file, in the format that its name asks for.
 *
 * A format is a codec or a picture; "-" is standard output, which has no name and needs one told.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/err.h"

struct profile;

/* Whether output_write could succeed: the format is known (`format` by name, else by the
 * extension of `path`) and a file can be made there. For what takes long: ask before. */
int output_check(const char *path, const char *format, struct err *err);

/* `format` may be NULL. Refuses to write bytes that no terminal shows to a terminal. */
int output_write(
	const struct profile *profile, const char *path, const char *format, struct err *err);

#endif
