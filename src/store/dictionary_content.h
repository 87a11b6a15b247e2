/*
 * dictionary_content: frames and stacks as numbers: equal ones have the same in every profile.
 *
 * A frame's is of what makes frames of a dictionary equal: texts (their hashes, which the profile
 * has), lines, and the address only without a name. A stack's is of its frames, 128 bits wide: two
 * stacks with the same number are taken for one. The numbers are keyed and good for this process.
 */
#ifndef STORE_DICTIONARY_CONTENT_H
#define STORE_DICTIONARY_CONTENT_H

#include "base/hash.h"
#include "model/place.h"
#include "model/profile.h"

/* An address that is an offset in its file, not the file's own. No address of a program or of the
 * kernel looks like this. */
#define DICTIONARY_CONTENT_OFFSET PLACE_LIMIT

/* What is kept of an address: 0 for a frame with names, and where a process had mapped its file is
 * left out, so that processes share frames. */
uint64_t dictionary_content_address(const struct profile *profile, const struct location *location);

uint64_t dictionary_content_frame(const struct profile *profile, uint32_t location);

/* Of all locations and all stacks of the profile; there is room in both arrays. */
void dictionary_content_all(
	const struct profile *profile, uint64_t *ret_frames, struct hash128 *ret_stacks);

#endif
