/* pyroscope_lists: querier.v1's questions about what is kept: types, labels, series. */
#include "server/pyroscope_lists.h"

#include <stdlib.h>

#include "server/pyroscope_messages.h"
#include "server/pyroscope_question.h"
#include "wire/proto.h"

#define LABELS_MAX 128u /* of a series, with those of its type */

struct listing {
	struct store *store;
	struct view tenant;
	const struct pyroscope_request *request;
	const struct pyroscope_question *question; /* the one that is being asked */
	struct strings *found;
	struct err *err;
};

static int add(struct listing *l, struct view text)
{
	if (strings_add(l->found, text) == STRINGS_NONE)
		return err_set(l->err, ERR_NOMEM, "out of memory");
	return 0;
}

static int ask_one(struct listing *l, struct view matcher, int (*ask)(struct listing *l))
{
	struct pyroscope_question question;
	int rc = pyroscope_question_list(&question, l->request, matcher, l->tenant, l->err);

	l->question = &question;
	if (rc == 0)
		rc = ask(l);
	pyroscope_question_fini(&question);
	return rc;
}

static int ask_each(struct listing *l, int (*ask)(struct listing *l))
{
	const struct pyroscope_texts *matchers = &l->request->matchers;
	int rc = 0;

	if (!matchers->n)
		return ask_one(l, VIEW(""), ask);
	for (size_t i = 0; rc == 0 && i < matchers->n; i++)
		rc = ask_one(l, matchers->at[i], ask);
	return rc;
}

/* ---- series, with each of their types -------------------------------------------------------- */

struct walk {
	struct listing *l;
	int (*each)(struct listing *l, const struct store_label *labels, size_t n);
};

static int by_name(const void *a_, const void *b_)
{
	const struct store_label *a = a_, *b = b_;

	return view_compare(a->name, b->name);
}

static int visit_type(
	struct walk *w, const struct store_series *series, const struct store_type *type)
{
	struct store_label labels[LABELS_MAX + PYROSCOPE_TYPE_LABELS];
	size_t n = series->labels.n < LABELS_MAX ? series->labels.n : LABELS_MAX;
	BUF_AUTO id = { 0 };

	if (!pyroscope_question_meets(w->l->question, type))
		return 0;
	pyroscope_question_type_id(type, &id);
	pyroscope_question_type_labels(type, buf_view(&id), labels);
	if (n)
		memcpy(labels + PYROSCOPE_TYPE_LABELS, series->labels.at, n * sizeof(labels[0]));
	n += PYROSCOPE_TYPE_LABELS;
	qsort(labels, n, sizeof(labels[0]), by_name);
	return w->each(w->l, labels, n);
}

static int visit_series(void *owner, const struct store_series *series)
{
	struct walk *w = owner;
	const struct store_type *asked = &w->l->question->select.type;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < series->n_types; i++) {
		const struct store_type *type = &series->types[i];

		if (!asked->name.len || (view_equal(asked->type, type->type) &&
						view_equal(asked->unit, type->unit)))
			rc = visit_type(w, series, type);
	}
	return rc;
}

static int walk(struct listing *l,
	int (*each)(struct listing *l, const struct store_label *labels, size_t n))
{
	struct walk w = { l, each };

	return store_find_series(l->store, &l->question->select, visit_series, &w, l->err);
}

/* ---- names ----------------------------------------------------------------------------------- */

static int on_name(void *owner, struct view name)
{
	return add(owner, name);
}

static int on_names_of(struct listing *l, const struct store_label *labels, size_t n)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = add(l, labels[i].name);
	return rc;
}

static int ask_names(struct listing *l)
{
	struct store_label in_type[PYROSCOPE_TYPE_LABELS];
	size_t before = l->found->count;
	int rc;

	if (l->question->n_type_matchers)
		return walk(l, on_names_of);
	rc = store_find_names(l->store, &l->question->select, on_name, l, l->err);
	if (rc < 0 || (l->found->count == before && before <= 1))
		return rc;
	pyroscope_question_type_labels(&(struct store_type){ 0 }, VIEW(""), in_type);
	return on_names_of(l, in_type, PYROSCOPE_TYPE_LABELS);
}

int pyroscope_lists_find_names(struct store *store, struct view tenant,
	const struct pyroscope_request *request, struct strings *ret, struct err *err)
{
	struct listing l = { store, tenant, request, NULL, ret, err };

	*ret = (struct strings){ 0 };
	return ask_each(&l, ask_names);
}

/* ---- values ---------------------------------------------------------------------------------- */

static int on_value_of(struct listing *l, const struct store_label *labels, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (view_equal(labels[i].name, l->request->name))
			return add(l, labels[i].value);
	return 0;
}

static int on_type_value(void *owner, const struct store_type *type)
{
	struct store_label labels[PYROSCOPE_TYPE_LABELS];
	struct listing *l = owner;
	BUF_AUTO id = { 0 };

	if (!pyroscope_question_meets(l->question, type))
		return 0;
	pyroscope_question_type_id(type, &id);
	pyroscope_question_type_labels(type, buf_view(&id), labels);
	return on_value_of(l, labels, PYROSCOPE_TYPE_LABELS);
}

static int ask_values(struct listing *l)
{
	struct store_select select = l->question->select;

	if (pyroscope_question_in_type(l->request->name))
		return store_find_types(l->store, &select, on_type_value, l, l->err);
	if (l->question->n_type_matchers)
		return walk(l, on_value_of);
	select.label = l->request->name;
	return store_find_values(l->store, &select, on_name, l, l->err);
}

int pyroscope_lists_find_values(struct store *store, struct view tenant,
	const struct pyroscope_request *request, struct strings *ret, struct err *err)
{
	struct pyroscope_request asked = *request;
	struct listing l = { store, tenant, &asked, NULL, ret, err };

	*ret = (struct strings){ 0 };
	if (!asked.name.len)
		return err_set(err, ERR_USAGE, "name is missing: the values of which label?");
	if (view_equal(asked.name, VIEW("__service_name__")))
		asked.name = VIEW("service_name");
	return ask_each(&l, ask_values);
}

/* ---- the methods ----------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
	return view_compare(*(const struct view *)a, *(const struct view *)b);
}

int pyroscope_lists_sort(const struct strings *texts, struct view **ret, struct err *err)
{
	*ret = calloc(texts->count + 1, sizeof(**ret));
	if (!*ret)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (uint32_t i = 1; i < texts->count; i++)
		(*ret)[i - 1] = strings_at(texts, i);
	if (texts->count > 1)
		qsort(*ret, texts->count - 1, sizeof(**ret), by_text);
	return 0;
}

static int answer_texts(const struct connect_call *call, void *store, struct buf *reply,
	int (*find)(struct store *store, struct view tenant,
		const struct pyroscope_request *request, struct strings *ret, struct err *err),
	struct err *err)
{
	bool are_values = find == pyroscope_lists_find_values;
	struct pyroscope_request request;
	struct strings texts = { 0 };
	struct view *sorted = NULL;
	int rc = pyroscope_request_read(
		are_values ? &pyroscope_messages_values_request : &pyroscope_messages_names_request,
		call->request, &request, err);

	if (rc == 0)
		rc = find(store, view_of(call->http->tenant), &request, &texts, err);
	if (rc == 0)
		rc = pyroscope_lists_sort(&texts, &sorted, err);
	for (size_t i = 0; rc == 0 && i + 1 < texts.count; i++)
		proto_put_text(reply, NAMES_REPLY_NAMES, sorted[i]);
	free(sorted);
	strings_fini(&texts);
	return rc;
}

static int names(void *store, const struct connect_call *call, struct buf *reply, struct err *err)
{
	return answer_texts(call, store, reply, pyroscope_lists_find_names, err);
}

static int values(void *store, const struct connect_call *call, struct buf *reply, struct err *err)
{
	return answer_texts(call, store, reply, pyroscope_lists_find_values, err);
}

static void put_type(struct view id, struct buf *reply)
{
	size_t begun = proto_begin(reply, TYPES_REPLY_TYPES);
	struct store_type type = { 0 };

	selector_type(id, &type, NULL);
	proto_put_text(reply, PROFILE_TYPE_ID, id);
	proto_put_text(reply, PROFILE_TYPE_NAME, type.name);
	proto_put_text(reply, PROFILE_TYPE_SAMPLE_TYPE, type.type);
	proto_put_text(reply, PROFILE_TYPE_SAMPLE_UNIT, type.unit);
	proto_put_text(reply, PROFILE_TYPE_PERIOD_TYPE, type.period_type);
	proto_put_text(reply, PROFILE_TYPE_PERIOD_UNIT, type.period_unit);
	proto_end(reply, begun);
}

static int types(void *store, const struct connect_call *call, struct buf *reply, struct err *err)
{
	struct pyroscope_request request;
	struct strings texts = { 0 };
	struct view *sorted = NULL;
	int rc = pyroscope_request_read(
		&pyroscope_messages_types_request, call->request, &request, err);

	request.name = VIEW("__profile_type__");
	if (rc == 0)
		rc = pyroscope_lists_find_values(
			store, view_of(call->http->tenant), &request, &texts, err);
	if (rc == 0)
		rc = pyroscope_lists_sort(&texts, &sorted, err);
	for (size_t i = 0; rc == 0 && i + 1 < texts.count; i++)
		put_type(sorted[i], reply);
	free(sorted);
	strings_fini(&texts);
	return rc;
}

static bool is_wanted(const struct pyroscope_texts *names, struct view name)
{
	for (size_t i = 0; i < names->n; i++)
		if (view_equal(names->at[i], name))
			return true;
	return names->n == 0;
}

/* A set is known by its bytes: the same labels are the same set. */
static int on_set(struct listing *l, const struct store_label *labels, size_t n)
{
	BUF_AUTO set = { 0 };

	for (size_t i = 0; i < n; i++) {
		size_t begun;

		if (!labels[i].value.len || !is_wanted(&l->request->label_names, labels[i].name))
			continue;
		begun = proto_begin(&set, LABELS_LABELS);
		proto_put_text(&set, LABEL_PAIR_NAME, labels[i].name);
		proto_put_text(&set, LABEL_PAIR_VALUE, labels[i].value);
		proto_end(&set, begun);
	}
	return set.failed ? err_set(l->err, ERR_NOMEM, "out of memory") : add(l, buf_view(&set));
}

static int ask_series(struct listing *l)
{
	return walk(l, on_set);
}

static int series(void *store, const struct connect_call *call, struct buf *reply, struct err *err)
{
	struct pyroscope_request request;
	struct strings sets = { 0 };
	struct listing l = { store, view_of(call->http->tenant), &request, NULL, &sets, err };
	int rc = pyroscope_request_read(
		&pyroscope_messages_series_request, call->request, &request, err);

	if (rc == 0)
		rc = ask_each(&l, ask_series);
	for (uint32_t i = 1; rc == 0 && i < sets.count; i++)
		proto_put_bytes(reply, SERIES_REPLY_SETS, strings_at(&sets, i));
	strings_fini(&sets);
	return rc;
}

const struct connect_method pyroscope_lists_types = { &pyroscope_messages_types_request,
	&pyroscope_messages_types_reply, types };
const struct connect_method pyroscope_lists_names = { &pyroscope_messages_names_request,
	&pyroscope_messages_names_reply, names };
const struct connect_method pyroscope_lists_values = { &pyroscope_messages_values_request,
	&pyroscope_messages_names_reply, values };
const struct connect_method pyroscope_lists_series = { &pyroscope_messages_series_request,
	&pyroscope_messages_series_reply, series };
