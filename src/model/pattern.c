/* pattern: a regular expression that a user typed, looked for in strangers' names. */
#include "model/pattern.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* What a match changes, so that the pattern itself stays const for those who ask. */
struct attempt {
	pcre2_match_data *data; /* owned */
	bool gave_up;
};

struct pattern {
	const char *text; /* as typed */
	pcre2_code *code;
	pcre2_match_context *limits;
	struct attempt *attempt;
};

#define HOW_ALWAYS \
	(PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY)
#define HOW_SEARCH (HOW_ALWAYS | PCRE2_NO_AUTO_CAPTURE)
#define HOW_WHOLE (HOW_ALWAYS | PCRE2_ANCHORED | PCRE2_ENDANCHORED)

static int compile(struct pattern *pattern, uint32_t how, struct err *err)
{
	size_t len = strlen(pattern->text), at;
	PCRE2_UCHAR why[128];
	int code;

	if (len > PATTERN_BYTES_MAX)
		return err_set(err, ERR_USAGE, "the expression has %zu bytes; the limit is %d", len,
			PATTERN_BYTES_MAX);
	pattern->code = pcre2_compile((PCRE2_SPTR)pattern->text, len, how, &code, &at, NULL);
	if (pattern->code)
		return 0;
	pcre2_get_error_message(code, why, sizeof(why));
	return err_set(err, ERR_USAGE, "'%s' is no regular expression: %s, at byte %zu",
		pattern->text, (const char *)why, at + 1);
}

static int prepare(struct pattern *pattern, struct err *err)
{
	pattern->limits = pcre2_match_context_create(NULL);
	pattern->attempt = calloc(1, sizeof(*pattern->attempt));
	if (pattern->attempt)
		pattern->attempt->data = pcre2_match_data_create_from_pattern(pattern->code, NULL);
	if (!pattern->limits || !pattern->attempt || !pattern->attempt->data)
		return err_set(err, ERR_NOMEM, "out of memory");
	pcre2_set_match_limit(pattern->limits, PATTERN_STEPS_MAX);
	pcre2_set_heap_limit(pattern->limits, PATTERN_HEAP_KB_MAX);
	return 0;
}

static int new_as(const char *text, uint32_t how, struct pattern **ret, struct err *err)
{
	struct pattern *pattern = calloc(1, sizeof(*pattern));
	int rc;

	*ret = NULL;
	if (!pattern)
		return err_set(err, ERR_NOMEM, "out of memory");
	pattern->text = text;
	rc = compile(pattern, how, err);
	if (rc == 0)
		rc = prepare(pattern, err);
	if (rc < 0)
		pattern_free(pattern);
	else
		*ret = pattern;
	return rc;
}

int pattern_new(const char *text, struct pattern **ret, struct err *err)
{
	return new_as(text, HOW_SEARCH, ret, err);
}

int pattern_new_whole(const char *text, struct pattern **ret, struct err *err)
{
	return new_as(text, HOW_WHOLE, ret, err);
}

void pattern_free(struct pattern *pattern)
{
	if (!pattern)
		return;
	pcre2_code_free(pattern->code);
	pcre2_match_context_free(pattern->limits);
	if (pattern->attempt)
		pcre2_match_data_free(pattern->attempt->data);
	free(pattern->attempt);
	free(pattern);
}

bool pattern_matches(const void *state, struct view text)
{
	const struct pattern *pattern = state;
	struct attempt *attempt = pattern->attempt;
	int rc;

	if (attempt->gave_up)
		return false;
	rc = pcre2_match(pattern->code, (PCRE2_SPTR)(text.at ? text.at : ""), text.len, 0, 0,
		attempt->data, pattern->limits);
	attempt->gave_up = rc < 0 && rc != PCRE2_ERROR_NOMATCH;
	return rc >= 0;
}

bool pattern_expand(
	const struct pattern *pattern, struct view text, const char *replacement, struct buf *out)
{
	const uint32_t how = PCRE2_SUBSTITUTE_MATCHED | PCRE2_SUBSTITUTE_REPLACEMENT_ONLY |
			     PCRE2_SUBSTITUTE_UNKNOWN_UNSET | PCRE2_SUBSTITUTE_UNSET_EMPTY |
			     PCRE2_SUBSTITUTE_OVERFLOW_LENGTH;
	PCRE2_SIZE room = 256;

	if (!pattern_matches(pattern, text))
		return false;
	for (;;) {
		char *at = buf_reserve(out, room);
		int rc;

		if (!at)
			return true; /* the buffer knows that it failed */
		rc = pcre2_substitute(pattern->code, (PCRE2_SPTR)(text.at ? text.at : ""), text.len,
			0, how, pattern->attempt->data, pattern->limits, (PCRE2_SPTR)replacement,
			PCRE2_ZERO_TERMINATED, (PCRE2_UCHAR *)at, &room);
		if (rc >= 0)
			out->len += room;
		if (rc != PCRE2_ERROR_NOMEMORY)
			return rc >= 0;
	}
}

int pattern_check(const struct pattern *pattern, struct err *err)
{
	if (!pattern || !pattern->attempt->gave_up)
		return 0;
	return err_set(err, ERR_LIMIT,
		"'%s' needs more than %d steps on a name of this profile: write it with fewer "
		"repetitions inside repetitions",
		pattern->text, PATTERN_STEPS_MAX);
}
