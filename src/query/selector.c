/* selector: which profiles somebody asks for, in PromQL's words. */
#include "query/selector.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"

#define SHOWN(text) ((text).len < 80 ? (int)(text).len : 80), (text).at

static const struct {
	const char *name, *id;
} SHORT_NAMES[] = {
	{ "cpu", "process_cpu:cpu:nanoseconds:cpu:nanoseconds" },
	{ "process_cpu", "process_cpu:cpu:nanoseconds:cpu:nanoseconds" },
	{ "samples", "process_cpu:samples:count:cpu:nanoseconds" },
	{ "wall", "wall:wall:nanoseconds:wall:nanoseconds" },
	{ "alloc_space", "memory:alloc_space:bytes:space:bytes" },
	{ "alloc_objects", "memory:alloc_objects:count:space:bytes" },
	{ "inuse_space", "memory:inuse_space:bytes:space:bytes" },
	{ "inuse_objects", "memory:inuse_objects:count:space:bytes" },
	{ "allocs", "memory:alloc_space:bytes:space:bytes" },
	{ "heap", "memory:inuse_space:bytes:space:bytes" },
	{ "memory", "memory:inuse_space:bytes:space:bytes" },
	{ "goroutines", "goroutine:goroutine:count:goroutine:count" },
	{ "goroutine", "goroutine:goroutine:count:goroutine:count" },
	{ "threads", "goroutine:goroutine:count:goroutine:count" },
	{ "contentions", "mutex:contentions:count:contentions:count" },
	{ "lock", "mutex:delay:nanoseconds:contentions:count" },
	{ "block", "block:delay:nanoseconds:contentions:count" },
	{ "mutex", "mutex:delay:nanoseconds:contentions:count" },
	{ "capture", "capture:samples:count:samples:count" },
};

struct scanner {
	struct view text;
	size_t at;
	struct selector *into;
	struct err *err;
};

static int wrong(const struct scanner *s, const char *what)
{
	return err_set(s->err, ERR_USAGE, "selector '%.*s': %s, at byte %zu", SHOWN(s->text), what,
		s->at + 1);
}

static char peek(const struct scanner *s)
{
	return s->at < s->text.len ? s->text.at[s->at] : '\0';
}

static void skip_space(struct scanner *s)
{
	while (isspace((unsigned char)peek(s)))
		s->at++;
}

static bool take(struct scanner *s, const char *word)
{
	size_t len = strlen(word);

	skip_space(s);
	if (s->text.len - s->at < len || memcmp(s->text.at + s->at, word, len) != 0)
		return false;
	s->at += len;
	return true;
}

static bool split_type(struct view id, struct store_type *ret)
{
	struct view *parts[] = { &ret->name, &ret->type, &ret->unit, &ret->period_type,
		&ret->period_unit };
	bool more = true;
	size_t n = 0;

	while (more && n < 5)
		*parts[n++] = view_take(&id, ':', &more);
	return n == 5 && ret->name.len && ret->type.len;
}

int selector_type(struct view text, struct store_type *ret, struct err *err)
{
	BUF_AUTO known = { 0 };

	for (size_t i = 0; i < sizeof(SHORT_NAMES) / sizeof(SHORT_NAMES[0]); i++)
		if (view_equal(text, view_of(SHORT_NAMES[i].name)))
			text = view_of(SHORT_NAMES[i].id);
	if (split_type(text, ret))
		return 0;
	for (size_t i = 0; i < sizeof(SHORT_NAMES) / sizeof(SHORT_NAMES[0]); i++)
		buf_add_format(&known, "%s, ", SHORT_NAMES[i].name);
	buf_add_char(&known, '\0');
	return err_set(err, ERR_USAGE,
		"'%.*s' is no type of profiles: %sor name:type:unit:period_type:period_unit, as "
		"/api/v1/types lists them",
		SHOWN(text), known.failed ? "" : known.at);
}

/* A word of letters, digits, _ and, in a type, colons. */
static struct view take_word(struct scanner *s, bool with_colons)
{
	struct view word;

	skip_space(s);
	word = (struct view){ s->text.at + s->at, 0 };
	while (isalnum((unsigned char)peek(s)) || peek(s) == '_' || peek(s) == '.' ||
		(with_colons && peek(s) == ':'))
		s->at++, word.len++;
	return word;
}

static char escaped(char c)
{
	return c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
}

static int take_string(struct scanner *s, struct view *ret)
{
	char quote = peek(s), *into = arena_alloc(&s->into->arena, s->text.len + 1);
	size_t len = 0;

	if (!into)
		return err_set(s->err, ERR_NOMEM, "out of memory");
	s->at++;
	while (s->at < s->text.len && peek(s) != quote) {
		if (peek(s) == '\\' && quote != '`') {
			s->at++;
			if (s->at == s->text.len)
				break;
			into[len++] = escaped(peek(s));
		} else {
			into[len++] = peek(s);
		}
		s->at++;
	}
	if (s->at == s->text.len)
		return wrong(s, "a string without its closing quote");
	s->at++;
	*ret = (struct view){ into, len };
	return 0;
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

static int take_name(struct scanner *s, struct view *ret)
{
	skip_space(s);
	if (is_quote(peek(s)))
		return take_string(s, ret);
	*ret = take_word(s, false);
	return ret->len ? 0 : wrong(s, "a label's name is missing");
}

static int take_operator(struct scanner *s, enum matcher_op *ret)
{
	static const struct {
		const char *text;
		enum matcher_op op;
	} OPERATORS[] = { { "=~", MATCHER_LIKE }, { "!~", MATCHER_NOT_LIKE },
		{ "!=", MATCHER_IS_NOT }, { "=", MATCHER_IS } };

	for (size_t i = 0; i < 4; i++)
		if (take(s, OPERATORS[i].text)) {
			*ret = OPERATORS[i].op;
			return 0;
		}
	return wrong(s, "= != =~ or !~ is missing");
}

/* What is said of the type among the labels is no label. */
static int take_type_label(struct scanner *s, const struct matcher *matcher)
{
	return selector_type(matcher->value, &s->into->type, s->err);
}

static int take_matcher(struct scanner *s)
{
	struct selector *into = s->into;
	struct matcher matcher = { 0 };
	int rc = take_name(s, &matcher.name);

	if (rc == 0)
		rc = take_operator(s, &matcher.op);
	skip_space(s);
	if (rc == 0 && !is_quote(peek(s)))
		rc = wrong(s, "the value has to be in quotes");
	if (rc == 0)
		rc = take_string(s, &matcher.value);
	if (rc < 0)
		return rc;
	if (view_equal(matcher.name, VIEW("__profile_type__")) && matcher.op == MATCHER_IS)
		return take_type_label(s, &matcher);
	if (into->n_matchers == SELECTOR_MATCHERS_MAX)
		return wrong(s, "more conditions than there may be");
	rc = matcher_init(&matcher, s->err);
	into->matchers[into->n_matchers++] = matcher; /* also a half one has something to free */
	return rc;
}

static int take_matchers(struct scanner *s)
{
	int rc = 0;

	while (rc == 0 && !take(s, "}")) {
		rc = take_matcher(s);
		if (rc < 0 || take(s, ","))
			continue;
		if (!take(s, "}"))
			return wrong(s, "a comma or } is missing");
		break;
	}
	return rc;
}

static int scan(struct scanner *s)
{
	struct view type = take_word(s, true);
	int rc = type.len ? selector_type(type, &s->into->type, s->err) : 0;

	if (rc == 0 && take(s, "{"))
		rc = take_matchers(s);
	skip_space(s);
	if (rc == 0 && s->at < s->text.len)
		return wrong(s, "nothing may follow here");
	return rc;
}

int selector_parse(struct selector *selector, struct view text, struct err *err)
{
	struct scanner s = { .into = selector, .err = err };
	char *copy;

	*selector = (struct selector){ 0 };
	arena_init(&selector->arena, 64 * SELECTOR_BYTES_MAX);
	if (text.len > SELECTOR_BYTES_MAX)
		return err_set(
			err, ERR_USAGE, "a selector has %zu bytes at most", SELECTOR_BYTES_MAX);
	copy = arena_copy(&selector->arena, text);
	if (!copy)
		return err_set(err, ERR_NOMEM, "out of memory");
	s.text = (struct view){ copy, text.len };
	return scan(&s);
}

void selector_fini(struct selector *selector)
{
	for (size_t i = 0; i < selector->n_matchers; i++)
		matcher_fini(&selector->matchers[i]);
	arena_fini(&selector->arena);
	selector->n_matchers = 0;
}
