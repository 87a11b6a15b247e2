/* pyroscope_appquery: a query as Pyroscope's older clients write it. */
#include "server/pyroscope_appquery.h"

#include "ingest/profilekind.h"
#include "query/selector.h"

static const struct profilekind *kind_of(struct view name, struct view *ret_service)
{
	const char *dot = name.len ? memrchr(name.at, '.', name.len) : NULL;

	if (!dot || dot == name.at)
		return NULL;
	*ret_service = view_between(name.at, dot);
	return profilekind_of_suffix(view_between(dot + 1, view_end(name)));
}

static int compose(struct pyroscope_appquery *query, const struct profilekind *kind,
	struct view service, struct view matchers, struct err *err)
{
	size_t id;

	buf_init(&query->text, 2 * SELECTOR_BYTES_MAX);
	buf_add_format(&query->text, "%s:%s:%s:%s:%s", kind->name, kind->type, kind->unit,
		kind->period_type, kind->period_unit);
	id = query->text.len;
	buf_add_text(&query->text, "{service_name=`");
	buf_add_view(&query->text, service);
	buf_add_text(&query->text, "`,");
	if (matchers.len)
		buf_add(&query->text, matchers.at + 1, matchers.len - 1);
	else
		buf_add_char(&query->text, '}');
	if (query->text.failed)
		return err_set(err, ERR_USAGE, "the query is longer than a selector may be");
	query->type = (struct view){ query->text.at, id };
	query->selector = (struct view){ query->text.at + id, query->text.len - id };
	return 0;
}

int pyroscope_appquery_read(struct pyroscope_appquery *query, struct view text, struct err *err)
{
	const char *brace = text.len ? memchr(text.at, '{', text.len) : NULL;
	struct view name = brace ? view_between(text.at, brace) : text, service;
	struct view matchers = view_between(name.at + name.len, view_end(text));
	const struct profilekind *kind;
	struct store_type type;

	*query = (struct pyroscope_appquery){ .selector = text };
	name = view_trim(name);
	if (!name.len || selector_type(name, &type, NULL) == 0)
		return 0;
	kind = kind_of(name, &service);
	if (!kind)
		return 0; /* the selector says what is wrong with it */
	if (memchr(service.at, '`', service.len))
		return err_set(err, ERR_USAGE, "an application's name has no ` in it");
	return compose(query, kind, service, matchers, err);
}

void pyroscope_appquery_fini(struct pyroscope_appquery *query)
{
	buf_fini(&query->text);
}
