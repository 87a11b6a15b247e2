/* export: the files that the page offers. */
#include "server/export.h"

#include <string.h>

#include "codec/codec.h"
#include "model/profile.h"
#include "render/html.h"
#include "render/page_json.h"
#include "render/render_svg.h"

struct offer {
	const char *format, *file, *what, *mime;
	int (*write)(const struct export_request *request, struct buf *out, struct err *err);
};

static int write_html(const struct export_request *request, struct buf *out, struct err *err)
{
	return html_write(
		request->profile, &(struct html_options){ .title = request->title }, out, err);
}

static int write_svg(const struct export_request *request, struct buf *out, struct err *err)
{
	const struct profile *profile = request->profile;
	struct render_svg_options options = { .type = profile_text(profile,
						      profile->types[request->type].type) };

	return render_svg(profile, &options, out, err);
}

static int write_codec(const struct export_request *request, struct buf *out, struct err *err)
{
	return codec_by_name(view_of(request->format))->encode(request->profile, out, err);
}

static const struct offer offers[] = {
	{ "pprof", "flyover.pb.gz", "Profile (pprof)", "application/octet-stream", write_codec },
	{ "html", "flyover.html", "This page in one file", "text/html; charset=utf-8", write_html },
	{ "svg", "flyover.svg", "Picture (SVG)", "image/svg+xml", write_svg },
	{ "folded", "flyover.folded", "Folded stacks", "text/plain; charset=utf-8", write_codec },
	{ "speedscope", "flyover.speedscope.json", "speedscope", "application/json", write_codec },
};
#define N_OFFERS (sizeof(offers) / sizeof(offers[0]))

/* Whether this build can write it. */
static bool is_there(const struct offer *offer)
{
	const struct codec *codec;

	if (offer->write != write_codec)
		return true;
	codec = codec_by_name(view_of(offer->format));
	return codec && codec->encode;
}

int export_write(const struct export_request *request, struct export_result *ret, struct err *err)
{
	*ret = (struct export_result){ 0 };
	for (size_t i = 0; i < N_OFFERS; i++) {
		const struct offer *offer = &offers[i];

		if (strcmp(offer->format, request->format) != 0 || !is_there(offer))
			continue;
		ret->mime = offer->mime;
		ret->file = offer->file;
		return offer->write(request, &ret->bytes, err);
	}
	return err_set(err, ERR_USAGE, "there is no such format");
}

static void add_member(struct buf *out, const char *name, const char *text)
{
	buf_add_format(out, "\"%s\":", name);
	page_json_text(out, view_of(text));
}

void export_list(struct buf *out)
{
	bool first = true;

	buf_add_char(out, '[');
	for (size_t i = 0; i < N_OFFERS; i++) {
		if (!is_there(&offers[i]))
			continue;
		buf_add_text(out, first ? "{" : ",{");
		add_member(out, "format", offers[i].format);
		buf_add_char(out, ',');
		add_member(out, "file", offers[i].file);
		buf_add_char(out, ',');
		add_member(out, "what", offers[i].what);
		buf_add_char(out, '}');
		first = false;
	}
	buf_add_char(out, ']');
}
