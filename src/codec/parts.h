/*
 * parts: an input that holds several profiles, handed out one by one.
 *
 * A file on somebody's disk becomes one profile, whatever is in it (codec_decode). A server keeps
 * apart what came from different resources or is of different kinds: it asks for parts.
 */
#ifndef CODEC_PARTS_H
#define CODEC_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/view.h"

struct profile;

struct part_label { /* fit to be a series' label: the name is made of letters, digits and '_' */
	struct view name, value;
};

struct part {
	struct view name; /* of such profiles, "process_cpu"; "" if the format does not say */
	const struct part_label *labels; /* of where all of it came from; not sorted */
	size_t n_labels;
	uint8_t id[16]; /* the sender's name for this very profile */
	bool has_id;
};

struct parts_sink {
	/* The profile is taken, whatever is returned; `part` is borrowed for the call. What is not
	 * 0 ends the decoding with it. */
	int (*take)(void *owner, const struct part *part, struct profile *profile, struct err *err);
	void *owner;
};

#endif
