/*
 * render_diff: what changed between two profiles, as text.
 *
 * The functions whose share changed by more than chance explains (model/change.h), largest
 * change first, and then the stacks behind it. Names are inert (see codepoint).
 */
#ifndef RENDER_RENDER_DIFF_H
#define RENDER_RENDER_DIFF_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/profile.h"

struct render_diff_options {
	struct view type; /* of sample type; "" = the profile's default */
	size_t rows_max;  /* of each table; 0 = all */
	bool all;         /* also functions whose change chance explains */
};

/* ERR_USAGE: the two have no such sample type in common. */
int render_diff_text(const struct profile *base, const struct profile *now,
	const struct render_diff_options *options, struct buf *out, struct err *err);

#endif
