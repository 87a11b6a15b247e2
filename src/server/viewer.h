/*
 * viewer: the page of one profile, and the API it asks.
 *
 *     GET /                  the page; /pages.HASH.js and the like beside it
 *     GET /api/v1/about      what the page must know first (render/about.h)
 *     GET /api/v1/flame      ?type=N&group=KEY and &from=V&to=V&steps=N or &whole=1:
 *                            render/layout.h, gzipped
 *     GET /api/v1/top        ?type=N&group=KEY:
 *                            {"rows":[[name,module,kind,self,total],…],"left_out":N}
 *     GET /api/v1/peek       ?type=N&name=NAME:
 *                            {"self":V,"total":V,"callers":[[name,V],…],"callees":…}
 *     GET /api/v1/lines      ?type=N&name=NAME:
 *                            {"self":V,"total":V,"lines":[[file,line,self,total],…],"left_out":N}
 *     GET /api/v1/source     ?type=N&name=NAME&file=FILE: sourcecode.h
 *     GET /api/v1/profile    ?type=N&format=FORMAT: a file
 *
 * Errors are a sentence in text/plain: 400 for a question that makes no sense, 403 for a Host that
 * is not ours, 404, 413 for a picture too large to hand out whole.
 */
#ifndef SERVER_VIEWER_H
#define SERVER_VIEWER_H

#include "base/err.h"
#include "base/view.h"
#include "server/guard.h"

struct httpd_reply;
struct httpd_request;
struct profile;
struct sourcecode;
struct viewer;

struct viewer_options {
	const struct profile *profile; /* unchanged while the viewer lives */
	const char *title, *version;   /* borrowed */
	struct guard guard;
	const struct sourcecode *sources; /* outlives the viewer; NULL = none is read */
	bool is_partial;     /* frames of the profile stand for others that were cut off */
	struct view warning; /* borrowed until viewer_new has returned; see about_options */
};

/* Begins at once to make the picture that a page asks for first. */
int viewer_new(const struct viewer_options *options, struct viewer **ret, struct err *err);
void viewer_free(struct viewer *viewer);

/* An httpd handler whose owner is a viewer; any thread. */
void viewer_handle(void *viewer, const struct httpd_request *request, struct httpd_reply *ret);

#endif
