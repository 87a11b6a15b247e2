/* cmd_report: a profile as text. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/credentials.h"
#include "cli/selection.h"
#include "cli/source.h"
#include "model/pattern.h"
#include "model/profile.h"
#include "render/render_calls.h"
#include "render/render_json.h"
#include "render/render_raw.h"
#include "render/render_samples.h"
#include "render/render_text.h"

/* As pprof: what is below half a percent of the whole is left out. */
#define FRACTION_MIN 0.005

struct report_options {
	struct selection selection;
	struct credentials_wish credentials;
	const char *granularity, *sort;
	uint64_t lines;
	bool all, json;
};

static const char *const granularities[] = { "functions", "lines", "files", "addresses", NULL };
static const char *const orders[] = { "self", "total", NULL };
static const struct report_options defaults = { .granularity = "functions", .sort = "self" };

static const struct option table[] = {
	{ 'n', "lines", OPTION_NUMBER(struct report_options, lines), .argument = "COUNT", .min = 1,
		.help = "show so many rows, branches or stacks at most" },
	{ 's', "sort", OPTION_TEXT(struct report_options, sort), .argument = "BY",
		.choices = orders,
		.help = "by what a function did itself, or with all that it called" },
	{ 'g', "granularity", OPTION_TEXT(struct report_options, granularity), .argument = "BY",
		.choices = granularities, .help = "what a row or frame is" },
	{ 0, "all", OPTION_FLAG(struct report_options, all),
		.help = "show what is below half a percent too" },
	{ 0, "json", OPTION_FLAG(struct report_options, json),
		.help = "write JSON, in the profile's own units (top only)" },
	SELECTION_OPTIONS(struct report_options, selection),
	CREDENTIALS_OPTIONS(struct report_options, credentials),
	{ 0 },
};

/* A report at work. */
struct report {
	const struct report_options *wanted;
	const struct profile *profile;
	const char *names; /* of peek */
	struct render_text_options how;
	struct buf *out;
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

static int top(const struct report *r, struct err *err)
{
	return r->wanted->json ? render_json_top(r->profile, &r->how, r->out, err)
			       : render_text_top(r->profile, &r->how, r->out, err);
}

static int tree(const struct report *r, struct err *err)
{
	return render_calls_tree(r->profile, &r->how, r->out, err);
}

static int peek(const struct report *r, struct err *err)
{
	struct pattern *names;
	int rc = pattern_new(r->names, &names, err);

	if (rc == 0)
		rc = render_calls_peek(r->profile, &r->how,
			&(struct filter_text){ pattern_matches, names }, r->out, err);
	if (rc == 0 || rc == ERR_NOT_FOUND) {
		int check = pattern_check(names, err);

		rc = check < 0 ? check : rc;
	}
	pattern_free(names);
	return rc;
}

static int traces(const struct report *r, struct err *err)
{
	return render_samples_traces(r->profile, &r->how, r->out, err);
}

static int tags(const struct report *r, struct err *err)
{
	return render_samples_tags(r->profile, &r->how, r->out, err);
}

static int raw(const struct report *r, struct err *err)
{
	return render_raw(r->profile, r->out, err);
}

static const struct command_word views[] = {
	{ "top",
		"the functions by the time they took: self (flat) and with all they called (cum)" },
	{ "tree", "who called what, from the roots down, the heaviest branch first" },
	{ "peek", "REGEX, then sources: each function that matches, its callers and its callees" },
	{ "traces", "each stack with its labels and its value, the largest first" },
	{ "tags", "each label's values, and what the samples that carry them hold" },
	{ "raw", "everything: types, capture, samples, locations, mappings" },
	{ 0 },
};

/* In the order of `views`. */
static int (*const draw[])(
	const struct report *report, struct err *err) = { top, tree, peek, traces, tags, raw };

static int check(const struct command_line *line, const struct report *r, struct err *err)
{
	if (r->names && line->n_operands < 3)
		return err_set(err, ERR_USAGE, "peek needs a REGEX and then a SOURCE");
	if (r->wanted->json && strcmp(line->operands[0], "top") != 0)
		return err_set(err, ERR_USAGE, "only top writes JSON");
	return selection_check(&r->wanted->selection, err);
}

/* STATUS_NO where the profile was read and nothing in it is what was asked for. */
static int fail(const struct command_line *line, const struct report *r, const struct err *err)
{
	int status = command_fail(line->command, err);

	return r->profile && err->code == ERR_NOT_FOUND ? STATUS_NO : status;
}

static int run(const struct command_line *line)
{
	const struct report_options *wanted = line->options;
	PROFILE_AUTO profile = NULL;
	BUF_AUTO text = { 0 };
	BUF_AUTO filters = { 0 };
	struct report r = { .wanted = wanted, .out = &text };
	struct err err = { 0 };
	size_t view = 0;
	unsigned first = 1;
	int rc;

	while (strcmp(views[view].word, line->operands[0]) != 0)
		view++;
	if (draw[view] == peek)
		r.names = line->operands[first++];
	selection_describe(&wanted->selection, &filters);
	r.how = (struct render_text_options){ .granularity = granularity_of(wanted),
		.by_total = strcmp(wanted->sort, "total") == 0,
		.rows_max = wanted->lines,
		.fraction_min = wanted->all ? 0 : FRACTION_MIN,
		.with_header = true,
		.filters = buf_view(&filters) };
	rc = check(line, &r, &err);
	if (rc == 0)
		rc = source_load_all(line->operands + first, line->n_operands - first,
			&wanted->credentials, &profile, &err);
	r.profile = profile;
	if (rc == 0)
		rc = selection_apply(&wanted->selection, &profile, &r.how.whole, &err);
	r.profile = profile;
	if (rc == 0)
		rc = draw[view](&r, &err);
	if (rc == 0 && text.failed)
		rc = err_set(&err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		return fail(line, &r, &err);
	fwrite(text.at, 1, text.len, stdout);
	return STATUS_DONE;
}

static const struct command_word examples[] = {
	{ "flyover report top flyover.pb.gz", "lists the hottest functions" },
	{ "flyover report top --sort total -n 20 flyover.pb.gz",
		"lists the twenty below which most of the time was spent" },
	{ "flyover report tree --focus malloc flyover.pb.gz",
		"shows the calls that lead to malloc, and what they cost" },
	{ "flyover report peek '^regcomp$' flyover.pb.gz", "says who calls it, and whom it calls" },
	{ "flyover report tags --tag service=web flyover.pb.gz",
		"says what the other labels of one service are" },
	{ 0 },
};

const struct command cmd_report = {
	.name = "report",
	.operands = "VIEW SOURCE…",
	.summary = "show a profile as text",
	.about = "Numbers, units and the layout of top and peek are those of go tool pprof, and so "
		 "are the filters: shares stay those of the whole profile.",
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
