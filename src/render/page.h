/*
 * page: the built page of web/, as the binary carries it.
 *
 * web/build.mjs writes the constants; where the page was not built they are empty, which
 * page_is_built() tells. Every path but "/" (of one profile) and "/home" (of a
 * server) names its content.
 */
#ifndef RENDER_PAGE_H
#define RENDER_PAGE_H

#include <stdbool.h>

#include "base/view.h"

struct page_file {
	const char *path; /* NULL ends the list */
	const char *mime;
	bool immutable;
	struct view plain, gzip;
};

extern const struct page_file page_files[];

/* A self-contained document is the head, the profile's blocks, and the tail. */
extern const struct view page_export_head, page_export_tail;

bool page_is_built(void);

/* NULL if there is no such path. */
const struct page_file *page_find(const char *path);

#endif
