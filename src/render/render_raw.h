/*
 * render_raw: everything a profile holds, as text, for people who debug one.
 *
 * Samples, locations and mappings with the ids that tie them together. Names and labels are
 * inert (see codepoint).
 */
#ifndef RENDER_RENDER_RAW_H
#define RENDER_RENDER_RAW_H

#include "base/buf.h"
#include "base/err.h"
#include "model/profile.h"

int render_raw(const struct profile *profile, struct buf *out, struct err *err);

/* A label's value: text, "16kB" where the unit is known, else the number and its unit. */
void render_raw_label(struct buf *out, const struct profile *profile, const struct label *label);

#endif
