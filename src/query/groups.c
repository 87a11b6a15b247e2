/* groups: what series are told apart by: their values of a few labels. */
#include "query/groups.h"

#include <string.h>

#include "base/buf.h"

int groups_init(struct groups *groups, const struct view *labels, size_t n_labels, struct err *err)
{
	*groups = (struct groups){ .last = GROUPS_NONE };
	if (n_labels > GROUPS_LABELS_MAX)
		return err_set(
			err, ERR_USAGE, "groups are made by at most %u labels", GROUPS_LABELS_MAX);
	for (size_t i = 0; i < n_labels; i++)
		groups->labels[i] = labels[i];
	groups->n_labels = n_labels;
	return 0;
}

void groups_fini(struct groups *groups)
{
	strings_fini(&groups->keys);
	*groups = (struct groups){ 0 };
}

struct view groups_label(const struct store_series *series, struct view name)
{
	for (size_t i = 0; i < series->labels.n; i++)
		if (view_equal(series->labels.at[i].name, name))
			return series->labels.at[i].value;
	return VIEW("");
}

static uint32_t add_key(struct groups *groups, const struct store_series *series)
{
	BUF_AUTO key = { 0 };
	uint32_t id;

	for (size_t i = 0; i < groups->n_labels; i++) {
		struct view value = groups_label(series, groups->labels[i]);
		uint32_t len = (uint32_t)value.len;

		buf_add(&key, &len, sizeof(len));
		buf_add_view(&key, value);
	}
	if (key.failed)
		return GROUPS_NONE;
	id = strings_add(&groups->keys, buf_view(&key));
	/* Number 0 of the texts is the empty one: only without labels is that a key. */
	return id == STRINGS_NONE ? GROUPS_NONE : id - (groups->n_labels > 0);
}

uint32_t groups_of(struct groups *groups, const struct store_series *series, bool *ret_new)
{
	*ret_new = false;
	if (groups->last != GROUPS_NONE && groups->series == series->id)
		return groups->last;
	groups->last = add_key(groups, series);
	groups->series = series->id;
	if (groups->last != GROUPS_NONE && groups->last == groups->n) {
		groups->n++;
		*ret_new = true;
	}
	return groups->last;
}

struct view groups_value(const struct groups *groups, uint32_t group, size_t label)
{
	struct view key = strings_at(&groups->keys, group + 1), value = { 0 };

	for (size_t i = 0; i <= label && key.len >= sizeof(uint32_t); i++) {
		uint32_t len;

		memcpy(&len, key.at, sizeof(len));
		value = (struct view){ key.at + sizeof(len), len };
		key = view_between(value.at + len, view_end(key));
	}
	return value;
}
