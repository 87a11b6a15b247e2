/*
 * render_json: the top table and the change between two profiles, for programs.
 *
 * Values are in the profile's own unit, shares go from 0 to 1. The text tables show the same
 * numbers; nothing is left out here but what rows_max cuts.
 */
#ifndef RENDER_RENDER_JSON_H
#define RENDER_RENDER_JSON_H

#include "render/render_diff.h"
#include "render/render_text.h"

/* {"type","unit","whole","samples",["capture":{…},]"n_functions","functions":[{"name","module",
 * "self","total","inlined"}]}. fraction_min, whole and the order are as for render_text_top. */
int render_json_top(const struct profile *profile, const struct render_text_options *options,
	struct buf *out, struct err *err);

/* {"unit","base":{"whole","samples","capture"},"new":{…},"n_significant","functions":[{"name",
 * "module","base_self","base_total","self","total","base_share","share","low","high","p","q",
 * "significant","new","gone"}]}: the significant ones, or with `all` every one. */
int render_json_diff(const struct profile *base, const struct profile *now,
	const struct render_diff_options *options, struct buf *out, struct err *err);

#endif
