/*
 * palette: the colours of flame graph pictures, by name of the frame.
 *
 * The rules and figures are those of flamegraph.pl, found by running it: a channel is
 * base + floor(range × v), where v is drawn from the 48-bit generator of drand48 seeded with
 * the sum of the name's code points, or comes from a hash of its first and last characters.
 * So a function has the same colour in every picture.
 */
#ifndef RENDER_PALETTE_H
#define RENDER_PALETTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/view.h"
#include "model/frames.h"

struct colour {
	uint8_t red, green, blue;
};

struct palette; /* a constant */

/* "hot", "mem", "io", "java", …; NULL if there is none of that name. */
const struct palette *palette_find(struct view name);

/* The names of all, for messages: "hot, mem, io, …". */
const char *palette_names(void);

/* The colours of the picture's background, top and bottom, "#rrggbb". */
const char *palette_top(const struct palette *palette);
const char *palette_bottom(const struct palette *palette);

/* `name` as in the profile, with its suffix _[k] if it has one; `kind` counts where it has none. */
struct colour palette_colour(
	const struct palette *palette, struct view name, enum frame_kind kind, bool by_hash);

/* White without change; towards red as delta nears max, towards blue as it nears -max. */
struct colour palette_change(int64_t delta, int64_t max);

/* "foo" of "foo_[k]". */
struct view palette_without_suffix(struct view name);

#endif
