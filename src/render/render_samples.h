/*
 * render_samples: what a profile holds, sample by sample, as text.
 *
 * Names and labels are inert (see codepoint).
 */
#ifndef RENDER_RENDER_SAMPLES_H
#define RENDER_RENDER_SAMPLES_H

#include "render/render_text.h"

/* Each stack with its labels and its value, leaf first, the largest value first; at most rows_max
 * of them (0 = all). */
int render_samples_traces(const struct profile *profile, const struct render_text_options *options,
	struct buf *out, struct err *err);

/* Each label's values with what the samples that carry them hold, as `pprof -tags`; at most
 * rows_max values of each label (0 = all). */
int render_samples_tags(const struct profile *profile, const struct render_text_options *options,
	struct buf *out, struct err *err);

#endif
