/* svg_of: reads a profile, writes its flame graph: svg_of [--OPTION[=VALUE]]… FILE > out.svg */
#include <stdio.h>
#include <stdlib.h>

#include "base/disk.h"
#include "codec/codec.h"
#include "render/render_svg.h"

struct text_option {
	const char *name;
	const char **to;
};

struct number_option {
	const char *name;
	double *to;
};

struct flag_option {
	const char *name;
	bool *to;
};

static bool take_option(struct render_svg_options *o, const char *name, const char *value)
{
	const struct text_option texts[] = { { "title", &o->title }, { "subtitle", &o->subtitle },
		{ "countname", &o->count_name }, { "nametype", &o->name_type },
		{ "colors", &o->colours }, { "bgcolors", &o->background },
		{ "fonttype", &o->font_type }, { "notes", &o->notes } };
	const struct number_option numbers[] = { { "width", &o->width },
		{ "height", &o->frame_height }, { "fontsize", &o->font_size },
		{ "factor", &o->factor } };
	const struct flag_option flags[] = { { "hash", &o->by_hash }, { "reverse", &o->reverse },
		{ "inverted", &o->inverted }, { "negate", &o->negate } };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (value && strcmp(name, texts[i].name) == 0) {
			*texts[i].to = value;
			return true;
		}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (value && strcmp(name, numbers[i].name) == 0) {
			*numbers[i].to = atof(value);
			return true;
		}
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (strcmp(name, flags[i].name) == 0) {
			*flags[i].to = true;
			return true;
		}
	if (!value || strcmp(name, "minwidth") != 0)
		return false;
	*(strchr(value, '%') ? &o->min_percent : &o->min_width) = atof(value);
	return true;
}

static int draw(const char *path, const struct render_svg_options *options, struct err *err)
{
	BUF_AUTO bytes = { 0 };
	BUF_AUTO out = { 0 };
	PROFILE_AUTO profile = NULL;
	int rc = disk_read(path, SIZE_MAX / 2, &bytes, err);

	if (rc == 0)
		rc = codec_decode(buf_view(&bytes), &profile, err);
	if (rc == 0)
		rc = render_svg(profile, options, &out, err);
	if (rc == 0)
		fwrite(out.at, 1, out.len, stdout);
	return rc;
}

int main(int argc, char **argv)
{
	struct render_svg_options options = { 0 };
	struct err err;
	int i = 1;

	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		char *value = strchr(argv[i], '=');

		if (value)
			*value++ = 0;
		if (!take_option(&options, argv[i] + 2, value)) {
			fprintf(stderr, "svg_of: unknown option %s\n", argv[i]);
			return 2;
		}
	}
	if (i + 1 != argc || draw(argv[i], &options, &err) < 0) {
		fprintf(stderr, "svg_of: %s\n", i + 1 == argc ? err.text : "one FILE is needed");
		return 2;
	}
	return 0;
}
