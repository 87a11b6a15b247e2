/* cmd_diff: what changed between two profiles. */
#include <stdio.h>

#include "base/disk.h"
#include "cli/command.h"
#include "cli/credentials.h"
#include "cli/output.h"
#include "cli/selection.h"
#include "cli/source.h"
#include "model/merge.h"
#include "model/profile.h"
#include "render/render_diff.h"
#include "render/render_json.h"
#include "render/render_svg.h"

struct diff_options {
	struct selection selection;
	struct credentials_wish credentials;
	const char *output;
	uint64_t lines;
	bool all, json;
};

static const struct diff_options defaults = { .lines = 20 };

static const struct option table[] = {
	{ 'o', "output", OPTION_TEXT(struct diff_options, output), .argument = "FILE",
		.help = "draw it instead, as an SVG: as wide as the new profile, growth red, "
			"shrinkage blue" },
	{ 'n', "lines", OPTION_NUMBER(struct diff_options, lines), .argument = "COUNT", .min = 1,
		.help = "show so many functions and stacks at most" },
	{ 0, "all", OPTION_FLAG(struct diff_options, all),
		.help = "show also functions whose change chance explains" },
	{ 0, "json", OPTION_FLAG(struct diff_options, json),
		.help = "write the functions as JSON, in the profiles' own unit" },
	SELECTION_OPTIONS(struct diff_options, selection),
	CREDENTIALS_OPTIONS(struct diff_options, credentials),
	{ 0 },
};

static int draw(const struct profile *base, const struct profile *now,
	const struct diff_options *wanted, struct err *err)
{
	struct render_svg_options options = { .title = "Differential Flame Graph" };
	PROFILE_AUTO pair = NULL;
	BUF_AUTO bytes = { 0 };
	int rc = merge_pair(base, now, view_of(wanted->selection.type), &pair, err);

	if (rc == 0)
		rc = render_svg(pair, &options, &bytes, err);
	return rc < 0 ? rc : disk_write(wanted->output, buf_view(&bytes), err);
}

static int tell(const struct profile *base, const struct profile *now,
	const struct diff_options *wanted, struct err *err)
{
	struct render_diff_options options = { .type = view_of(wanted->selection.type),
		.rows_max = wanted->lines,
		.all = wanted->all };
	BUF_AUTO text = { 0 };
	int rc = wanted->json ? render_json_diff(base, now, &options, &text, err)
			      : render_diff_text(base, now, &options, &text, err);

	if (rc == 0)
		fwrite(text.at, 1, text.len, stdout);
	return rc;
}

static int check_output(const char *path, struct err *err)
{
	if (!path || view_equal(view_of(path), VIEW("-")))
		return 0;
	if (!view_ends(view_of(path), VIEW(".svg")))
		return err_set(err, ERR_USAGE, "%s is no picture: its name must end in .svg", path);
	return output_check(path, NULL, err);
}

/* One side, as asked for. Shares are then of what the filters leave. */
static int load(const char *source, const struct diff_options *wanted, struct profile **ret,
	struct err *err)
{
	int rc = source_load(source, &wanted->credentials, ret, err);

	return rc == 0 ? selection_apply(&wanted->selection, ret, NULL, err) : rc;
}

static int run(const struct command_line *line)
{
	const struct diff_options *wanted = line->options;
	PROFILE_AUTO base = NULL;
	PROFILE_AUTO now = NULL;
	struct err err;
	int rc = check_output(wanted->output, &err);

	if (rc == 0)
		rc = selection_check(&wanted->selection, &err);
	if (rc == 0)
		rc = load(line->operands[0], wanted, &base, &err);
	if (rc == 0)
		rc = load(line->operands[1], wanted, &now, &err);
	if (rc == 0)
		rc = wanted->output ? draw(base, now, wanted, &err) : tell(base, now, wanted, &err);
	return rc < 0 ? command_fail(line->command, &err) : STATUS_DONE;
}

static const struct command_word examples[] = {
	{ "flyover diff before.pb.gz after.pb.gz", "says which functions and stacks changed" },
	{ "flyover diff -o diff.svg before.pb.gz after.pb.gz", "draws the change" },
	{ 0 },
};

const struct command cmd_diff = {
	.name = "diff",
	.operands = "BASE NEW",
	.summary = "say what changed between two profiles",
	.about = "Compares shares, so that the two may differ in length. Listed are functions and "
		 "stacks whose share changed by more than the chance of sampling explains (false "
		 "discovery rate 5 %). Two captures cannot tell a change of the program from a "
		 "change of its load or its machine: compare like with like. "
		 "With filters, shares are of what they leave on either side.",
	.examples = examples,
	.operands_min = 2,
	.operands_max = 2,
	.options = table,
	.options_size = sizeof(struct diff_options),
	.defaults = &defaults,
	.run = run,
};
