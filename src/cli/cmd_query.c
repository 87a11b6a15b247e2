/* cmd_query: the questions of a server's /api/v1, from the terminal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/api_answer.h"
#include "cli/api_url.h"
#include "cli/command.h"
#include "cli/listing.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "codec/codec.h"
#include "model/profile.h"
#include "render/render_term.h"
#include "render/render_text.h"

#define SERVER_DEFAULT "http://127.0.0.1:4040/"
#define SERVER_VARIABLE "FLYOVER_SERVER"
#define COLUMNS_DEFAULT 120
#define FRACTION_MIN 0.005

struct query_options {
	const char *server, *type, *from, *until, *output, *to;
	const char *token_file, *ca_file, *cert_file, *key_file;
	struct option_list traces, spans, group_by;
	uint64_t lines, step_ns, nodes;
	bool json;
};

static const struct option table[] = {
	{ 0, "server", OPTION_TEXT(struct query_options, server), .argument = "URL",
		.help = "who is asked (default: $" SERVER_VARIABLE ", else " SERVER_DEFAULT ")" },
	{ 't', "type", OPTION_TEXT(struct query_options, type), .argument = "TYPE",
		.help = "what is counted, if the selector does not say: cpu, wall, alloc_space, …, "
			"or one of `flyover query types` (default: cpu)" },
	{ 0, "from", OPTION_TEXT(struct query_options, from), .argument = "TIME",
		.help = "now-3h, 2026-11-28T20:15:00Z or seconds since 1970 (default: now-1h)" },
	{ 0, "until", OPTION_TEXT(struct query_options, until), .argument = "TIME",
		.help = "the same (default: now)" },
	{ 0, "trace", OPTION_LIST(struct query_options, traces), .argument = "ID",
		.help = "only samples of this trace: 32 hex digits" },
	{ 0, "span", OPTION_LIST(struct query_options, spans), .argument = "ID",
		.help = "only samples of this span: 16 hex digits" },
	{ 0, "group-by", OPTION_LIST(struct query_options, group_by), .argument = "LABEL",
		.help = "a line for each value of the label (totals, timeline); may come several "
			"times" },
	{ 0, "step", OPTION_DURATION(struct query_options, step_ns), .argument = "DURATION",
		.help = "of a timeline, from point to point" },
	{ 'n', "lines", OPTION_NUMBER(struct query_options, lines), .argument = "COUNT", .min = 1,
		.max = 1000000, .help = "show so many functions or traces at most" },
	{ 0, "max-nodes", OPTION_NUMBER(struct query_options, nodes), .argument = "COUNT", .min = 1,
		.max = 1 << 24,
		.help = "of a profile: keep the heaviest so many, the others become `other`" },
	{ 'o', "output", OPTION_TEXT(struct query_options, output), .argument = "FILE",
		.help = "where a profile goes; its extension says the format" },
	{ 0, "to", OPTION_TEXT(struct query_options, to), .argument = "FORMAT",
		.help = "the format, whatever the extension says" },
	{ 0, "json", OPTION_FLAG(struct query_options, json),
		.help = "write the server's own answer (not profile, not flame)" },
	{ 0, "token-file", OPTION_TEXT(struct query_options, token_file), .argument = "FILE",
		.help = "the server's token, sent as Authorization: Bearer" },
	{ 0, "ca-file", OPTION_TEXT(struct query_options, ca_file), .argument = "FILE",
		.help = "who signed the server's certificate, instead of the system's list" },
	{ 0, "cert-file", OPTION_TEXT(struct query_options, cert_file), .argument = "FILE",
		.help = "our own certificate, where the server wants one" },
	{ 0, "key-file", OPTION_TEXT(struct query_options, key_file), .argument = "FILE",
		.help = "its key" },
	{ 0 },
};

struct query {
	const struct query_options *wanted;
	const char *selector, *label; /* may be NULL */
	struct fetches_trust trust;
	struct buf *out;
	bool found; /* something that was asked for */
};

/* What an answer is made of: where to ask, and what to do with what comes. */
struct what {
	const char *path;
	int (*show)(struct query *query, struct view body, struct err *err);
	bool json; /* the answer is JSON */
	bool by_span;
};

/* ---- what is shown of an answer ---- */

static int types(struct query *q, struct view body, struct err *err)
{
	size_t n = 0;
	int rc = listing_texts(body, "types", q->out, &n, err);

	q->found = n > 0;
	return rc;
}

static int labels(struct query *q, struct view body, struct err *err)
{
	size_t n = 0;
	int rc = listing_texts(body, "labels", q->out, &n, err);

	q->found = n > 0;
	return rc;
}

static int values(struct query *q, struct view body, struct err *err)
{
	size_t n = 0;
	int rc = listing_texts(body, "values", q->out, &n, err);

	q->found = n > 0;
	return rc;
}

static int series(struct query *q, struct view body, struct err *err)
{
	size_t n = 0;
	int rc = listing_series(body, q->out, &n, err);

	q->found = n > 0;
	return rc;
}

static int traces(struct query *q, struct view body, struct err *err)
{
	size_t n = 0;
	int rc = listing_traces(body, q->out, &n, err);

	q->found = n > 0;
	return rc;
}

static int totals(struct query *q, struct view body, struct err *err)
{
	size_t n = 0;
	int rc = listing_totals(body, q->out, &n, err);

	q->found = n > 0;
	return rc;
}

static int timeline(struct query *q, struct view body, struct err *err)
{
	size_t n = 0;
	int rc = listing_points(body, q->out, &n, err);

	q->found = n > 0;
	return rc;
}

static int decode(struct query *q, struct view body, struct profile **ret, struct err *err)
{
	int rc = codec_decode(body, ret, err);

	q->found = rc == 0 && (*ret)->n_samples > 0;
	return rc;
}

static int top(struct query *q, struct view body, struct err *err)
{
	PROFILE_AUTO profile = NULL;
	struct render_text_options how = {
		.rows_max = q->wanted->lines, .fraction_min = FRACTION_MIN, .with_header = true
	};
	int rc = decode(q, body, &profile, err);

	return rc < 0 || !q->found ? rc : render_text_top(profile, &how, q->out, err);
}

static int flame(struct query *q, struct view body, struct err *err)
{
	PROFILE_AUTO profile = NULL;
	struct render_term_options how = { .columns = terminal_width(stdout, COLUMNS_DEFAULT),
		.rows_max = (unsigned)q->wanted->lines,
		.colours = terminal_has_colours(stdout),
		.utf8 = terminal_has_utf8() };
	int rc = decode(q, body, &profile, err);

	return rc < 0 || !q->found ? rc : render_term_flame(profile, &how, q->out, err);
}

static int profile(struct query *q, struct view body, struct err *err)
{
	PROFILE_AUTO profile = NULL;
	int rc = decode(q, body, &profile, err);

	return rc < 0 || !q->found ? rc
				   : output_write(profile, q->wanted->output, q->wanted->to, err);
}

static const struct command_word words[] = {
	{ "top", "the functions by the time they took" },
	{ "flame", "the flame graph, in the terminal" },
	{ "profile", "all that is selected as one profile, into -o FILE" },
	{ "totals", "how much it is, for each value of --group-by" },
	{ "timeline", "the same over time" },
	{ "traces", "the traces that have samples, the heaviest first" },
	{ "spans", "the same for each span" },
	{ "series", "the label sets that are kept" },
	{ "labels", "the names of labels" },
	{ "values", "LABEL, then the selector: the values of a label" },
	{ "types", "what is counted" },
	{ 0 },
};

/* In the order of `words`. */
static const struct what whats[] = {
	{ "profile", top, false, false },
	{ "profile", flame, false, false },
	{ "profile", profile, false, false },
	{ "timeline", totals, true, false },
	{ "timeline", timeline, true, false },
	{ "traces", traces, true, false },
	{ "traces", traces, true, true },
	{ "series", series, true, false },
	{ "labels", labels, true, false },
	{ "label/", values, true, false },
	{ "types", types, true, false },
};

/* ---- the question ---- */

static void add_if(struct buf *url, const char *name, const char *value)
{
	if (value)
		api_url_add(url, name, view_of(value));
}

static void add_number(struct buf *url, const char *name, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	if (number)
		api_url_add(url, name, view_of(text));
}

static void make_url(const struct query *q, const struct what *what, struct buf *url)
{
	const struct query_options *wanted = q->wanted;
	const char *server = wanted->server ? wanted->server : getenv(SERVER_VARIABLE);
	char step[OPTION_DURATION_MAX];

	api_url_begin(url, view_of(server && *server ? server : SERVER_DEFAULT),
		what->show == top && wanted->json ? "top" : what->path);
	if (q->label) {
		api_url_add_part(url, view_of(q->label));
		buf_add_text(url, "/values");
	}
	add_if(url, "query", q->selector);
	add_if(url, "type", wanted->type);
	add_if(url, "from", wanted->from);
	add_if(url, "until", wanted->until);
	for (size_t i = 0; i < wanted->group_by.count; i++)
		add_if(url, "group", wanted->group_by.at[i]);
	for (size_t i = 0; i < wanted->traces.count; i++)
		add_if(url, "trace", wanted->traces.at[i]);
	for (size_t i = 0; i < wanted->spans.count; i++)
		add_if(url, "span", wanted->spans.at[i]);
	add_number(url, "max_nodes", wanted->nodes);
	if (what->show == traces)
		add_number(url, "limit", wanted->lines);
	if (what->by_span)
		api_url_add(url, "by", VIEW("span"));
	if (wanted->step_ns) {
		option_duration_text(wanted->step_ns, step);
		api_url_add(url, "step", view_of(step));
	}
	buf_add_char(url, '\0');
}

static int check(const struct command_line *line, const struct what *what, struct err *err)
{
	const struct query_options *wanted = line->options;
	unsigned operands_max = what->show == values ? 3 : 2;

	if (what->show == values && line->n_operands < 2)
		return err_set(err, ERR_USAGE, "values needs a LABEL");
	if (line->n_operands > operands_max)
		return err_set(err, ERR_USAGE, "'%s' is one too many; quote the selector",
			line->operands[operands_max]);
	if (what->show == profile && !wanted->output)
		return err_set(err, ERR_USAGE, "where to? -o FILE, or -o - for standard output");
	if (what->show != profile && (wanted->output || wanted->to))
		return err_set(err, ERR_USAGE, "-o and --to go with profile");
	if (wanted->json && !what->json && what->show != top)
		return err_set(err, ERR_USAGE, "%s writes no JSON", line->operands[0]);
	if (what->show == profile)
		return output_check(wanted->output, wanted->to, err);
	return 0;
}

static int ask(struct query *q, const struct what *what, struct err *err)
{
	BUF_AUTO secret = { 0 };
	BUF_AUTO url = { 0 };
	BUF_AUTO body = { 0 };
	int rc = 0;

	q->trust = (struct fetches_trust){ .ca_file = q->wanted->ca_file,
		.cert_file = q->wanted->cert_file,
		.key_file = q->wanted->key_file };
	if (q->wanted->token_file) {
		rc = api_answer_read_token(q->wanted->token_file, &secret, err);
		q->trust.authorization = secret.at;
	}
	make_url(q, what, &url);
	if (rc == 0 && url.failed)
		rc = err_set(err, ERR_NOMEM, "out of memory");
	if (rc == 0)
		rc = api_answer_get(url.at, &q->trust, &body, err);
	if (rc < 0)
		return rc;
	if (q->wanted->json) {
		q->found = true;
		buf_add_view(q->out, buf_view(&body));
		return 0;
	}
	return what->show(q, buf_view(&body), err);
}

static int run(const struct command_line *line)
{
	BUF_AUTO out = { 0 };
	struct query query = { .wanted = line->options, .out = &out };
	unsigned next = 1;
	struct err err = { 0 };
	size_t word = 0;
	int rc;

	while (strcmp(words[word].word, line->operands[0]) != 0)
		word++;
	rc = check(line, &whats[word], &err);
	if (whats[word].show == values)
		query.label = line->operands[next++];
	query.selector = next < line->n_operands ? line->operands[next] : NULL;
	if (rc == 0)
		rc = ask(&query, &whats[word], &err);
	if (rc == 0 && out.failed)
		rc = err_set(&err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		return command_fail(line->command, &err);
	fwrite(out.at, 1, out.len, stdout);
	if (query.found)
		return STATUS_DONE;
	fprintf(stderr, "flyover query: nothing is kept of that, in that time\n");
	return STATUS_NO;
}

static const struct command_word examples[] = {
	{ "flyover query totals --group-by service_name", "who used the CPUs in the last hour" },
	{ "flyover query top '{service_name=\"shop\"}' --from now-15m", "and on what" },
	{ "flyover query traces 'cpu{service_name=\"shop\"}' -n 10", "the heaviest requests" },
	{ "flyover query flame --trace 4bf92f3577b34da6a3ce929d0e0e4736", "what one of them did" },
	{ "flyover query profile '{unit=\"nginx.service\"}' -o nginx.svg",
		"a picture; .html, .pb.gz, .folded, … work too" },
	{ "flyover diff 'http://localhost:4040/cpu{version=\"1\"}' "
	  "'http://localhost:4040/cpu{version=\"2\"}'",
		"the same as a SOURCE of other commands" },
	{ NULL, NULL },
};

const struct command cmd_query = {
	.name = "query",
	.operands = "WHAT [SELECTOR]",
	.summary = "ask a server about the profiles that it keeps",
	.about = "A SELECTOR is PromQL's: TYPE{LABEL=\"VALUE\",LABEL=~\"REGEX\"}; without one "
		 "everything is meant. Every command that takes a SOURCE takes a server's URL with "
		 "a selector behind it, and then ?from=, until= and trace= if they are needed.\n"
		 "\n"
		 "Where nothing is kept of what was asked for, it says so, and the exit status is "
		 "1.",
	.examples = examples,
	.first_words = words,
	.first_words_title = "What",
	.operands_min = 1,
	.operands_max = COMMAND_OPERANDS_ANY,
	.options = table,
	.options_size = sizeof(struct query_options),
	.run = run,
};
