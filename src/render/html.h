/*
 * html: a profile as one interactive document that needs nothing else.
 *
 * The page of web/ with the profile in it as inert base64 blocks: what the page must know
 * (about.h), and a layout (layout.h) for each sample type, as it is and grouped by each label.
 * Labels whose pictures would make the document too large are not offered. Scripts and styles are
 * held to their hashes by a Content-Security-Policy.
 */
#ifndef RENDER_HTML_H
#define RENDER_HTML_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct profile;

#define HTML_GROUPED_DEFAULT ((size_t)8 << 20) /* mail takes documents so large */

struct html_options {
	const char *title;
	const char *version; /* of flyover; may be NULL */
	size_t grouped_max;  /* bytes of all grouped pictures; 0 = HTML_GROUPED_DEFAULT */
};

/* Appends to `out`. ERR_UNSUPPORTED where the page was not built. */
int html_write(const struct profile *profile, const struct html_options *options, struct buf *out,
	struct err *err);

#endif
