/* cmd_report: a profile as text. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/source.h"
#include "model/profile.h"
#include "render/render_text.h"

/* As pprof: what is below half a percent of the whole is left out. */
#define FRACTION_MIN 0.005

struct report_options {
	const char *type, *granularity, *sort;
	uint64_t lines;
	bool all;
};

static const char *const granularities[] = { "functions", "lines", "files", "addresses", NULL };
static const char *const orders[] = { "self", "total", NULL };
static const struct report_options defaults = { .granularity = "functions", .sort = "self" };

static const struct option table[] = {
	{ 't', "type", OPTION_TEXT(struct report_options, type), .argument = "TYPE",
		.help = "which of the profile's values to count: cpu, samples, alloc_space, …" },
	{ 'n', "lines", OPTION_NUMBER(struct report_options, lines), .argument = "COUNT", .min = 1,
		.help = "show so many at most" },
	{ 's', "sort", OPTION_TEXT(struct report_options, sort), .argument = "BY",
		.choices = orders,
		.help = "by what a function did itself, or with all that it called" },
	{ 'g', "granularity", OPTION_TEXT(struct report_options, granularity), .argument = "BY",
		.choices = granularities, .help = "what a row is" },
	{ 0, "all", OPTION_FLAG(struct report_options, all),
		.help = "show what is below half a percent too" },
	{ 0 },
};

static enum frames_granularity granularity_of(const struct report_options *wanted)
{
	static const enum frames_granularity all[] = { FRAMES_FUNCTIONS, FRAMES_LINES, FRAMES_FILES,
		FRAMES_ADDRESSES };
	size_t i = 0;

	while (strcmp(granularities[i], wanted->granularity) != 0)
		i++;
	return all[i];
}

static int top(const struct profile *profile, const struct report_options *wanted, struct buf *out,
	struct err *err)
{
	struct render_text_options options = { .type = view_of(wanted->type),
		.granularity = granularity_of(wanted),
		.by_total = strcmp(wanted->sort, "total") == 0,
		.rows_max = wanted->lines,
		.fraction_min = wanted->all ? 0 : FRACTION_MIN,
		.with_header = true };

	return render_text_top(profile, &options, out, err);
}

static const struct command_word views[] = {
	{ "top",
		"the functions by the time they took: self (flat) and with all they called (cum)" },
	{ 0 },
};

/* In the order of `views`. */
static int (*const draw[])(const struct profile *profile, const struct report_options *wanted,
	struct buf *out, struct err *err) = { top };

static int run(const struct command_line *line)
{
	PROFILE_AUTO profile = NULL;
	BUF_AUTO text = { 0 };
	struct err err;
	size_t view = 0;

	while (strcmp(views[view].word, line->operands[0]) != 0)
		view++;
	if (source_load_all(line->operands + 1, line->n_operands - 1, &profile, &err) < 0 ||
		draw[view](profile, line->options, &text, &err) < 0)
		return command_fail(line->command, &err);
	if (text.failed)
		return err_set(&err, ERR_NOMEM, "out of memory"), command_fail(line->command, &err);
	fwrite(text.at, 1, text.len, stdout);
	return STATUS_DONE;
}

static const struct command_word examples[] = {
	{ "flyover report top flyover.pb.gz", "lists the hottest functions" },
	{ "flyover report top --sort total -n 20 flyover.pb.gz",
		"lists the twenty below which most of the time was spent" },
	{ 0 },
};

const struct command cmd_report = {
	.name = "report",
	.operands = "VIEW SOURCE…",
	.summary = "show a profile as text",
	.about = "The numbers, units and layout are those of go tool pprof.",
	.examples = examples,
	.first_words = views,
	.first_words_title = "Views",
	.operands_min = 2,
	.operands_max = COMMAND_OPERANDS_ANY,
	.options = table,
	.options_size = sizeof(struct report_options),
	.defaults = &defaults,
	.run = run,
};
