/*
 * jfr_format: recordings of Java's Flight Recorder, version 2 (JDK 9 and newer, async-profiler).
 *
 * A file is one chunk after another, and a chunk is whole by itself: a header, events, and two
 * kinds of event that describe the others: one with the types (metadata), and a chain with the
 * values that others name by number (checkpoints). docs/formats/jfr.md has it in words.
 */
#ifndef CODEC_JFR_FORMAT_H
#define CODEC_JFR_FORMAT_H

#include "base/err.h"
#include "base/view.h"
#include "codec/parts.h"

struct profile;

#define JFR_ENTRIES_MAX ((size_t)4 << 20) /* values that are named by number, of a chunk */
#define JFR_EVENTS_MAX ((size_t)16 << 20) /* that become samples */
#define JFR_FRAMES_MAX ((size_t)64 << 20) /* of all stacks of each kind of profile */

/* What the file does not say itself, and how much of it we take. Zeros are the above. */
struct jfr_terms {
	double rate;        /* ticks a second, if the file does not say; 0 = 100 */
	struct view labels; /* of contexts: a LabelsSnapshot message, or "" */
	size_t entries_max, events_max, frames_max;
};

/* Whether the bytes begin as a recording does. */
bool jfr_chunk_is(struct view bytes);

/* All of it as one profile: the sample types of each kind that is there, side by side. */
int jfr_decode(struct view bytes, struct profile *into, struct err *err);

/* A profile for each kind that is there. part.name is "process_cpu", "memory", …; there are no
 * labels and ids. */
int jfr_decode_parts(struct view bytes, const struct jfr_terms *terms,
	const struct parts_sink *sink, struct err *err);

#endif
