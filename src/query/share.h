/*
 * share: how much of a selection some functions are, over time.
 *
 * A function is what a table of functions lists (model/top.h): inlined ones count, and one that
 * calls itself counts once in each sample. Of a level (level.h) each point has the mean.
 */
#ifndef QUERY_SHARE_H
#define QUERY_SHARE_H

#include "base/arena.h"
#include "query/groups.h"

#define SHARE_FUNCTIONS_MAX 32u
#define SHARE_POINTS_MAX 11000u
#define SHARE_LINES_MAX 1000u
#define SHARE_BYTES_MAX ((size_t)256 << 20) /* of all points */

struct share_options {
	const struct store_select *select; /* with a whole type */
	int64_t step_ns;
	const struct view *functions; /* their names */
	size_t n_functions;
	const struct view *group; /* labels; none = one line for all */
	size_t n_group;
};

/* n_points each; point i holds [from + i × step, from + (i + 1) × step). */
struct share_line {
	uint32_t group; /* number in share->groups */
	int64_t *whole; /* of everything */
	int64_t *self;  /* function by function */
	int64_t *total;
	int64_t sum; /* of whole */
};

struct share {
	struct arena arena;
	struct groups groups;
	struct share_line *lines; /* owned; the largest first */
	size_t n_lines, cap_lines, n_points, n_functions;
};

/* ERR_USAGE past the numbers above, ERR_LIMIT past SHARE_LINES_MAX. share_fini also after an error.
 */
int share_make(struct store *store, const struct share_options *options, struct share *ret,
	struct err *err);
void share_fini(struct share *share);

#endif
