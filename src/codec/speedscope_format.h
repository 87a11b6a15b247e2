/*
 * speedscope_format: what the reader and the writer of speedscope files agree on.
 *
 * A file has shared frames and profiles; a profile has one unit and is a list of stacks with
 * weights ("sampled") or of openings and closings of frames ("evented"). Ours holds one sampled
 * profile for each sample type, named "type/unit", because the format knows few units.
 */
#ifndef CODEC_SPEEDSCOPE_FORMAT_H
#define CODEC_SPEEDSCOPE_FORMAT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

struct profile;

#define SPEEDSCOPE_SCHEMA "https://www.speedscope.app/file-format-schema.json"
#define SPEEDSCOPE_EXPORTER "flyover"

#define SPEEDSCOPE_FRAMES_MAX ((size_t)16 << 20)
#define SPEEDSCOPE_DEPTH_MAX ((size_t)64 << 10)
#define SPEEDSCOPE_PROFILES_MAX ((size_t)4096) /* threads, mostly */

int speedscope_decode(struct view text, struct profile *into, struct err *err);
int speedscope_encode(const struct profile *from, struct buf *out, struct err *err);

#endif
