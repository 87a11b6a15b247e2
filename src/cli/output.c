/* output: a profile into a file, in the format that its name asks for. */
#include "cli/output.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/disk.h"
#include "cli/version.h"
#include "codec/codec.h"
#include "render/html.h"
#include "render/render_svg.h"

static int draw_svg(const struct profile *profile, struct buf *out, struct err *err)
{
	return render_svg(profile, &(struct render_svg_options){ 0 }, out, err);
}

static int draw_html(const struct profile *profile, struct buf *out, struct err *err)
{
	return html_write(profile,
		&(struct html_options){ .title = "Flame graph", .version = version_text }, out,
		err);
}

/* What can be drawn; the codecs are the other formats. */
static const struct picture {
	const char *name, *extension;
	int (*draw)(const struct profile *profile, struct buf *out, struct err *err);
} pictures[] = {
	{ "svg", ".svg", draw_svg },
	{ "html", ".html", draw_html },
	{ 0 },
};

struct writer {
	const char *name;
	int (*write)(const struct profile *profile, struct buf *out, struct err *err);
};

static void add_word(struct buf *list, const char *word)
{
	buf_add_format(list, "%s%s", list->len ? ", " : "", word);
}

static void list_names(struct buf *list)
{
	for (size_t i = 0; codec_all[i]; i++)
		if (codec_all[i]->encode)
			add_word(list, codec_all[i]->name);
	for (const struct picture *p = pictures; p->name; p++)
		add_word(list, p->name);
}

static void list_extensions(struct buf *list)
{
	for (size_t i = 0; codec_all[i]; i++)
		for (const char *const *e = codec_all[i]->extensions; *e; e++)
			if (codec_all[i]->encode)
				add_word(list, *e);
	for (const struct picture *p = pictures; p->name; p++)
		add_word(list, p->extension);
}

static int no_writer(const char *path, const char *format, struct err *err)
{
	BUF_AUTO list = { 0 };

	if (format || strcmp(path, "-") == 0)
		list_names(&list);
	else
		list_extensions(&list);
	if (format)
		return err_set(err, ERR_USAGE, "there is no format '%s'; there are %.*s", format,
			(int)list.len, list.at);
	if (strcmp(path, "-") == 0)
		return err_set(err, ERR_USAGE, "standard output needs a format: --to %.*s",
			(int)list.len, list.at);
	return err_set(err, ERR_USAGE,
		"the name %s does not say in which format to write; it may end in %.*s", path,
		(int)list.len, list.at);
}

static int find_writer(const char *path, const char *format, struct writer *ret, struct err *err)
{
	const struct codec *codec =
		format ? codec_by_name(view_of(format)) : codec_by_path(view_of(path));

	if (codec && codec->encode) {
		*ret = (struct writer){ codec->name, codec->encode };
		return 0;
	}
	for (const struct picture *p = pictures; p->name; p++)
		if (format ? strcmp(format, p->name) == 0
			   : view_ends(view_of(path), view_of(p->extension))) {
			*ret = (struct writer){ p->name, p->draw };
			return 0;
		}
	return no_writer(path, format, err);
}

int output_check(const char *path, const char *format, struct err *err)
{
	struct writer writer;
	struct stat st;
	char copy[PATH_MAX];
	int rc = find_writer(path, format, &writer, err);

	if (rc < 0 || strcmp(path, "-") == 0)
		return rc;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return err_set(err, ERR_USAGE, "%s is a directory", path);
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return 0;
	snprintf(copy, sizeof(copy), "%s", path);
	if (access(dirname(copy), W_OK) < 0)
		return err_errno(err, errno, "cannot write %s", path);
	return 0;
}

int output_write(
	const struct profile *profile, const char *path, const char *format, struct err *err)
{
	struct writer writer;
	BUF_AUTO bytes = { 0 };
	int rc = find_writer(path, format, &writer, err);

	if (rc == 0)
		rc = writer.write(profile, &bytes, err);
	if (rc < 0)
		return rc;
	if (bytes.failed)
		return err_set(err, ERR_NOMEM, "out of memory while writing %s", path);
	if (strcmp(path, "-") == 0 && isatty(STDOUT_FILENO) && !codec_is_text(buf_view(&bytes)))
		return err_set(err, ERR_USAGE,
			"%s is not for terminals: name a file, or send standard output to one",
			writer.name);
	return disk_write(path, buf_view(&bytes), err);
}
