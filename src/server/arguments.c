/* arguments: a request's arguments as what they are: numbers, times, labels. */
#include "server/arguments.h"

#include <string.h>

#include "wire/conf_value.h"

int arguments_number(const struct router_call *call, const char *name, uint64_t max, uint64_t *ret,
	struct err *err)
{
	const char *text = httpd_argument(call->http, name);
	uint64_t number;

	if (!text)
		return 0;
	if (!view_to_u64(view_of(text), &number) || number > max)
		return err_set(err, ERR_USAGE, "%s is a number of at most %llu, not '%.40s'", name,
			(unsigned long long)max, text);
	*ret = number;
	return 0;
}

int arguments_duration(
	const struct router_call *call, const char *name, int64_t *ret_ns, struct err *err)
{
	const char *text = httpd_argument(call->http, name);
	int64_t ns;

	if (!text)
		return 0;
	if (!conf_duration(view_of(text), &ns) || ns <= 0)
		return err_set(err, ERR_USAGE, "%s='%.40s' is no time like 15s or 5m", name, text);
	*ret_ns = ns;
	return 0;
}

static bool add_text(void *owner, const char *text)
{
	struct arguments_texts *texts = owner;

	if (text[0] && texts->n < texts->max)
		texts->into[texts->n] = view_of(text);
	texts->n += text[0] != '\0';
	return texts->n <= texts->max;
}

int arguments_texts(const struct router_call *call, const char *name, struct arguments_texts *texts,
	struct err *err)
{
	texts->n = 0;
	httpd_arguments(call->http, name, add_text, texts);
	if (texts->n > texts->max)
		return err_set(err, ERR_USAGE, "%s may come %zu times at most", name, texts->max);
	return 0;
}

int arguments_group(const struct router_call *call, struct arguments_group *ret, struct err *err)
{
	struct arguments_texts texts = { ret->labels, GROUPS_LABELS_MAX, 0 };
	int rc = arguments_texts(call, "group", &texts, err);

	ret->n = texts.n;
	return rc;
}

bool arguments_flag(const struct router_call *call, const char *name)
{
	const char *text = httpd_argument(call->http, name);

	return text && strcmp(text, "0") != 0 && strcmp(text, "false") != 0;
}
