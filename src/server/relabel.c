/* relabel: labels made from labels. */
#include "server/relabel.h"

#include <ctype.h>
#include <gnutls/crypto.h>
#include <string.h>

#include "model/pattern.h"

enum action {
	REPLACE,
	KEEP,
	DROP,
	HASHMOD,
	LABELMAP,
	LABELDROP,
	LABELKEEP,
	LOWERCASE,
	UPPERCASE,
	KEEPEQUAL,
	DROPEQUAL
};

static const char *const ACTIONS[] = { "replace", "keep", "drop", "hashmod", "labelmap",
	"labeldrop", "labelkeep", "lowercase", "uppercase", "keepequal", "dropequal", NULL };

static const struct conf_field FIELDS[] = {
	{ .kind = CONF_LINE, .offset = offsetof(struct relabel_rule, line) },
	CONF_FIELD(struct relabel_rule, source_labels, CONF_TEXTS),
	CONF_FIELD(struct relabel_rule, separator, CONF_TEXT),
	CONF_FIELD(struct relabel_rule, regex, CONF_TEXT),
	CONF_FIELD(struct relabel_rule, target_label, CONF_TEXT),
	CONF_FIELD(struct relabel_rule, replacement, CONF_TEXT),
	CONF_FIELD(struct relabel_rule, modulus, CONF_COUNT),
	CONF_FIELD(struct relabel_rule, action, CONF_CHOICE, .choices = ACTIONS),
};
static const struct relabel_rule DEFAULTS = {
	.separator = ";", .regex = "(.*)", .replacement = "$1"
};
const struct conf_struct relabel_rule_conf = { sizeof(struct relabel_rule), FIELDS,
	sizeof(FIELDS) / sizeof(FIELDS[0]), &DEFAULTS };

/* Where the name is, or would be. */
static size_t place_of(const struct relabel_set *set, struct view name, bool *ret_is)
{
	size_t i = 0;

	while (i < set->n && view_compare(set->at[i].name, name) < 0)
		i++;
	*ret_is = i < set->n && view_equal(set->at[i].name, name);
	return i;
}

struct view relabel_get(const struct relabel_set *set, struct view name)
{
	bool is;
	size_t i = place_of(set, name, &is);

	return is ? set->at[i].value : VIEW("");
}

static void take_away(struct relabel_set *set, size_t i)
{
	set->n--;
	memmove(&set->at[i], &set->at[i + 1], (set->n - i) * sizeof(set->at[0]));
}

static struct view copy(struct relabel_set *set, struct view text)
{
	const char *at = arena_copy(set->arena, text);

	set->failed = set->failed || !at;
	return (struct view){ at, at ? text.len : 0 };
}

void relabel_put(struct relabel_set *set, struct view name, struct view value)
{
	bool is;
	size_t i = place_of(set, name, &is);

	if (value.len == 0) {
		if (is)
			take_away(set, i);
		return;
	}
	if (!is && set->n == RELABEL_LABELS_MAX) {
		set->failed = true;
		return;
	}
	if (!is) {
		memmove(&set->at[i + 1], &set->at[i], (set->n - i) * sizeof(set->at[0]));
		set->at[i].name = copy(set, name);
		set->n++;
	}
	set->at[i].value = copy(set, value);
}

static int needs(const struct relabel_rule *rule, bool has, const char *what, struct err *err)
{
	return has ? 0
		   : err_set(err, ERR_USAGE, "line %u: a rule to %s needs %s", rule->line,
			     ACTIONS[rule->action], what);
}

static int check(const struct relabel_rule *rule, struct err *err)
{
	switch (rule->action) {
	case HASHMOD:
		if (needs(rule, rule->modulus, "modulus", err))
			return ERR_USAGE;
		return needs(rule, rule->target_label, "target_label", err);
	case REPLACE:
	case LOWERCASE:
	case UPPERCASE:
	case KEEPEQUAL:
	case DROPEQUAL:
		return needs(rule, rule->target_label, "target_label", err);
	default:
		return 0;
	}
}

int relabel_prepare(struct relabel_rule *rules, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		int code = check(&rules[i], err);

		if (code == 0) {
			code = pattern_new_whole(rules[i].regex, &rules[i].compiled, err);
			if (code)
				err_where(err, "line %u", rules[i].line);
		}
		if (code)
			return code;
	}
	return 0;
}

void relabel_release(struct relabel_rule *rules, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		pattern_free(rules[i].compiled);
		rules[i].compiled = NULL;
	}
}

static void join_sources(
	const struct relabel_rule *rule, const struct relabel_set *set, struct buf *out)
{
	for (size_t i = 0; i < rule->source_labels.n; i++) {
		if (i)
			buf_add_text(out, rule->separator);
		buf_add_view(out, relabel_get(set, view_of(rule->source_labels.at[i])));
	}
}

static void replace(const struct relabel_rule *rule, struct relabel_set *set, struct view joined)
{
	BUF_AUTO name = { 0 }, value = { 0 };

	if (!pattern_expand(rule->compiled, joined, rule->target_label, &name) || name.len == 0)
		return;
	pattern_expand(rule->compiled, joined, rule->replacement, &value);
	relabel_put(set, buf_view(&name), buf_view(&value));
	set->failed = set->failed || name.failed || value.failed;
}

static void hashmod(const struct relabel_rule *rule, struct relabel_set *set, struct view joined)
{
	BUF_AUTO value = { 0 };
	uint8_t hash[16];
	uint64_t last = 0;

	if (gnutls_hash_fast(GNUTLS_DIG_MD5, joined.at, joined.len, hash) < 0) {
		set->failed = true;
		return;
	}
	for (size_t i = 8; i < sizeof(hash); i++)
		last = last << 8 | hash[i];
	buf_add_u64(&value, last % rule->modulus);
	relabel_put(set, view_of(rule->target_label), buf_view(&value));
}

static void change_case(
	const struct relabel_rule *rule, struct relabel_set *set, struct view joined)
{
	int (*change)(int) = rule->action == UPPERCASE ? toupper : tolower;
	BUF_AUTO value = { 0 };

	for (size_t i = 0; i < joined.len; i++)
		buf_add_char(&value, (char)change((unsigned char)joined.at[i]));
	relabel_put(set, view_of(rule->target_label), buf_view(&value));
}

/* Copies labels whose names match to the names that the replacement makes. */
static void map_names(const struct relabel_rule *rule, struct relabel_set *set)
{
	struct relabel_set before = *set;
	BUF_AUTO name = { 0 };

	for (size_t i = 0; i < before.n; i++) {
		buf_clear(&name);
		if (pattern_expand(rule->compiled, before.at[i].name, rule->replacement, &name))
			relabel_put(set, buf_view(&name), before.at[i].value);
	}
}

static void drop_names(const struct relabel_rule *rule, struct relabel_set *set, bool matching)
{
	for (size_t i = set->n; i-- > 0;)
		if (pattern_matches(rule->compiled, set->at[i].name) == matching)
			take_away(set, i);
}

static bool apply(const struct relabel_rule *rule, struct relabel_set *set, struct view joined)
{
	switch (rule->action) {
	case KEEP:
		return pattern_matches(rule->compiled, joined);
	case DROP:
		return !pattern_matches(rule->compiled, joined);
	case KEEPEQUAL:
		return view_equal(joined, relabel_get(set, view_of(rule->target_label)));
	case DROPEQUAL:
		return !view_equal(joined, relabel_get(set, view_of(rule->target_label)));
	case HASHMOD:
		hashmod(rule, set, joined);
		return true;
	case LABELMAP:
		map_names(rule, set);
		return true;
	case LABELDROP:
	case LABELKEEP:
		drop_names(rule, set, rule->action == LABELDROP);
		return true;
	case LOWERCASE:
	case UPPERCASE:
		change_case(rule, set, joined);
		return true;
	default:
		replace(rule, set, joined);
		return true;
	}
}

bool relabel(const struct relabel_rule *rules, size_t n, struct relabel_set *set)
{
	BUF_AUTO joined = { 0 };

	for (size_t i = 0; i < n; i++) {
		buf_clear(&joined);
		join_sources(&rules[i], set, &joined);
		if (!apply(&rules[i], set, buf_view(&joined)))
			return false;
	}
	set->failed = set->failed || joined.failed;
	return true;
}
