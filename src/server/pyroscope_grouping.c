/* pyroscope_grouping: series told apart by the labels that a request groups by. */
#include "server/pyroscope_grouping.h"

#include "server/pyroscope_messages.h"
#include "server/pyroscope_question.h"
#include "wire/proto.h"

_Static_assert(LABELS_LABELS == (int)SERIES_LABELS && LABELS_LABELS == (int)HEATMAP_LABELS,
	"a set of labels is written as it is kept");

static void put_label(struct buf *set, struct view name, struct view value)
{
	size_t begun = proto_begin(set, LABELS_LABELS);

	proto_put_text(set, LABEL_PAIR_NAME, name);
	proto_put_text(set, LABEL_PAIR_VALUE, value);
	proto_end(set, begun);
}

static struct view find(const struct store_label *labels, size_t n, struct view name)
{
	for (size_t i = 0; i < n; i++)
		if (view_equal(labels[i].name, name))
			return labels[i].value;
	return VIEW("");
}

static void put_set(const struct pyroscope_grouping *grouping, const struct store_series *series,
	struct buf *set)
{
	struct store_label in_type[PYROSCOPE_TYPE_LABELS];
	BUF_AUTO id = { 0 };

	pyroscope_question_type_id(grouping->type, &id);
	pyroscope_question_type_labels(grouping->type, buf_view(&id), in_type);
	for (size_t i = 0; i < grouping->names->n; i++) {
		struct view name = grouping->names->at[i];
		struct view value = find(series->labels.at, series->labels.n, name);

		if (!value.len)
			value = find(in_type, PYROSCOPE_TYPE_LABELS, name);
		if (value.len)
			put_label(set, name, value);
	}
	set->failed |= id.failed;
}

uint32_t pyroscope_grouping_of(
	struct pyroscope_grouping *grouping, const struct store_series *series)
{
	BUF_AUTO set = { 0 };

	put_set(grouping, series, &set);
	return set.failed ? STRINGS_NONE : strings_add(&grouping->sets, buf_view(&set));
}

struct view pyroscope_grouping_labels(const struct pyroscope_grouping *grouping, uint32_t group)
{
	return strings_at(&grouping->sets, group);
}

struct view pyroscope_grouping_value(struct view labels, struct view name)
{
	struct proto in = proto_of(labels), pair;
	struct proto_field f, part;

	while (proto_next(&in, &f)) {
		struct view texts[LABEL_PAIR_VALUE + 1] = { 0 };

		pair = proto_of(f.bytes);
		while (proto_next(&pair, &part))
			if (part.id <= LABEL_PAIR_VALUE)
				texts[part.id] = part.bytes;
		if (view_equal(texts[LABEL_PAIR_NAME], name))
			return texts[LABEL_PAIR_VALUE];
	}
	return VIEW("");
}

void pyroscope_grouping_fini(struct pyroscope_grouping *grouping)
{
	strings_fini(&grouping->sets);
}
