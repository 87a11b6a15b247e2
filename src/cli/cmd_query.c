/* cmd_query: the questions of a server's /api/v1, from the terminal. */
#include <stdio.h>
#include <string.h>

#include "cli/api_url.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/query_what.h"

#define SELECTORS_MAX 2u
#define DRAWN_NODES 65536u

static const char *const things[] = { "profile", "trace", "span", NULL };

static const struct option table[] = {
	{ 0, "server", OPTION_TEXT(struct query_wish, server), .argument = "URL",
		.help = "who is asked " API_URL_SERVER_HELP },
	{ 0, "select", OPTION_TEXT(struct query_wish, selector), .argument = "SELECTOR",
		.help = "the selector, where it is not the last word" },
	{ 't', "type", OPTION_TEXT(struct query_wish, type), .argument = "TYPE",
		.help = "what is counted, if the selector does not say: cpu, wall, alloc_space, …, "
			"or one of `flyover query types` (default: cpu)" },
	{ 0, "from", OPTION_TEXT(struct query_wish, from), .argument = "TIME",
		.help = "now-3h, 2026-11-28T20:15:00Z or seconds since 1970 (default: now-1h)" },
	{ 0, "until", OPTION_TEXT(struct query_wish, until), .argument = "TIME",
		.help = "the same (default: now)" },
	{ 0, "trace", OPTION_LIST(struct query_wish, traces), .argument = "ID",
		.help = "only samples of this trace: 32 hex digits" },
	{ 0, "span", OPTION_LIST(struct query_wish, spans), .argument = "ID",
		.help = "only samples of this span: 16 hex digits" },
	{ 0, "group-by", OPTION_LIST(struct query_wish, group_by), .argument = "LABEL",
		.help = "a line for each value of the label (totals, timeline)" },
	{ 0, "step", OPTION_DURATION(struct query_wish, step_ns), .argument = "DURATION",
		.help = "of a timeline or a heat map, from point to point" },
	{ 0, "by", OPTION_TEXT(struct query_wish, by), .argument = "WHAT", .choices = things,
		.help = "of a heat map, what is counted (default: profile)" },
	{ 'n', "lines", OPTION_NUMBER(struct query_wish, lines), .argument = "COUNT", .min = 1,
		.max = 1000000, .help = "show so many functions or traces at most" },
	{ 0, "max-nodes", OPTION_NUMBER(struct query_wish, nodes), .argument = "COUNT", .min = 1,
		.max = 1 << 24,
		.help = "of a profile: keep the heaviest so many, the others become `other`" },
	{ 'o', "output", OPTION_TEXT(struct query_wish, output), .argument = "FILE",
		.help = "where a profile goes; its extension says the format" },
	{ 0, "to", OPTION_TEXT(struct query_wish, to), .argument = "FORMAT",
		.help = "the format, whatever the extension says" },
	{ 0, "all", OPTION_FLAG(struct query_wish, all),
		.help = "of a diff: what chance explains, too" },
	{ 0, "json", OPTION_FLAG(struct query_wish, json),
		.help = "write the server's own answer (not profile, not flame)" },
	CREDENTIALS_OPTIONS(struct query_wish, credentials),
	{ 0 },
};

/* What was asked, taken apart. */
struct question {
	const struct query_wish *wanted;
	const struct query_what *what;
	const char *name;                     /* may be NULL, as may the next */
	const char *selectors[SELECTORS_MAX]; /* one for each answer */
	unsigned n_answers;
};

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

static void add_list(struct buf *url, const char *name, const struct option_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		api_url_add(url, name, view_of(list->at[i]));
}

static void add_step(struct buf *url, uint64_t step_ns)
{
	char step[OPTION_DURATION_MAX];

	if (!step_ns)
		return;
	option_duration_text(step_ns, step);
	api_url_add(url, "step", view_of(step));
}

/* When, for whom, and what kind; of a diff by the server itself for either side. */
static void add_frame(struct buf *url, const struct query_wish *wanted, const char *prefix)
{
	char name[32];

#define NAME(word) (snprintf(name, sizeof(name), "%s" word, prefix), name)
	add_if(url, NAME("type"), wanted->type);
	add_if(url, NAME("from"), wanted->from);
	add_if(url, NAME("until"), wanted->until);
	add_list(url, NAME("trace"), &wanted->traces);
	add_list(url, NAME("span"), &wanted->spans);
#undef NAME
}

static void begin_url(const struct question *q, struct buf *url)
{
	const struct query_wish *wanted = q->wanted;
	bool json = wanted->json && q->what->json_path;

	api_url_begin(url, view_of(api_url_server(wanted->server)),
		json ? q->what->json_path : q->what->path);
	if (q->name && q->what->name) {
		add_if(url, q->what->name, q->name);
	} else if (q->name) {
		api_url_add_part(url, view_of(q->name));
		buf_add_text(url, "/values");
	}
}

static void make_url(const struct question *q, unsigned answer, struct buf *url)
{
	const struct query_wish *wanted = q->wanted;

	begin_url(q, url);
	if ((q->what->flags & QUERY_WHAT_TWO) && wanted->json) {
		add_if(url, "left_query", q->selectors[0]);
		add_frame(url, wanted, "left_");
		add_if(url, "right_query", q->selectors[1]);
		add_frame(url, wanted, "right_");
		add_if(url, "all", wanted->all ? "1" : NULL);
	} else {
		add_if(url, "query", q->selectors[answer]);
		add_frame(url, wanted, "");
	}
	add_list(url, "group", &wanted->group_by);
	add_step(url, wanted->step_ns);
	add_number(url, "max_nodes",
		wanted->nodes || !(q->what->flags & QUERY_WHAT_DRAWN) ? wanted->nodes
								      : DRAWN_NODES);
	add_number(url, "limit", wanted->lines);
	if (q->what->flags & QUERY_WHAT_BY_SPAN)
		api_url_add(url, "by", VIEW("span"));
	add_if(url, "by", wanted->by);
	buf_add_char(url, '\0');
}

static int check_options(const struct question *q, const char *word, struct err *err)
{
	const struct query_wish *wanted = q->wanted;

	if ((q->what->flags & QUERY_WHAT_FILE) && !wanted->output)
		return err_set(err, ERR_USAGE, "where to? -o FILE, or -o - for standard output");
	if (!(q->what->flags & QUERY_WHAT_FILE) && (wanted->output || wanted->to))
		return err_set(err, ERR_USAGE, "-o and --to go with profile");
	if (wanted->by && strcmp(word ? word : "", "heatmap") != 0)
		return err_set(err, ERR_USAGE, "--by goes with heatmap");
	if (wanted->json && !(q->what->flags & (QUERY_WHAT_JSON | QUERY_WHAT_HAS_JSON)))
		return err_set(err, ERR_USAGE, "%s writes no JSON", word ? word : "profile");
	if (q->what->flags & QUERY_WHAT_FILE)
		return output_check(wanted->output, wanted->to, err);
	return 0;
}

/* Takes the words apart: WHAT, a name, selectors. */
static int read_words(const struct command_line *line, struct question *q, struct err *err)
{
	const char *word = line->n_operands ? line->operands[0] : NULL;
	unsigned next = 1, want;

	q->wanted = line->options;
	q->what = query_what_find(word, q->wanted);
	want = q->what->flags & QUERY_WHAT_TWO ? 2 : 1;
	q->n_answers = want == 2 && !q->wanted->json ? 2 : 1;
	if (q->what->flags & QUERY_WHAT_NAMED) {
		if (line->n_operands < 2)
			return err_set(err, ERR_USAGE, "%s needs a name", word);
		q->name = line->operands[next++];
	}
	if (q->wanted->selector && want == 1) {
		q->selectors[0] = q->wanted->selector;
		want = 0;
	}
	for (unsigned i = 0; i < want && next < line->n_operands; i++)
		q->selectors[i] = line->operands[next++];
	if (next < line->n_operands)
		return err_set(err, ERR_USAGE, "'%s' is one too many; quote the selector",
			line->operands[next]);
	if (want == 2 && !q->selectors[1])
		return err_set(err, ERR_USAGE, "diff needs two selectors");
	return check_options(q, word, err);
}

static int ask(const struct question *q, unsigned answer, const struct fetch_trust *trust,
	struct buf *ret_body, struct err *err)
{
	struct fetch_request request = { .limits = API_URL_LIMITS, .trust = *trust };
	BUF_AUTO url = { 0 };

	make_url(q, answer, &url);
	request.url = url.at;
	return url.failed ? err_set(err, ERR_NOMEM, "out of memory")
			  : fetch_send(&request, ret_body, NULL, err);
}

static int answer(const struct question *q, struct buf *out, bool *ret_found, struct err *err)
{
	const struct query_wish *wanted = q->wanted;
	struct credentials credentials;
	struct buf bodies[SELECTORS_MAX] = { 0 };
	struct view answers[SELECTORS_MAX];
	int rc = credentials_read(&wanted->credentials, &credentials, err);

	for (unsigned i = 0; rc == 0 && i < q->n_answers; i++) {
		rc = ask(q, i, &credentials.trust, &bodies[i], err);
		answers[i] = buf_view(&bodies[i]);
	}
	if (rc == 0 && wanted->json) {
		*ret_found = true;
		buf_add_view(out, answers[0]);
	} else if (rc == 0) {
		rc = q->what->show(wanted, answers, out, ret_found, err);
	}
	for (unsigned i = 0; i < SELECTORS_MAX; i++)
		buf_fini(&bodies[i]);
	credentials_fini(&credentials);
	return rc == 0 && out->failed ? err_set(err, ERR_NOMEM, "out of memory") : rc;
}

static int run(const struct command_line *line)
{
	struct question question = { 0 };
	BUF_AUTO out = { 0 };
	struct err err = { 0 };
	bool found = false;
	int rc = read_words(line, &question, &err);

	if (rc == 0)
		rc = answer(&question, &out, &found, &err);
	if (rc < 0)
		return command_fail(line->command, &err);
	fwrite(out.at, 1, out.len, stdout);
	if (found)
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
	.operands = "[WHAT [SELECTOR]]",
	.summary = "ask a server about the profiles that it keeps",
	.about = "WHAT is top unless it is said, or profile if there is an -o. A SELECTOR is "
		 "PromQL's: TYPE{LABEL=\"VALUE\",LABEL=~\"REGEX\"}; without one "
		 "everything is meant. Every command that takes a SOURCE takes a server's URL with "
		 "a selector behind it, and then ?from=, until= and trace= if they are needed.\n"
		 "\n"
		 "Where nothing is kept of what was asked for, it says so, and the exit status is "
		 "1.",
	.examples = examples,
	.first_words = query_what_words,
	.first_words_title = "What",
	.operands_min = 0,
	.operands_max = COMMAND_OPERANDS_ANY,
	.options = table,
	.options_size = sizeof(struct query_wish),
	.run = run,
};
