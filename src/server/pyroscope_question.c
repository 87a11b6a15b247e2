/* pyroscope_question: what a request to Pyroscope's API asks the store. */
#include "server/pyroscope_question.h"

#include "base/clock.h"

#define MS INT64_C(1000000)
#define DAY_MS INT64_C(86400000)
#define SHOWN(text) ((text).len < 80 ? (int)(text).len : 80), ((text).at ? (text).at : "")

void pyroscope_question_type_id(const struct store_type *type, struct buf *out)
{
	const struct view parts[] = { type->name, type->type, type->unit, type->period_type,
		type->period_unit };

	for (size_t i = 0; i < 5; i++) {
		if (i)
			buf_add_char(out, ':');
		buf_add_view(out, parts[i]);
	}
}

void pyroscope_question_type_labels(const struct store_type *type, struct view id,
	struct store_label ret[PYROSCOPE_TYPE_LABELS])
{
	const struct store_label labels[] = { { VIEW("__name__"), type->name },
		{ VIEW("__period_type__"), type->period_type },
		{ VIEW("__period_unit__"), type->period_unit }, { VIEW("__profile_type__"), id },
		{ VIEW("__type__"), type->type }, { VIEW("__unit__"), type->unit } };

	memcpy(ret, labels, sizeof(labels));
}

bool pyroscope_question_in_type(struct view label)
{
	struct store_label labels[PYROSCOPE_TYPE_LABELS];

	pyroscope_question_type_labels(&(struct store_type){ 0 }, VIEW(""), labels);
	for (size_t i = 0; i < PYROSCOPE_TYPE_LABELS; i++)
		if (view_equal(label, labels[i].name))
			return true;
	return false;
}

bool pyroscope_question_meets(
	const struct pyroscope_question *question, const struct store_type *type)
{
	const struct matcher *matchers = question->selector.matchers + question->select.n_matchers;
	struct store_label labels[PYROSCOPE_TYPE_LABELS];
	BUF_AUTO id = { 0 };

	if (!question->n_type_matchers)
		return true;
	pyroscope_question_type_id(type, &id);
	pyroscope_question_type_labels(type, buf_view(&id), labels);
	for (size_t i = 0; i < question->n_type_matchers; i++)
		for (size_t l = 0; l < PYROSCOPE_TYPE_LABELS; l++)
			if (view_equal(matchers[i].name, labels[l].name) &&
				!matcher_holds(&matchers[i], labels[l].value))
				return false;
	return true;
}

/* Those of the store come first. */
static void part_matchers(struct pyroscope_question *q)
{
	struct matcher *at = q->selector.matchers;
	size_t n = 0;

	for (size_t i = 0; i < q->selector.n_matchers; i++) {
		struct matcher matcher = at[i];

		if (pyroscope_question_in_type(matcher.name))
			continue;
		if (view_equal(matcher.name, VIEW("__service_name__")))
			matcher.name = VIEW("service_name");
		at[i] = at[n];
		at[n++] = matcher;
	}
	q->select.matchers = at;
	q->select.n_matchers = n;
	q->n_type_matchers = q->selector.n_matchers - n;
}

/* Of the last millisecond everything belongs. */
static int read_times(
	struct pyroscope_question *q, int64_t start_ms, int64_t end_ms, struct err *err)
{
	int64_t after_ms;

	if (start_ms > end_ms)
		return err_set(err, ERR_USAGE, "the range is empty: end has to be after start");
	if (__builtin_add_overflow(end_ms, 1, &after_ms) ||
		__builtin_mul_overflow(start_ms, MS, &q->select.from_ns) ||
		__builtin_mul_overflow(after_ms, MS, &q->select.to_ns))
		return err_set(err, ERR_USAGE, "start and end are milliseconds since 1970");
	return 0;
}

/* {__name__="process_cpu:cpu:…"} is PromQL for process_cpu:cpu:…{}. */
static int take_name(struct selector *selector, struct err *err)
{
	for (size_t i = 0; i < selector->n_matchers; i++) {
		struct matcher *matcher = &selector->matchers[i];
		struct view value = matcher->value;

		if (!view_equal(matcher->name, VIEW("__name__")) || matcher->op != MATCHER_IS ||
			!value.len || !memchr(value.at, ':', value.len))
			continue;
		*matcher = selector->matchers[--selector->n_matchers]; /* this kind owns nothing */
		return selector_type(value, &selector->type, err);
	}
	return 0;
}

static int read_selector(struct pyroscope_question *q, struct view text, struct err *err)
{
	int rc = selector_parse(&q->selector, text, err);

	if (rc == 0)
		rc = take_name(&q->selector, err);
	part_matchers(q);
	return rc;
}

int pyroscope_question_list(struct pyroscope_question *question,
	const struct pyroscope_request *request, struct view selector, struct view tenant,
	struct err *err)
{
	int64_t now_ms = (int64_t)(clock_realtime_ns() / 1000000);
	bool is_timed = request->start_ms || request->end_ms;
	int rc;

	question->is_nothing = false;
	question->select = (struct store_select){ .tenant = tenant };
	rc = read_selector(question, selector, err);
	question->select.type = question->selector.type;
	if (rc == 0)
		rc = read_times(question, is_timed ? request->start_ms : now_ms - DAY_MS,
			is_timed ? request->end_ms : now_ms, err);
	return rc;
}

static bool same_type(const struct store_type *a, const struct store_type *b)
{
	return view_equal(a->name, b->name) && view_equal(a->type, b->type) &&
	       view_equal(a->unit, b->unit) && view_equal(a->period_type, b->period_type) &&
	       view_equal(a->period_unit, b->period_unit);
}

static int read_type(struct pyroscope_question *q, struct view id, struct err *err)
{
	struct store_type *said = &q->selector.type, *type = &q->select.type;
	int rc;

	*type = *said;
	if (!id.len && said->name.len)
		return 0;
	if (!id.len)
		return err_set(err, ERR_USAGE, "profile_typeID is missing");
	rc = selector_type(id, type, err);
	if (rc == 0 && said->name.len && !same_type(said, type))
		q->is_nothing = true;
	return rc;
}

static bool read_hex(struct view text, uint8_t *into, size_t len)
{
	uint64_t byte;

	if (text.len != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!view_hex_to_u64((struct view){ text.at + 2 * i, 2 }, &byte))
			return false;
		into[i] = (uint8_t)byte;
	}
	return true;
}

static int read_ids(
	struct pyroscope_question *q, const struct pyroscope_request *request, struct err *err)
{
	for (size_t i = 0; i < request->traces.n; i++)
		if (!read_hex(request->traces.at[i], q->traces[i], 16))
			return err_set(err, ERR_USAGE,
				"'%.*s' is no trace id: it has 32 hex digits",
				SHOWN(request->traces.at[i]));
	for (size_t i = 0; i < request->spans.n; i++)
		if (!read_hex(request->spans.at[i], q->spans[i], 8))
			return err_set(err, ERR_USAGE, "'%.*s' is no span id: it has 16 hex digits",
				SHOWN(request->spans.at[i]));
	q->select.traces = request->traces.n ? (const uint8_t(*)[16])q->traces : NULL;
	q->select.n_traces = request->traces.n;
	q->select.spans = request->spans.n ? (const uint8_t(*)[8])q->spans : NULL;
	q->select.n_spans = request->spans.n;
	return 0;
}

int pyroscope_question_profiles(struct pyroscope_question *question,
	const struct pyroscope_request *request, struct view tenant, struct err *err)
{
	int rc = pyroscope_question_list(question, request, request->selector, tenant, err);

	question->select.budget = request->budget;
	if (rc == 0 && !request->start_ms && !request->end_ms)
		rc = err_set(err, ERR_USAGE, "start and end are missing");
	if (rc == 0)
		rc = read_type(question, request->type, err);
	if (rc == 0)
		rc = read_ids(question, request, err);
	if (rc == 0 && request->profile_ids.n)
		rc = err_set(err, ERR_UNSUPPORTED,
			"profiles cannot be asked for by their ids here: leave profile_id_selector "
			"out");
	if (rc == 0 && !pyroscope_question_meets(question, &question->select.type))
		question->is_nothing = true;
	return rc;
}

void pyroscope_question_fini(struct pyroscope_question *question)
{
	selector_fini(&question->selector);
}
