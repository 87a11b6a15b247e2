/* cmd_flame: a flame graph in a file, or in the terminal. */
#include <stdio.h>
#include <string.h>

#include "base/disk.h"
#include "cli/command.h"
#include "cli/credentials.h"
#include "cli/output.h"
#include "cli/selection.h"
#include "cli/source.h"
#include "cli/terminal.h"
#include "cli/version.h"
#include "model/profile.h"
#include "render/html.h"
#include "render/render_svg.h"
#include "render/render_term.h"

#define COLUMNS_DEFAULT 120

struct flame_options {
	struct selection selection;
	struct credentials_wish credentials;
	const char *output, *title, *colours;
	uint64_t width;
	bool icicle, reverse;
};

static const struct option table[] = {
	{ 'o', "output", OPTION_TEXT(struct flame_options, output), .argument = "FILE",
		.help = "where to: .svg is a picture, .html an interactive page, - an SVG on "
			"standard output" },
	{ 0, "title", OPTION_TEXT(struct flame_options, title), .argument = "TEXT",
		.help = "what stands above the picture" },
	{ 0, "colours", OPTION_TEXT(struct flame_options, colours), .argument = "NAME",
		.help = "hot, mem, io, java, js, perl, red, green, blue, aqua, …" },
	{ 0, "width", OPTION_NUMBER(struct flame_options, width), .argument = "PIXELS", .min = 100,
		.max = 100000, .help = "of the picture" },
	{ 0, "icicle", OPTION_FLAG(struct flame_options, icicle), .help = "put the root on top" },
	{ 0, "reverse", OPTION_FLAG(struct flame_options, reverse),
		.help = "begin at the leaves: who calls what is hot" },
	SELECTION_OPTIONS(struct flame_options, selection),
	CREDENTIALS_OPTIONS(struct flame_options, credentials),
	{ 0 },
};

static const struct command_word examples[] = {
	{ "flyover flame -o out.svg flyover.pb.gz", "draws a profile into a file" },
	{ "flyover flame flyover.pb.gz", "draws it in the terminal" },
	{ "flyover flame -o out.html flyover.pb.gz",
		"makes one page to look around in, and to send to others" },
	{ "flyover flame --group-by thread --ignore '^futex' -o out.svg flyover.pb.gz",
		"draws each thread by itself, without what waits" },
	{ "flyover flame --type alloc_space -o heap.svg heap.pb.gz",
		"draws another of its values than the default one" },
	{ 0 },
};

static int draw_svg(const struct profile *profile, const struct flame_options *wanted,
	struct buf *out, struct err *err)
{
	struct render_svg_options options = { .title = wanted->title,
		.colours = wanted->colours,
		.width = (double)wanted->width,
		.inverted = wanted->icicle,
		.reverse = wanted->reverse };

	return render_svg(profile, &options, out, err);
}

static int draw_html(const struct profile *profile, const struct flame_options *wanted,
	struct buf *out, struct err *err)
{
	struct html_options options = { .title = wanted->title ? wanted->title : "Flame graph",
		.version = version_text };

	if (wanted->colours || wanted->width || wanted->icicle || wanted->reverse)
		return err_set(err, ERR_USAGE,
			"an HTML page lets its reader choose these: --title, --type and filters go "
			"with it");
	return html_write(profile, &options, out, err);
}

static int draw_here(
	const struct profile *profile, const struct flame_options *wanted, struct err *err)
{
	struct render_term_options options = { .columns = terminal_width(stdout, COLUMNS_DEFAULT),
		.colours = terminal_has_colours(stdout),
		.utf8 = terminal_has_utf8(),
		.reverse = wanted->reverse };
	BUF_AUTO text = { 0 };
	int rc = render_term_flame(profile, &options, &text, err);

	if (rc == 0 && text.failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		fwrite(text.at, 1, text.len, stdout);
	return rc;
}

static int draw(const struct profile *profile, const struct flame_options *wanted, struct err *err)
{
	struct view path = view_of(wanted->output);
	BUF_AUTO bytes = { 0 };
	int rc;

	if (!wanted->output)
		return draw_here(profile, wanted, err);
	if (view_ends(path, VIEW(".html")))
		rc = draw_html(profile, wanted, &bytes, err);
	else
		rc = draw_svg(profile, wanted, &bytes, err);
	if (rc == 0 && bytes.failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	return rc < 0 ? rc : disk_write(wanted->output, buf_view(&bytes), err);
}

static int check_output(const char *path, struct err *err)
{
	struct view name = view_of(path);

	if (!path || strcmp(path, "-") == 0)
		return 0;
	if (!view_ends(name, VIEW(".svg")) && !view_ends(name, VIEW(".html")))
		return err_set(err, ERR_USAGE,
			"%s is no picture: a name that ends in .svg or .html says which", path);
	return output_check(path, NULL, err);
}

static int run(const struct command_line *line)
{
	const struct flame_options *wanted = line->options;
	PROFILE_AUTO profile = NULL;
	struct err err;

	if (check_output(wanted->output, &err) < 0 ||
		selection_check(&wanted->selection, &err) < 0 ||
		source_load_all(line->operands, line->n_operands, &wanted->credentials, &profile,
			&err) < 0 ||
		selection_apply(&wanted->selection, &profile, NULL, &err) < 0 ||
		draw(profile, wanted, &err) < 0)
		return command_fail(line->command, &err);
	return STATUS_DONE;
}

const struct command cmd_flame = {
	.name = "flame",
	.operands = "SOURCE…",
	.summary = "draw a flame graph into a file, or here",
	.about = "Sums the sources and draws them. Width is the share of samples; what stands on a "
		 "box is what it called; from left to right there is only the alphabet.",
	.examples = examples,
	.operands_min = 1,
	.operands_max = COMMAND_OPERANDS_ANY,
	.options = table,
	.options_size = sizeof(struct flame_options),
	.run = run,
};
