/*
 * codec: the one shape every profile format has, and the table of all formats.
 *
 * A codec is a constant with no state. It never opens files, never logs, and
 * treats its input as hostile. To add a format: write codec_NAME.c, list it
 * in codec.c, give it a fuzzer in fuzz/.
 */
#ifndef CODEC_CODEC_H
#define CODEC_CODEC_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/view.h"

struct profile;

struct codec {
	const char *name; /* as typed on the command line */
	const char *mime;
	const char *const *extensions; /* ".pb.gz", … longest first, NULL at the end */

	/* A cheap guess from the first bytes; a false yes only costs an error. */
	bool (*sniff)(struct view head);

	/* Adds to `into`, which has no sample types yet. After a failure `into` may be partial:
	 * discard it. */
	int (*decode)(struct view bytes, struct profile *into, struct err *err);

	/* Appends to `out`; NULL if we only read this format. */
	int (*encode)(const struct profile *from, struct buf *out, struct err *err);
};

extern const struct codec codec_pprof, codec_folded, codec_speedscope, codec_otlp, codec_otlp_json,
	codec_jfr;

/* NULL-terminated. */
extern const struct codec *const codec_all[];

/* By name as typed, or by the file name's extension; NULL if none. */
const struct codec *codec_by_name(struct view name);
const struct codec *codec_by_path(struct view path);

/* Whether the first kilobyte holds no control characters but tab and line ends. */
bool codec_is_text(struct view head);

/* Unzips if needed, guesses the format from the bytes, decodes. ERR_CORRUPT with a sentence that
 * lists the formats if none fits. *ret is owned by the caller. */
int codec_decode(struct view bytes, struct profile **ret, struct err *err);

/* How much an unzipped input may be. A person's own file may be large; codec_decode allows 1 GiB
 * and any ratio, because deflate itself ends at 1032 to 1 and profiles repeat themselves a lot. A
 * server that feeds strangers' bodies to codec_decode_within says less. */
struct codec_limits {
	size_t bytes_max; /* of the input once unzipped */
	size_t ratio_max; /* unzipped to zipped, past the first MiB; 0 = any */
};

int codec_decode_within(struct view bytes, const struct codec_limits *limits, struct profile **ret,
	struct err *err);

#endif
