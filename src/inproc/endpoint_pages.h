/*
 * endpoint_pages: what the endpoint answers at once.
 */
#ifndef INPROC_ENDPOINT_PAGES_H
#define INPROC_ENDPOINT_PAGES_H

#include <stdbool.h>

#include "base/buf.h"
#include "inproc/http_request.h"

#define ENDPOINT_PAGES_ROOT "/debug/pprof/"

/* Appends a whole response. */
void endpoint_pages_index(struct buf *out, bool show_cmdline);
void endpoint_pages_cmdline(struct buf *out);
void endpoint_pages_symbol(struct buf *out, const struct http_request *request);
/* A profile as the file `name`; text to be read in a browser. */
void endpoint_pages_profile(struct buf *out, const char *name, struct view profile);
void endpoint_pages_text(struct buf *out, struct view text);

/* As Go's does: plain text, marked so that its tool shows the sentence. `extra` are whole header
 * lines, or "". */
void endpoint_pages_error(struct buf *out, int status, const char *extra, const char *sentence);

#endif
