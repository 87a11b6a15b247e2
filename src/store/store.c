/* store: what every store can do, whichever it is. */
#include "store/store.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/vec.h"
#include "model/strings.h"
#include "store/store_impl.h"

void store_close(struct store *store)
{
	if (store)
		store->ops->close(store);
}

void store_set_names(struct store *store, struct latenames *names)
{
	store->names = names;
}

struct latenames *store_names(const struct store *store)
{
	return store->names;
}

/* ---- in ---- */

static int check_text(struct view text, const char *what, struct err *err)
{
	if (text.len <= STORE_TEXT_MAX)
		return 0;
	return err_set(err, ERR_LIMIT, "%s has %zu bytes; the limit is %d", what, text.len,
		STORE_TEXT_MAX);
}

static int check_labels(struct store_labels labels, struct err *err)
{
	int rc = 0;

	if (labels.n > STORE_LABELS_MAX)
		return err_set(err, ERR_LIMIT, "a series has %zu labels; the limit is %d", labels.n,
			STORE_LABELS_MAX);
	for (size_t i = 0; rc == 0 && i < labels.n; i++) {
		if (labels.at[i].value.len == 0 || labels.at[i].name.len == 0 ||
			(i > 0 && view_compare(labels.at[i - 1].name, labels.at[i].name) >= 0))
			return err_set(err, ERR_USAGE,
				"the labels of a series are not sorted, or one is empty");
		rc = check_text(labels.at[i].name, "the name of a label", err);
		if (rc == 0)
			rc = check_text(labels.at[i].value, "the value of a label", err);
	}
	return rc;
}

static int check_entry(const struct store_entry *entry, struct err *err)
{
	const struct profile *profile = entry->profile;
	int rc = check_labels(entry->labels, err);

	if (rc == 0)
		rc = check_text(entry->tenant, "the tenant's name", err);
	if (rc == 0)
		rc = check_text(entry->name, "the name of the profile", err);
	if (rc < 0)
		return rc;
	if (profile->n_types == 0)
		return err_set(err, ERR_USAGE, "the profile has no sample type");
	if (profile->time_ns <= 0 || profile->time_ns > STORE_TIME_MAX ||
		profile->duration_ns < 0 || profile->duration_ns > STORE_TIME_MAX)
		return err_set(err, ERR_USAGE,
			"the profile has no time that can be kept: it begins at %" PRId64
			" ns and lasts %" PRId64 " ns",
			profile->time_ns, profile->duration_ns);
	return 0;
}

int store_append(struct store *store, const struct store_entry *entries, size_t n,
	const struct store_receipt *receipt, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		int rc = check_entry(&entries[i], err);

		if (rc < 0)
			return rc;
	}
	return store->ops->append(store, entries, n, receipt, err);
}

/* ---- what is selected ---- */

struct view store_label_of(struct store_labels labels, struct view name)
{
	for (size_t i = 0; i < labels.n; i++)
		if (view_equal(labels.at[i].name, name))
			return labels.at[i].value;
	return VIEW("");
}

static bool is_any(const struct store_type *type)
{
	return type->name.len == 0 && type->type.len == 0 && type->unit.len == 0 &&
	       type->period_type.len == 0 && type->period_unit.len == 0;
}

static bool same_type(const struct store_type *a, const struct store_type *b)
{
	return view_equal(a->name, b->name) && view_equal(a->type, b->type) &&
	       view_equal(a->unit, b->unit) && view_equal(a->period_type, b->period_type) &&
	       view_equal(a->period_unit, b->period_unit);
}

int store_type_of(const struct store_series *series, const struct store_type *type)
{
	if (is_any(type))
		return 0;
	for (size_t i = 0; i < series->n_types; i++)
		if (same_type(&series->types[i], type))
			return (int)i;
	return -1;
}

bool store_selects(const struct store_select *select, const struct store_series *series)
{
	if (store_type_of(series, &select->type) < 0)
		return false;
	for (size_t i = 0; i < select->n_matchers; i++) {
		const struct matcher *matcher = &select->matchers[i];

		if (!matcher_holds(matcher, store_label_of(series->labels, matcher->name)))
			return false;
	}
	return true;
}

int store_check_matchers(const struct store_select *select, struct err *err)
{
	for (size_t i = 0; i < select->n_matchers; i++) {
		int rc = matcher_check(&select->matchers[i], err);

		if (rc < 0)
			return rc;
	}
	return 0;
}

/* ---- out ---- */

int store_scan(struct store *store, const struct store_scan *scan, struct err *err)
{
	if (is_any(&scan->select->type))
		return err_set(err, ERR_USAGE, "samples are asked for without a type");
	if (scan->step_ns < 0)
		return err_set(err, ERR_USAGE, "a step of %" PRId64 " ns is none", scan->step_ns);
	if (scan->select->from_ns >= scan->select->to_ns)
		return 0;
	return store->ops->scan(store, scan, err);
}

int store_find_series(struct store *store, const struct store_select *select,
	int (*each)(void *owner, const struct store_series *series), void *owner, struct err *err)
{
	if (select->from_ns >= select->to_ns)
		return 0;
	return store->ops->find_series(store, select, each, owner, err);
}

/* Texts found, each once. */
struct found {
	struct strings texts;
	struct view wanted; /* the name of the label */
};

static int no_memory(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

static int by_text(const void *a, const void *b)
{
	return view_compare(*(const struct view *)a, *(const struct view *)b);
}

/* The texts in order; not "", which is number 0. */
static int give(struct found *found, int (*each)(void *owner, struct view text), void *owner)
{
	int rc = 0;

	if (found->texts.count > 1)
		qsort(found->texts.at + 1, found->texts.count - 1, sizeof(*found->texts.at),
			by_text);
	for (size_t i = 1; rc == 0 && i < found->texts.count; i++)
		rc = each(owner, found->texts.at[i]);
	return rc;
}

static int add_names(void *owner, const struct store_series *series)
{
	struct found *found = owner;

	for (size_t i = 0; i < series->labels.n; i++)
		if (strings_add(&found->texts, series->labels.at[i].name) == STRINGS_NONE)
			return ERR_NOMEM;
	return 0;
}

static int add_value(void *owner, const struct store_series *series)
{
	struct found *found = owner;
	struct view value = store_label_of(series->labels, found->wanted);

	return strings_add(&found->texts, value) == STRINGS_NONE ? ERR_NOMEM : 0;
}

int store_find_names(struct store *store, const struct store_select *select,
	int (*each)(void *owner, struct view name), void *owner, struct err *err)
{
	struct found found = { 0 };
	int rc = store_find_series(store, select, add_names, &found, err);

	if (rc == ERR_NOMEM)
		no_memory(err);
	if (rc == 0)
		rc = give(&found, each, owner);
	strings_fini(&found.texts);
	return rc;
}

int store_find_values(struct store *store, const struct store_select *select,
	int (*each)(void *owner, struct view value), void *owner, struct err *err)
{
	struct found found = { .wanted = select->label };
	int rc = store_find_series(store, select, add_value, &found, err);

	if (rc == ERR_NOMEM)
		no_memory(err);
	if (rc == 0)
		rc = give(&found, each, owner);
	strings_fini(&found.texts);
	return rc;
}

/* Types found, each once, their texts copied. */
struct types {
	const struct store_type *wanted;
	struct strings texts;
	struct store_type *at; /* owned */
	size_t n, cap;
};

static bool keep(struct types *types, struct view *text)
{
	uint32_t id = strings_add(&types->texts, *text);

	if (id == STRINGS_NONE)
		return false;
	*text = strings_at(&types->texts, id);
	return true;
}

static bool add_type(struct types *types, struct store_type type)
{
	struct store_type *added;

	for (size_t i = 0; i < types->n; i++)
		if (same_type(&types->at[i], &type))
			return true;
	if (!keep(types, &type.name) || !keep(types, &type.type) || !keep(types, &type.unit) ||
		!keep(types, &type.period_type) || !keep(types, &type.period_unit))
		return false;
	added = VEC_ADD(types->at, types->n, types->cap);
	if (added)
		*added = type;
	return added;
}

static int add_types(void *owner, const struct store_series *series)
{
	struct types *types = owner;

	for (size_t i = 0; i < series->n_types; i++)
		if (is_any(types->wanted) || same_type(types->wanted, &series->types[i]))
			if (!add_type(types, series->types[i]))
				return ERR_NOMEM;
	return 0;
}

static int by_type(const void *a_, const void *b_)
{
	const struct store_type *a = a_, *b = b_;
	const struct view left[] = { a->name, a->type, a->unit, a->period_type, a->period_unit };
	const struct view right[] = { b->name, b->type, b->unit, b->period_type, b->period_unit };
	int order = 0;

	for (size_t i = 0; order == 0 && i < 5; i++)
		order = view_compare(left[i], right[i]);
	return order;
}

int store_find_types(struct store *store, const struct store_select *select,
	int (*each)(void *owner, const struct store_type *type), void *owner, struct err *err)
{
	struct types types = { .wanted = &select->type };
	int rc = store_find_series(store, select, add_types, &types, err);

	if (rc == ERR_NOMEM)
		no_memory(err);
	if (rc == 0 && types.n > 0)
		qsort(types.at, types.n, sizeof(*types.at), by_type);
	for (size_t i = 0; rc == 0 && i < types.n; i++)
		rc = each(owner, &types.at[i]);
	strings_fini(&types.texts);
	free(types.at);
	return rc;
}

void store_figures(struct store *store, struct store_figures *ret)
{
	*ret = (struct store_figures){ 0 };
	store->ops->figures(store, ret);
}
