/*
 * speedscope_reader: the state of one decoding, shared by its two halves.
 *
 * speedscope_decode.c surveys the file and reads frames and sampled profiles; speedscope_events.c
 * reads the evented ones.
 */
#ifndef CODEC_SPEEDSCOPE_READER_H
#define CODEC_SPEEDSCOPE_READER_H

#include "base/arena.h"
#include "model/profile.h"
#include "wire/json_read.h"

/* Where a profile and its parts lie; a NULL `at` is one that is missing. */
struct speedscope_part {
	struct view name, unit; /* owned by reader.texts */
	struct json_read samples, weights, events;
	double end;
	size_t type;  /* its sample type */
	double scale; /* from its unit to the type's */
	bool has_samples, has_weights, has_events, has_end;
};

struct speedscope_open {
	uint64_t frame;
	uint32_t stack; /* up to it */
};

struct speedscope_reader {
	struct view text;
	struct profile *into;
	struct err *err;
	struct arena texts;
	struct json_read frames; /* the array */
	bool has_frames, is_ours;
	struct view name;
	struct speedscope_part *parts; /* owned */
	uint32_t *locations;           /* owned; of each frame */
	struct speedscope_open *open;  /* owned; of the evented profile being read */
	size_t n_parts, cap_parts, n_locations, cap_locations, n_open, cap_open;
	double sum;      /* of the profile's values so far, before rounding */
	uint32_t labels; /* of the profile being read */
};

/* Sets the error to `code` and "at byte N: why"; returns code. */
int speedscope_decode_fail(
	const struct speedscope_reader *r, int code, const char *at, const char *why);

/* The same for JSON that stopped making sense; 0 if it just came to its end. */
int speedscope_decode_end(const struct speedscope_reader *r, const struct json_read *json);

/* One frame more, by its number in the file. */
int speedscope_decode_push(
	struct speedscope_reader *r, const char *at, double frame, uint32_t *stack);

/* Adds what the profile's sum grew by, in whole units of its type. */
int speedscope_decode_add(struct speedscope_reader *r, const struct speedscope_part *part,
	uint32_t stack, double value, const char *at);

int speedscope_events_read(struct speedscope_reader *r, struct speedscope_part *part);

#endif
