/* render_svg: a flame graph as one SVG file. */
#include "render/render_svg.h"

#include <math.h>

#include "render/svg_frame.h"
#include "render/svg_page.h"
#include "render/svg_plan.h"
#include "render/svg_text.h"
#include "render/truth.h"

static void add_description(const struct svg_plan *p, struct buf *out)
{
	BUF_AUTO words = { 0 };

	buf_add_text(out, "<desc>");
	truth_line(p->profile, &words);
	buf_add_text(&words, ". ");
	truth_warnings(p->profile, &words);
	for (size_t i = 0; i < words.len; i++)
		if (words.at[i] == '\n')
			words.at[i] = ' ';
	out->failed |= words.failed;
	svg_text_add_foreign(out, view_trim(buf_view(&words)));
	if (p->o.notes) {
		buf_add_text(out, " Notes: ");
		svg_text_add_foreign(out, view_of(p->o.notes));
	}
	buf_add_text(out, "</desc>\n");
}

static void add_at(struct buf *out, const char *id, const char *more, double x, double y)
{
	buf_add_format(out, "<text id=\"%s\"%s x=\"%.2f\" y=\"%.15g\">", id, more, x, y);
}

static void add_words(const struct svg_plan *p, struct buf *out)
{
	double size = p->o.font_size, right = p->o.width - SVG_PLAN_SIDE_PAD;
	double head = floor(2 * size), foot = floor(p->height - p->bottom / 2);
	BUF_AUTO truth = { 0 };

	add_at(out, "title", "", floor(p->o.width / 2), head);
	svg_text_add_foreign(out, view_of(p->o.title));
	buf_add_text(out, "</text>\n");
	if (p->o.subtitle) {
		add_at(out, "subtitle", "", floor(p->o.width / 2), floor(4 * size));
		svg_text_add_foreign(out, view_of(p->o.subtitle));
		buf_add_text(out, "</text>\n");
	}
	add_at(out, "details", "", SVG_PLAN_SIDE_PAD, foot);
	truth_line(p->profile, &truth);
	out->failed |= truth.failed;
	svg_text_add_foreign(out, buf_view(&truth));
	buf_add_text(out, "</text>\n");
	add_at(out, "unzoom", " class=\"hide\"", SVG_PLAN_SIDE_PAD, head);
	buf_add_text(out, "Reset zoom</text>\n");
	add_at(out, "search", "", right - 100, head);
	buf_add_text(out, "Search</text>\n");
	add_at(out, "ignorecase", "", right - 16, head);
	buf_add_text(out, "ic</text>\n");
	add_at(out, "matched", "", right - 100, foot);
	buf_add_text(out, "</text>\n");
}

static int add_background(const struct svg_plan *p, struct buf *out, struct err *err)
{
	const char *top = palette_top(p->palette), *bottom = palette_bottom(p->palette);
	const char *wish = p->o.background;
	const struct palette *like = NULL;

	if (wish && wish[0] == '#') {
		if (strlen(wish) != 7 || strspn(wish + 1, "0123456789abcdefABCDEF") != 6)
			return err_set(err, ERR_USAGE, "background %.20s: expected #rrggbb", wish);
		top = bottom = wish;
	} else if (wish) {
		if (strcmp(wish, "yellow") == 0)
			like = palette_find(VIEW("hot"));
		else if (strcmp(wish, "blue") == 0)
			like = palette_find(VIEW("io"));
		else if (strcmp(wish, "green") == 0)
			like = palette_find(VIEW("mem"));
		else if (strcmp(wish, "grey") == 0 || strcmp(wish, "gray") == 0)
			like = palette_find(VIEW("red"));
		if (!like)
			return err_set(err, ERR_USAGE,
				"background %.20s: choose yellow, blue, green, grey or #rrggbb",
				wish);
		top = palette_top(like);
		bottom = palette_bottom(like);
	}
	buf_add_format(out,
		"<defs><linearGradient id=\"paper\" y1=\"0\" y2=\"1\" x1=\"0\" x2=\"0\">"
		"<stop class=\"top\" stop-color=\"%s\" offset=\"5%%\"/>"
		"<stop class=\"bottom\" stop-color=\"%s\" "
		"offset=\"95%%\"/></linearGradient></defs>\n",
		top, bottom);
	return 0;
}

static void add_head(const struct svg_plan *p, struct buf *out)
{

	buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
	buf_add_format(out,
		"<svg version=\"1.1\" width=\"%.15g\" height=\"%.15g\" viewBox=\"0 0 %.15g %.15g\""
		" xmlns=\"http://www.w3.org/2000/svg\" data-whole=\"",
		p->o.width, p->height, p->o.width, p->height);
	buf_add_u64(out, p->whole);
	buf_add_format(
		out, "\" data-font=\"%.15g\" data-kind=\"", p->o.font_size * SVG_PLAN_FONT_WIDTH);
	svg_text_add_foreign(out, view_of(p->o.name_type));
	buf_add_text(out, "\">\n");
}

static int add_picture(const struct svg_plan *p, struct buf *out, struct err *err)
{
	int rc;

	add_head(p, out);
	buf_add_text(out, "<title>");
	svg_text_add_foreign(out, view_of(p->o.title));
	buf_add_text(out, "</title>\n");
	add_description(p, out);
	rc = add_background(p, out, err);
	if (rc < 0)
		return rc;
	buf_add_text(out, "<style>text{font-family:");
	svg_text_add_foreign(out, view_of(p->o.font_type));
	buf_add_format(out, ";font-size:%.15gpx}#title{font-size:%.15gpx}", p->o.font_size,
		p->o.font_size + 5);
	buf_add_text(out, svg_page_style);
	buf_add_text(out, "</style>\n");
	buf_add_format(out,
		"<rect x=\"0\" y=\"0\" width=\"%.15g\" height=\"%.15g\" fill=\"url(#paper)\"/>\n",
		p->o.width, p->height);
	add_words(p, out);
	buf_add_text(out, "<g id=\"frames\">\n");
	svg_frame_add_all(p, out);
	buf_add_text(out, "</g>\n<script><![CDATA[\n");
	buf_add_text(out, svg_page_script);
	buf_add_text(out, "]]></script>\n</svg>\n");
	return out->failed ? err_set(err, ERR_NOMEM, "out of memory for the picture") : 0;
}

int render_svg(const struct profile *profile, const struct render_svg_options *options,
	struct buf *out, struct err *err)
{
	struct svg_plan plan;
	int rc = svg_plan_init(&plan, profile, options, err);

	if (rc == 0)
		rc = add_picture(&plan, out, err);
	svg_plan_fini(&plan);
	return rc;
}
