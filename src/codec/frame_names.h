/*
 * frame_names: a profile's stacks as stacks of names, for the formats that have only names.
 *
 * Locations of one function become one frame, an inlined function becomes a frame of its own, and
 * a location without a function is named after its address: "libc.so.6+0x1234", or "0x1234".
 */
#ifndef CODEC_FRAME_NAMES_H
#define CODEC_FRAME_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/profile.h"
#include "model/stacks.h"
#include "model/strings.h"

struct frame_names {
	struct strings names;
	struct stacks stacks; /* their "location" is an id in names */
	uint32_t *of_stack;   /* owned; a stack of the profile -> one of these */
};

/* Appends the name as the format can hold it. */
typedef void frame_names_clean(struct view name, struct buf *ret_clean);

/* 0, ERR_NOMEM or ERR_LIMIT. Frees with frame_names_fini, also after an error. */
int frame_names_init(struct frame_names *f, const struct profile *profile, frame_names_clean *clean,
	struct err *err);
void frame_names_fini(struct frame_names *f);

/* Appends the name of a location without a function. */
void frame_names_address(const struct profile *profile, uint32_t location, struct buf *out);

#endif
