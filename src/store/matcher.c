/* matcher: one condition on a label, as PromQL has them: = != =~ !~. */
#include "store/matcher.h"

#include <stdlib.h>
#include <string.h>

static bool is_expression(const struct matcher *matcher)
{
	return matcher->op == MATCHER_LIKE || matcher->op == MATCHER_NOT_LIKE;
}

/* Compiled alone first: "a)(b" is no expression, whatever stands around it. */
static int compile(struct matcher *matcher, struct err *err)
{
	static const char head[] = "^(?:", tail[] = ")$";
	size_t len = matcher->value.len, room = len + sizeof(head) + sizeof(tail);
	struct pattern *alone;
	int rc;

	if (len > 0 && memchr(matcher->value.at, '\0', len))
		return err_set(err, ERR_USAGE, "the expression has a NUL byte in it");
	matcher->text = malloc(room);
	if (!matcher->text)
		return err_set(err, ERR_NOMEM, "out of memory");
	memcpy(matcher->text, matcher->value.at ? matcher->value.at : "", len);
	matcher->text[len] = '\0';
	rc = pattern_new(matcher->text, &alone, err);
	pattern_free(alone);
	if (rc < 0)
		return rc;
	memmove(matcher->text + sizeof(head) - 1, matcher->text, len);
	memcpy(matcher->text, head, sizeof(head) - 1);
	memcpy(matcher->text + sizeof(head) - 1 + len, tail, sizeof(tail));
	return pattern_new(matcher->text, &matcher->pattern, err);
}

int matcher_init(struct matcher *matcher, struct err *err)
{
	int rc;

	matcher->pattern = NULL;
	matcher->text = NULL;
	rc = is_expression(matcher) ? compile(matcher, err) : 0;
	if (rc < 0)
		err_where(err, "label %.*s",
			(int)(matcher->name.len > 128 ? 128 : matcher->name.len),
			matcher->name.at ? matcher->name.at : "");
	return rc;
}

void matcher_fini(struct matcher *matcher)
{
	pattern_free(matcher->pattern);
	free(matcher->text);
	matcher->pattern = NULL;
	matcher->text = NULL;
}

bool matcher_holds(const struct matcher *matcher, struct view value)
{
	switch (matcher->op) {
	case MATCHER_IS:
		return view_equal(matcher->value, value);
	case MATCHER_IS_NOT:
		return !view_equal(matcher->value, value);
	case MATCHER_LIKE:
		return pattern_matches(matcher->pattern, value);
	case MATCHER_NOT_LIKE:
		return !pattern_matches(matcher->pattern, value);
	}
	return false;
}

int matcher_check(const struct matcher *matcher, struct err *err)
{
	return pattern_check(matcher->pattern, err);
}
