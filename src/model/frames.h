/*
 * frames: what each location of a profile shows, by name.
 *
 * A location shows one frame for each of its lines, the innermost (inlined) first, as in
 * the profile; an address without a name shows as "module+0xaddress". Frames that show the
 * same text have the same name id, and name ids are in code point order, so that sorting by
 * name is comparing numbers.
 */
#ifndef MODEL_FRAMES_H
#define MODEL_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "model/profile.h"
#include "model/strings.h"

enum frame_kind {
	FRAME_USER,      /* native code of a file */
	FRAME_KERNEL,    /* mapping [kernel…], or name suffix _[k] */
	FRAME_JIT,       /* mapping [jit] or //anon, or suffix _[j] */
	FRAME_RUNTIME,   /* an interpreter or language runtime */
	FRAME_INLINED,   /* not the last line of its location, or suffix _[i] */
	FRAME_GROUP,     /* "all", or a label value put at the root */
	FRAME_TRUNCATED, /* "[truncated: …]": the rest of this stack is not known */
	FRAME_KINDS
};

/* The mapping file of frames that stand for a label value. */
#define FRAMES_GROUP_FILE "[label]"

enum frames_granularity { FRAMES_FUNCTIONS, FRAMES_LINES, FRAMES_FILES, FRAMES_ADDRESSES };

struct frame {
	uint32_t name;   /* in frames->names */
	uint32_t module; /* in frames->names: the mapping's file name, without its path */
	uint8_t kind;    /* enum frame_kind */
};

struct frames {
	struct strings names;
	uint32_t n_sorted;   /* ids below this are in code point order; modules follow */
	struct frame *all;   /* owned */
	uint32_t *first;     /* owned: location -> its first frame in all; n_locations + 1 */
	bool *has_extension; /* owned: a name with this one as a proper prefix exists; n_sorted */
};

/* Finish with frames_fini, also after an error. */
int frames_init(struct frames *frames, const struct profile *profile,
	enum frames_granularity granularity, struct err *err);
void frames_fini(struct frames *frames);

/* What code of that module is, inlined or not. */
enum frame_kind frames_family(struct view module, struct view name);

/* The file name without its path; kernel and pseudo files ("[vdso]") stay as they are. */
struct view frames_module(struct view file);

#endif
