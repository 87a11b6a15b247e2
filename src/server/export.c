/* export: the files that the page offers. */
#include "server/export.h"

#include <string.h>

#include "codec/codec.h"
#include "model/profile.h"
#include "render/html.h"
#include "render/page_json.h"

static int write_pprof(const struct profile *profile, const char *title, size_t type,
	struct buf *out, struct err *err)
{
	return codec_pprof.encode(profile, out, err);
}

static int write_folded(const struct profile *profile, const char *title, size_t type,
	struct buf *out, struct err *err)
{
	return codec_folded.encode(profile, out, err);
}

static int write_html(const struct profile *profile, const char *title, size_t type,
	struct buf *out, struct err *err)
{
	return html_write(profile, &(struct html_options){ .title = title }, out, err);
}

const struct export export_all[] = {
	{ "pprof", "flyover.pb.gz", "pprof", "application/octet-stream", write_pprof },
	{ "html", "flyover.html", "This page, as one file", "text/html; charset=utf-8",
		write_html },
	{ "folded", "flyover.folded", "Folded stacks", "text/plain; charset=utf-8", write_folded },
	{ 0 },
};

const struct export *export_find(const char *format)
{
	for (const struct export *e = export_all; e->format; e++)
		if (strcmp(e->format, format) == 0)
			return e;
	return NULL;
}

static void add_member(struct buf *out, const char *name, const char *text)
{
	buf_add_format(out, "\"%s\":", name);
	page_json_text(out, view_of(text));
}

void export_list(struct buf *out)
{
	buf_add_char(out, '[');
	for (const struct export *e = export_all; e->format; e++) {
		buf_add_text(out, e == export_all ? "{" : ",{");
		add_member(out, "format", e->format);
		buf_add_char(out, ',');
		add_member(out, "file", e->file);
		buf_add_char(out, ',');
		add_member(out, "what", e->what);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}
