/*
 * text_table: what the tables of render_text and render_calls have in common.
 *
 * The rows, which of them count, one unit for all, and the lines above a table, as `go tool
 * pprof` has them.
 */
#ifndef RENDER_TEXT_TABLE_H
#define RENDER_TEXT_TABLE_H

#include "model/top.h"
#include "render/measure.h"
#include "render/render_text.h"

struct text_table {
	const struct profile *profile;
	const struct render_text_options *o;
	struct buf *out;

	/* From here on: what text_table_build finds. */
	struct top top; /* sorted as asked for, without the rows that do not count */
	size_t type;
	struct view unit;
	int64_t whole; /* that shares refer to */
	struct measure measure;
	uint64_t cutoff;
	size_t n_kept, n_shown; /* rows above the cutoff, and of these the first */
	struct buf cell;
};

/* ERR_USAGE: no such sample type. Finish with text_table_finish, also after an error. */
int text_table_build(struct text_table *t, struct err *err);

/* Returns rc, or ERR_NOMEM if writing failed. */
int text_table_finish(struct text_table *t, int rc, struct err *err);

/* The lines above a table: file, type, time and filters; then how much of it is shown. */
void text_table_origin(struct text_table *t);
void text_table_left_out(struct text_table *t);

void text_table_value(struct text_table *t, int64_t value);
void text_table_cell(struct text_table *t, int64_t value);  /* right-aligned in ten columns */
void text_table_share(struct text_table *t, int64_t value); /* of the whole */

static inline int64_t text_table_sum(int64_t a, int64_t b) /* saturating */
{
	int64_t both;

	if (__builtin_add_overflow(a, b, &both))
		return a < 0 ? INT64_MIN : INT64_MAX;
	return both;
}

#endif
