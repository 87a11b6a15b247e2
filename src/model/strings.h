/*
 * strings: each text once, named by a number. Number 0 is the empty string.
 */
#ifndef MODEL_STRINGS_H
#define MODEL_STRINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/view.h"
#include "model/intern.h"

#define STRINGS_NONE UINT32_MAX

struct strings {
	struct arena bytes;
	struct view *at;  /* owned; every view ends in NUL and stays where it is */
	uint64_t *hashes; /* owned; keyed; of "": 0 */
	size_t count, cap, cap_hashes;
	struct intern set;
};

/* A zeroed struct strings is a valid one that holds only "". */
void strings_fini(struct strings *strings);

/* Room for about so many texts; false without memory. */
bool strings_reserve(struct strings *strings, size_t count);

/* The id of the text, added if it was not there; STRINGS_NONE without memory. */
uint32_t strings_add(struct strings *strings, struct view text);

/* The id of the text, or STRINGS_NONE if it is not there. */
uint32_t strings_find(const struct strings *strings, struct view text);

/* An id that was never given out is "". */
struct view strings_at(const struct strings *strings, uint32_t id);

/* Equal texts have equal hashes, whichever strings of the process they are in. */
static inline uint64_t strings_hash(const struct strings *strings, uint32_t id)
{
	return id < strings->count ? strings->hashes[id] : 0;
}

#endif
