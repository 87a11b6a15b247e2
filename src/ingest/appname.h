/*
 * appname: "shop.cpu{region=eu,pod=a-1}", how Pyroscope's clients name what they send.
 *
 * Values are unquoted, trimmed, and end at a comma or the closing brace.
 */
#ifndef INGEST_APPNAME_H
#define INGEST_APPNAME_H

#include "ingest/labelset.h"

/* The part before the braces is *ret_name, in `text`. Labels that begin with "__" are left out, but
 * __session_id__. ERR_USAGE with a refusal that says where it makes no sense. */
int appname_parse(
	struct view text, struct labelset *labels, struct view *ret_name, struct refusal *refusal);

#endif
