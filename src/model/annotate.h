/*
 * annotate: what each line of one function costs.
 *
 * The values are those of `go tool pprof -list`: self is what ends on a line, total what passes
 * through it, counted once for each stack however often the line is on it. A frame whose line is
 * not known counts for line 0.
 */
#ifndef MODEL_ANNOTATE_H
#define MODEL_ANNOTATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/profile.h"

struct annotate_line {
	uint32_t file; /* string of the profile; 0 = not known */
	int64_t line;  /* 0 = not known */
	int64_t self, total;
};

struct annotate {
	struct annotate_line *lines; /* owned; by file, then by line */
	size_t n_lines;
	int64_t self, total; /* of the function; zero of one that no stack has */
};

/* The function as FRAMES_FUNCTIONS names it. Finish with annotate_fini, also after an error. */
int annotate_build(const struct profile *profile, size_t type, struct view function,
	struct annotate *ret, struct err *err);
void annotate_fini(struct annotate *annotate);

#endif
