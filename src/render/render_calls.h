/*
 * render_calls: who calls whom, as text: around a function, or from the roots down.
 *
 * Names are inert (see codepoint).
 */
#ifndef RENDER_RENDER_CALLS_H
#define RENDER_RENDER_CALLS_H

#include "model/filter.h"
#include "render/render_text.h"

/* Functions that one look shows unless told otherwise: each costs a walk over all stacks. */
#define RENDER_CALLS_PEEK_MAX 100

/* The table of `pprof -peek`: callers above, callees below each function whose name matches; at
 * most rows_max of them (0 = RENDER_CALLS_PEEK_MAX). ERR_NOT_FOUND: none does. */
int render_calls_peek(const struct profile *profile, const struct render_text_options *options,
	const struct filter_text *names, struct buf *out, struct err *err);

/* The call tree, the heaviest branch first, one column deeper for each call:
 *
 *        total    share       self  call
 *        1.25s  100.00%          0  all
 *        1.20s   96.00%      0.10s   main
 *        1.10s   88.00%      1.10s    search
 */
int render_calls_tree(const struct profile *profile, const struct render_text_options *options,
	struct buf *out, struct err *err);

#endif
