/* query_what: what can be asked of a server, and how its answers look in a terminal. */
#include "cli/query_what.h"

#include <stdio.h>
#include <string.h>

#include "cli/listing.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "codec/codec.h"
#include "model/profile.h"
#include "render/render_diff.h"
#include "render/render_term.h"
#include "render/render_text.h"

#define COLUMNS_DEFAULT 120
#define FRACTION_MIN 0.005

static int types(const struct query_wish *wanted, const struct view *answers, struct buf *out,
	bool *ret_found, struct err *err)
{
	return listing_texts(answers[0], "types", out, ret_found, err);
}

static int labels(const struct query_wish *wanted, const struct view *answers, struct buf *out,
	bool *ret_found, struct err *err)
{
	return listing_texts(answers[0], "labels", out, ret_found, err);
}

static int values(const struct query_wish *wanted, const struct view *answers, struct buf *out,
	bool *ret_found, struct err *err)
{
	return listing_texts(answers[0], "values", out, ret_found, err);
}

static int series(const struct query_wish *wanted, const struct view *answers, struct buf *out,
	bool *ret_found, struct err *err)
{
	return listing_series(answers[0], out, ret_found, err);
}

static int traces(const struct query_wish *wanted, const struct view *answers, struct buf *out,
	bool *ret_found, struct err *err)
{
	return listing_traces(answers[0], out, ret_found, err);
}

static int totals(const struct query_wish *wanted, const struct view *answers, struct buf *out,
	bool *ret_found, struct err *err)
{
	return listing_totals(answers[0], out, ret_found, err);
}

static int timeline(const struct query_wish *wanted, const struct view *answers, struct buf *out,
	bool *ret_found, struct err *err)
{
	return listing_points(answers[0], out, ret_found, err);
}

static int share(const struct query_wish *wanted, const struct view *answers, struct buf *out,
	bool *ret_found, struct err *err)
{
	return listing_share(answers[0], out, ret_found, err);
}

static int heatmap(const struct query_wish *wanted, const struct view *answers, struct buf *out,
	bool *ret_found, struct err *err)
{
	return listing_heatmap(answers[0], out, ret_found, err);
}

static int truth(const struct query_wish *wanted, const struct view *answers, struct buf *out,
	bool *ret_found, struct err *err)
{
	return listing_truth(answers[0], out, ret_found, err);
}

static int decode(struct view answer, struct profile **ret, bool *ret_found, struct err *err)
{
	int rc = codec_decode(answer, ret, err);

	*ret_found = rc == 0 && (*ret)->n_samples > 0;
	return rc;
}

static int top(const struct query_wish *wanted, const struct view *answers, struct buf *out,
	bool *ret_found, struct err *err)
{
	PROFILE_AUTO profile = NULL;
	struct render_text_options how = {
		.rows_max = wanted->lines, .fraction_min = FRACTION_MIN, .with_header = true
	};
	int rc = decode(answers[0], &profile, ret_found, err);

	return rc < 0 || !*ret_found ? rc : render_text_top(profile, &how, out, err);
}

static int flame(const struct query_wish *wanted, const struct view *answers, struct buf *out,
	bool *ret_found, struct err *err)
{
	PROFILE_AUTO profile = NULL;
	struct render_term_options how = { .columns = terminal_width(stdout, COLUMNS_DEFAULT),
		.rows_max = (unsigned)wanted->lines,
		.colours = terminal_has_colours(stdout),
		.utf8 = terminal_has_utf8() };
	int rc = decode(answers[0], &profile, ret_found, err);

	return rc < 0 || !*ret_found ? rc : render_term_flame(profile, &how, out, err);
}

static int profile(const struct query_wish *wanted, const struct view *answers, struct buf *out,
	bool *ret_found, struct err *err)
{
	PROFILE_AUTO profile = NULL;
	int rc = decode(answers[0], &profile, ret_found, err);

	return rc < 0 || !*ret_found ? rc : output_write(profile, wanted->output, wanted->to, err);
}

static int diff(const struct query_wish *wanted, const struct view *answers, struct buf *out,
	bool *ret_found, struct err *err)
{
	PROFILE_AUTO left = NULL;
	PROFILE_AUTO right = NULL;
	struct render_diff_options how = { .rows_max = wanted->lines, .all = wanted->all };
	bool found_left = false, found_right = false;
	int rc = decode(answers[0], &left, &found_left, err);

	if (rc == 0)
		rc = decode(answers[1], &right, &found_right, err);
	*ret_found = found_left && found_right;
	return rc < 0 || !*ret_found ? rc : render_diff_text(left, right, &how, out, err);
}

const struct command_word query_what_words[] = {
	{ "top", "the functions by the time they took" },
	{ "flame", "the flame graph, in the terminal" },
	{ "profile", "all that is selected as one profile, into -o FILE" },
	{ "diff", "LEFT RIGHT, two selectors: the functions that changed" },
	{ "totals", "how much it is, for each value of --group-by" },
	{ "timeline", "the same over time" },
	{ "share", "FUNCTION, then the selector: what it took of the whole, over time" },
	{ "heatmap", "how many profiles, or --by trace or span, had how much, over time" },
	{ "traces", "the traces that have samples, the heaviest first" },
	{ "spans", "the same for each span" },
	{ "truth", "what a selection rests on: how many samples, from which hosts, how whole" },
	{ "series", "the label sets that are kept" },
	{ "labels", "the names of labels" },
	{ "values", "LABEL, then the selector: the values of a label" },
	{ "types", "what is counted" },
	{ 0 },
};

const struct query_what query_what_all[] = {
	{ "profile", "top", NULL, top, QUERY_WHAT_HAS_JSON },
	{ "profile", NULL, NULL, flame, QUERY_WHAT_DRAWN },
	{ "profile", NULL, NULL, profile, QUERY_WHAT_FILE },
	{ "profile", "diff", NULL, diff, QUERY_WHAT_HAS_JSON | QUERY_WHAT_TWO },
	{ "timeline", NULL, NULL, totals, QUERY_WHAT_JSON },
	{ "timeline", NULL, NULL, timeline, QUERY_WHAT_JSON },
	{ "share", NULL, "function", share, QUERY_WHAT_JSON | QUERY_WHAT_NAMED },
	{ "heatmap", NULL, NULL, heatmap, QUERY_WHAT_JSON },
	{ "traces", NULL, NULL, traces, QUERY_WHAT_JSON },
	{ "traces", NULL, NULL, traces, QUERY_WHAT_JSON | QUERY_WHAT_BY_SPAN },
	{ "truth", NULL, NULL, truth, QUERY_WHAT_JSON },
	{ "series", NULL, NULL, series, QUERY_WHAT_JSON },
	{ "labels", NULL, NULL, labels, QUERY_WHAT_JSON },
	{ "label/", NULL, NULL, values, QUERY_WHAT_JSON | QUERY_WHAT_NAMED },
	{ "types", NULL, NULL, types, QUERY_WHAT_JSON },
};

const struct query_what *query_what_find(const char *word, const struct query_wish *wanted)
{
	size_t i = 0;

	if (!word)
		word = wanted->output ? "profile" : "top";
	while (strcmp(query_what_words[i].word, word) != 0)
		i++;
	return &query_what_all[i];
}
