/* appname: "shop.cpu{region=eu,pod=a-1}", how Pyroscope's clients name what they send. */
#include "ingest/appname.h"

#define SHOWN 60

static int wrong(struct refusal *refusal, struct view text, const char *what)
{
	int shown = text.len < SHOWN ? (int)text.len : SHOWN;

	return refusal_set(refusal, 400, "the name '%.*s' %s; it is APP or APP{LABEL=VALUE,…}",
		shown, text.at, what);
}

static bool is_kept(struct view name)
{
	return !view_starts(name, VIEW("__")) || view_equal(name, VIEW("__session_id__"));
}

static int add_labels(
	struct view whole, struct view inside, struct labelset *labels, struct refusal *refusal)
{
	while (inside.len) {
		bool more, has_value;
		struct view pair = view_take(&inside, ',', &more);
		struct view name = view_trim(view_take(&pair, '=', &has_value));

		if (!name.len && !has_value)
			continue; /* a comma too many */
		if (!name.len || !has_value)
			return wrong(refusal, whole, "has a label without a name or a value");
		if (is_kept(name) && !labelset_set(labels, name, view_trim(pair)))
			return refusal_set(
				refusal, 422, "more than %d labels (limits.labels)", LABELSET_MAX);
	}
	return 0;
}

int appname_parse(
	struct view text, struct labelset *labels, struct view *ret_name, struct refusal *refusal)
{
	struct view inside = view_trim(text);
	const char *end;
	bool has_labels;

	*ret_name = view_trim(view_take(&inside, '{', &has_labels));
	if (!ret_name->len)
		return wrong(refusal, text, "begins with no name");
	if (!has_labels)
		return 0;
	end = memchr(inside.at, '}', inside.len);
	if (!end)
		return wrong(refusal, text, "has no closing brace");
	if (view_trim(view_between(end + 1, view_end(inside))).len)
		return wrong(refusal, text, "goes on behind its closing brace");
	return add_labels(text, view_between(inside.at, end), labels, refusal);
}
