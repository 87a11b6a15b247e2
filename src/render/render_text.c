/* render_text: tables of numbers as text. */
#include "render/render_text.h"

#include "render/codepoint.h"
#include "render/text_table.h"

static void add_row(struct text_table *t, const struct top_row *row, int64_t so_far)
{
	text_table_cell(t, row->self);
	buf_add_char(t->out, ' ');
	text_table_share(t, row->self);
	buf_add_char(t->out, ' ');
	text_table_share(t, so_far);
	buf_add_char(t->out, ' ');
	text_table_cell(t, row->total);
	buf_add_char(t->out, ' ');
	text_table_share(t, row->total);
	buf_add_text(t->out, "  ");
	codepoint_add_inert(t->out, strings_at(&t->top.names, row->name));
	if (row->inlined)
		buf_add_text(
			t->out, row->inlined == TOP_INLINED ? " (inline)" : " (partial-inline)");
	buf_add_char(t->out, '\n');
}

int render_text_top(const struct profile *profile, const struct render_text_options *options,
	struct buf *out, struct err *err)
{
	struct text_table t = { .profile = profile, .o = options, .out = out };
	int64_t so_far = 0;
	int rc = text_table_build(&t, err);

	if (rc == 0) {
		if (options->with_header) {
			text_table_origin(&t);
			text_table_left_out(&t);
		}
		buf_add_text(out, "      flat  flat%   sum%        cum   cum%\n");
	}
	for (size_t i = 0; rc == 0 && i < t.n_shown; i++) {
		so_far = text_table_sum(so_far, t.top.rows[i].self);
		add_row(&t, &t.top.rows[i], so_far);
	}
	return text_table_finish(&t, rc, err);
}
