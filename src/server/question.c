/* question: which profiles a request asks about. */
#include "server/question.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "ingest/when.h"
#include "server/pyroscope_question.h"

#define HOUR INT64_C(3600000000000)
#define SHOWN(text) ((text).len < 80 ? (int)(text).len : 80), (text).at

struct asking {
	struct question *into;
	const struct question_words *words;
	const char *prefix;
	struct err *err;
	int rc; /* of the arguments that come several times */
};

static struct view argument(const struct asking *a, const char *name)
{
	char whole[64];

	snprintf(whole, sizeof(whole), "%s%s", a->prefix, name);
	return view_of(a->words->one(a->words->owner, whole));
}

/* 2026-11-28T20:15:00Z, with a fraction that is ignored; other offsets are not read. */
static bool parse_rfc3339(struct view text, int64_t *ret_ns)
{
	struct tm tm = { 0 };
	char copy[40];
	const char *end;

	if (text.len < 20 || text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	end = strptime(copy, "%Y-%m-%dT%H:%M:%S", &tm);
	if (!end)
		return false;
	if (*end == '.')
		for (end++; isdigit((unsigned char)*end);)
			end++;
	if (strcmp(end, "Z") != 0)
		return false;
	*ret_ns = (int64_t)timegm(&tm) * 1000000000;
	return true;
}

static int read_time(const struct asking *a, const char *name, int64_t now_ns, int64_t *ret_ns)
{
	struct view text = argument(a, name);

	if (!text.len || when_parse(text, now_ns, ret_ns) || parse_rfc3339(text, ret_ns))
		return 0;
	return err_set(a->err, ERR_USAGE,
		"%s%s='%.*s' is no time: now, now-1h, seconds since 1970 or 2026-11-28T20:15:00Z",
		a->prefix, name, SHOWN(text));
}

static int read_range(struct asking *a)
{
	struct store_select *select = &a->into->select;
	int64_t now_ns = (int64_t)clock_realtime_ns();
	int rc;

	select->from_ns = now_ns - HOUR;
	select->to_ns = now_ns + 1;
	rc = read_time(a, "from", now_ns, &select->from_ns);
	if (rc == 0)
		rc = read_time(a, "until", now_ns, &select->to_ns);
	if (rc == 0 && select->to_ns <= select->from_ns)
		return err_set(a->err, ERR_USAGE, "the range is empty: until has to be after from");
	return rc;
}

static int read_type(struct asking *a)
{
	struct store_type *type = &a->into->selector.type;
	struct view text = argument(a, "type");

	if (text.len && type->name.len)
		return err_set(a->err, ERR_USAGE, "the query says a type already: leave type= out");
	a->into->says_type = type->name.len || text.len;
	if (type->name.len)
		return 0;
	return selector_type(text.len ? text : VIEW("cpu"), type, a->err);
}

static int add_service(struct asking *a)
{
	struct selector *selector = &a->into->selector;
	struct view service = argument(a, "service");

	if (!service.len)
		return 0;
	if (selector->n_matchers == SELECTOR_MATCHERS_MAX)
		return err_set(a->err, ERR_USAGE, "more conditions than there may be");
	selector->matchers[selector->n_matchers++] =
		(struct matcher){ .name = VIEW("service_name"), .value = service };
	return 0;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

static bool read_hex(const char *text, uint8_t *into, size_t len)
{
	if (strlen(text) != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		into[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool add_trace(void *owner, const char *text)
{
	struct asking *a = owner;
	struct store_select *select = &a->into->select;

	if (select->n_traces == QUESTION_IDS_MAX)
		a->rc = err_set(a->err, ERR_USAGE, "at most %u traces at once", QUESTION_IDS_MAX);
	else if (!read_hex(text, a->into->traces[select->n_traces], 16))
		a->rc = err_set(a->err, ERR_USAGE,
			"trace='%.64s' is no trace id: it has 32 hex digits", text);
	else
		select->n_traces++;
	return a->rc == 0;
}

static bool add_span(void *owner, const char *text)
{
	struct asking *a = owner;
	struct store_select *select = &a->into->select;

	if (select->n_spans == QUESTION_IDS_MAX)
		a->rc = err_set(a->err, ERR_USAGE, "at most %u spans at once", QUESTION_IDS_MAX);
	else if (!read_hex(text, a->into->spans[select->n_spans], 8))
		a->rc = err_set(a->err, ERR_USAGE,
			"span='%.64s' is no span id: it has 16 hex digits", text);
	else
		select->n_spans++;
	return a->rc == 0;
}

static int read_ids(struct asking *a)
{
	struct store_select *select = &a->into->select;
	char name[64];

	snprintf(name, sizeof(name), "%strace", a->prefix);
	a->words->all(a->words->owner, name, add_trace, a);
	snprintf(name, sizeof(name), "%sspan", a->prefix);
	if (a->rc == 0)
		a->words->all(a->words->owner, name, add_span, a);
	select->traces = select->n_traces ? (const uint8_t(*)[16])a->into->traces : NULL;
	select->spans = select->n_spans ? (const uint8_t(*)[8])a->into->spans : NULL;
	return a->rc;
}

static int refuse_type_matchers(const struct selector *selector, struct err *err)
{
	for (size_t i = 0; i < selector->n_matchers; i++)
		if (pyroscope_question_in_type(selector->matchers[i].name))
			return err_set(err, ERR_USAGE,
				"%.*s is no label but a part of the type, which stands before the "
				"braces: TYPE{…}, or in type= (one of /api/v1/types)",
				SHOWN(selector->matchers[i].name));
	return 0;
}

int question_of(struct question *question, const struct question_words *words, const char *prefix,
	struct err *err)
{
	struct asking a = { question, words, prefix, err, 0 };
	struct selector *selector = &question->selector;
	int rc;

	question->select =
		(struct store_select){ .tenant = words->tenant, .budget = words->budget };
	rc = selector_parse(selector, argument(&a, "query"), err);
	if (rc == 0)
		rc = refuse_type_matchers(selector, err);
	if (rc == 0)
		rc = read_type(&a);
	if (rc == 0)
		rc = add_service(&a);
	if (rc == 0)
		rc = read_range(&a);
	if (rc == 0)
		rc = read_ids(&a);
	question->select.type = selector->type;
	question->select.matchers = selector->matchers;
	question->select.n_matchers = selector->n_matchers;
	return rc;
}

static const char *argument_of(void *owner, const char *name)
{
	return httpd_argument(((const struct router_call *)owner)->http, name);
}

static void arguments_of(
	void *owner, const char *name, bool (*each)(void *to, const char *value), void *to)
{
	httpd_arguments(((const struct router_call *)owner)->http, name, each, to);
}

int question_read(struct question *question, const struct router_call *call, const char *prefix,
	struct err *err)
{
	const struct question_words words = { .tenant = view_of(call->tenant),
		.budget = call->budget,
		.one = argument_of,
		.all = arguments_of,
		.owner = (void *)call };

	return question_of(question, &words, prefix, err);
}

void question_fini(struct question *question)
{
	selector_fini(&question->selector);
}
