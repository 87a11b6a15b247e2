/* functions: the table of functions, and one function's callers, callees and lines, as JSON. */
#include "server/functions.h"

#include "model/annotate.h"
#include "model/peek.h"
#include "model/top.h"
#include "render/page_json.h"

static void write_row(const struct top *top, const struct top_row *row, struct buf *out)
{
	struct view name = strings_at(&top->names, row->name);
	struct view module = strings_at(&top->names, row->module);

	page_json_text(out, name);
	buf_add_char(out, ',');
	page_json_text(out, module);
	buf_add_format(out, ",%u,%u,%lld,%lld]", row->kind, frames_family(module, name),
		(long long)row->self, (long long)row->total);
}

int functions_top(const struct profile *profile, size_t type, struct buf *out, struct err *err)
{
	struct top_options options = { .type = type, .base_type = -1, .order = TOP_BY_TOTAL };
	struct top top;
	size_t listed = 0, left_out = 0;
	int rc = top_build(profile, &options, &top, err);

	buf_add_text(out, "{\"rows\":[");
	for (size_t i = 0; rc == 0 && i < top.n_rows; i++) {
		if (top.rows[i].kind == FRAME_GROUP)
			continue;
		if (listed == FUNCTIONS_TOP_MAX) {
			left_out++;
			continue;
		}
		buf_add_text(out, listed++ ? ",[" : "[");
		write_row(&top, &top.rows[i], out);
	}
	buf_add_format(out, "],\"left_out\":%zu}\n", left_out);
	top_fini(&top);
	return rc;
}

static void write_neighbours(const struct peek *peek, const struct peek_edge *edges, size_t n,
	const char *what, struct buf *out)
{
	size_t listed = 0;

	buf_add_format(out, ",\"%s\":[", what);
	for (size_t i = 0; i < n && listed < FUNCTIONS_PEEK_MAX; i++) {
		if (edges[i].kind == FRAME_GROUP || !edges[i].value)
			continue;
		buf_add_text(out, listed++ ? ",[" : "[");
		page_json_text(out, strings_at(&peek->names, edges[i].name));
		buf_add_format(out, ",%lld]", (long long)edges[i].value);
	}
	buf_add_char(out, ']');
}

int functions_peek(const struct profile *profile, size_t type, struct view name, struct buf *out,
	struct err *err)
{
	struct peek_options how = { name, type, FRAMES_FUNCTIONS };
	struct peek peek;
	int rc = peek_build(profile, &how, &peek, err);

	if (rc == 0 || rc == ERR_NOT_FOUND) {
		buf_add_format(out, "{\"self\":%lld,\"total\":%lld", (long long)peek.self,
			(long long)peek.total);
		write_neighbours(&peek, peek.callers, peek.n_callers, "callers", out);
		write_neighbours(&peek, peek.callees, peek.n_callees, "callees", out);
		buf_add_text(out, "}\n");
		rc = 0;
	}
	peek_fini(&peek);
	return rc;
}

int functions_lines(const struct profile *profile, size_t type, struct view name, struct buf *out,
	struct err *err)
{
	struct annotate annotate;
	int rc = annotate_build(profile, type, name, &annotate, err);

	if (rc == 0) {
		size_t n = annotate.n_lines < FUNCTIONS_LINES_MAX ? annotate.n_lines
								  : FUNCTIONS_LINES_MAX;

		buf_add_format(out, "{\"self\":%lld,\"total\":%lld,\"lines\":[",
			(long long)annotate.self, (long long)annotate.total);
		for (size_t i = 0; i < n; i++) {
			const struct annotate_line *line = &annotate.lines[i];

			buf_add_text(out, i ? ",[" : "[");
			page_json_text(out, profile_text(profile, line->file));
			buf_add_format(out, ",%lld,%lld,%lld]", (long long)line->line,
				(long long)line->self, (long long)line->total);
		}
		buf_add_format(out, "],\"left_out\":%zu}\n", annotate.n_lines - n);
	}
	annotate_fini(&annotate);
	return rc;
}
